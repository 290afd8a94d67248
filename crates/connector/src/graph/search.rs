/// Words to look for in a list of directory objects (`$search`). Text is quoted here.
///
/// `displayName` and `description` are searched by words in any order, without regard to case; other
/// properties by how they begin.
///
/// ```
/// use pregon_connector::graph::Search;
///
/// let search = Search::new("displayName", "Ada \"L\"").or(Search::new("mail", "ada"));
/// assert_eq!(search.as_str(), r#"("displayName:Ada \"L\"" OR "mail:ada")"#);
/// ```
///
/// Source: Microsoft Learn, "Use the $search query parameter".
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a search does nothing until it is given to a list"]
pub struct Search(String);

impl Search {
    /// Looks for this text in a property.
    pub fn new(property: &'static str, text: &str) -> Self {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        Self(format!("\"{property}:{escaped}\""))
    }

    /// Both must be found.
    #[expect(clippy::needless_pass_by_value, reason = "searches are joined as filters are")]
    pub fn and(self, other: Self) -> Self {
        Self(format!("{} AND {}", self.0, other.0))
    }

    /// At least one must be found.
    #[expect(clippy::needless_pass_by_value, reason = "searches are joined as filters are")]
    pub fn or(self, other: Self) -> Self {
        Self(format!("({} OR {})", self.0, other.0))
    }

    /// The search as it goes on the wire, before it is percent-encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_ends_its_quotes_early(text in r#"["\\ a-zA-Z:']{0,20}"#) {
            let search = Search::new("displayName", &text);
            let inside = search.as_str().strip_prefix("\"displayName:").unwrap().strip_suffix('"').unwrap();
            let (mut read, mut rest) = (String::new(), inside.chars());
            while let Some(c) = rest.next() {
                prop_assert_ne!(c, '"', "an unescaped quote in {:?}", inside);
                read.push(if c == '\\' { rest.next().expect("an escape has its character") } else { c });
            }
            prop_assert_eq!(read, text);
        }
    }
}
