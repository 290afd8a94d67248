use serde_json::{Value, json};

use super::InvokeAnswer;

/// One choice that matches what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchResult {
    /// What the person sees.
    pub title: String,
    /// What the card's input gets.
    pub value: String,
}

/// The answer to `application/search`.
///
/// Source: Microsoft Learn, "Typeahead search in Adaptive Cards".
impl InvokeAnswer {
    /// The choices found, best first. None at all is an answer too.
    pub fn search_results(results: impl IntoIterator<Item = SearchResult>) -> Self {
        let results: Vec<Value> =
            results.into_iter().map(|found| json!({"title": found.title, "value": found.value})).collect();
        Self::json(json!({
            "statusCode": 200,
            "type": "application/vnd.microsoft.search.searchResponse",
            "value": {"results": results},
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_listed_in_their_order() {
        let found = ["a", "b"].map(|name| SearchResult { title: name.to_uppercase(), value: name.to_owned() });
        let body = InvokeAnswer::search_results(found).body.unwrap();
        let results = json!([{"title": "A", "value": "a"}, {"title": "B", "value": "b"}]);
        assert_eq!(body["value"]["results"], results);
        assert_eq!(InvokeAnswer::search_results([]).body.unwrap()["value"]["results"], json!([]));
    }
}
