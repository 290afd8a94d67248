use serde_json::Value;

use super::{
    filter::{Comparison, Filter},
    words::{Word, words},
};

impl Filter {
    /// Reads a `$filter`; the error says what was not understood.
    pub(in crate::graph) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { words: words(text)?, at: 0, depth: 0 };
        let filter = parser.any_of()?;
        match parser.next() {
            None => Ok(filter),
            Some(word) => Err(format!("there is {word} where it should end")),
        }
    }
}

/// Conditions within conditions, at most: nobody writes more, and the stack has an end.
const DEEPEST: usize = 32;

struct Parser {
    words: Vec<Word>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn next(&mut self) -> Option<Word> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        word
    }

    fn take(&mut self, expected: &Word) -> bool {
        let is = self.words.get(self.at) == Some(expected);
        self.at += usize::from(is);
        is
    }

    fn take_name(&mut self, expected: &str) -> bool {
        let is = matches!(self.words.get(self.at), Some(Word::Name(name)) if name.eq_ignore_ascii_case(expected));
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, expected: &Word) -> Result<(), String> {
        if self.take(expected) { Ok(()) } else { Err(format!("{expected} is missing")) }
    }

    fn name(&mut self) -> Result<String, String> {
        match self.next() {
            Some(Word::Name(name)) => Ok(name),
            Some(other) => Err(format!("there is {other} where a name should be")),
            None => Err("it ends too early".to_owned()),
        }
    }

    fn text(&mut self) -> Result<String, String> {
        match self.next() {
            Some(Word::Text(text)) => Ok(text),
            _ => Err("a text in quotes is missing".to_owned()),
        }
    }

    fn any_of(&mut self) -> Result<Filter, String> {
        self.joined("or", Filter::Or, Self::all_of)
    }

    fn all_of(&mut self) -> Result<Filter, String> {
        self.joined("and", Filter::And, Self::condition)
    }

    fn joined(
        &mut self,
        by: &str,
        join: fn(Vec<Filter>) -> Filter,
        part: fn(&mut Self) -> Result<Filter, String>,
    ) -> Result<Filter, String> {
        let mut parts = vec![part(self)?];
        while self.take_name(by) {
            parts.push(part(self)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { join(parts) })
    }

    fn condition(&mut self) -> Result<Filter, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it is nested too deeply".to_owned());
        }
        let condition = if self.take_name("not") {
            Filter::Not(Box::new(self.condition()?))
        } else if self.take(&Word::Open) {
            let inner = self.any_of()?;
            self.expect(&Word::Close)?;
            inner
        } else {
            let name = self.name()?;
            self.of_name(name)?
        };
        self.depth -= 1;
        Ok(condition)
    }

    fn of_name(&mut self, name: String) -> Result<Filter, String> {
        if self.take(&Word::Open) {
            return self.call(&name);
        }
        let operator = self.name()?;
        let comparison = match operator.as_str() {
            "in" => return self.list(name),
            "eq" => Comparison::Equal,
            "ne" => Comparison::NotEqual,
            "lt" => Comparison::Less,
            "le" => Comparison::LessOrEqual,
            "gt" => Comparison::Greater,
            "ge" => Comparison::GreaterOrEqual,
            other => return Err(format!("{other} is no operator")),
        };
        Ok(Filter::Compare(name, comparison, self.value()?))
    }

    fn call(&mut self, name: &str) -> Result<Filter, String> {
        if let Some((collection, "any" | "Any")) = name.rsplit_once('/') {
            return self.lambda(collection.to_owned());
        }
        let property = self.name()?;
        self.expect(&Word::Comma)?;
        let text = self.text()?;
        self.expect(&Word::Close)?;
        match name.to_ascii_lowercase().as_str() {
            "startswith" => Ok(Filter::StartsWith(property, text)),
            "endswith" => Ok(Filter::EndsWith(property, text)),
            _ => Err(format!("there is no function {name}")),
        }
    }

    fn lambda(&mut self, collection: String) -> Result<Filter, String> {
        if self.take(&Word::Close) {
            return Ok(Filter::Any(collection, None));
        }
        let variable = self.name()?;
        self.expect(&Word::Colon)?;
        let condition = self.any_of()?;
        self.expect(&Word::Close)?;
        Ok(Filter::Any(collection, Some((variable, Box::new(condition)))))
    }

    fn list(&mut self, property: String) -> Result<Filter, String> {
        self.expect(&Word::Open)?;
        let mut values = vec![self.value()?];
        while self.take(&Word::Comma) {
            values.push(self.value()?);
        }
        self.expect(&Word::Close)?;
        Ok(Filter::In(property, values))
    }

    fn value(&mut self) -> Result<Value, String> {
        match self.next() {
            Some(Word::Text(text)) => Ok(Value::String(text)),
            Some(Word::Name(name)) => match name.as_str() {
                "true" => Ok(true.into()),
                "false" => Ok(false.into()),
                "null" => Ok(Value::Null),
                number => number.parse::<i64>().map(Value::from).map_err(|_| format!("{number} is no value")),
            },
            _ => Err("a value is missing".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fits(filter: &str) -> bool {
        let ada = json!({"displayName": "Ada O'Shea", "accountEnabled": true, "n": 3, "mail": null, "tags": ["Team"],
                         "apps": [{"teamsApp": {"id": "x"}}], "teamsApp": {"id": "y"}});
        Filter::parse(filter).unwrap().fits(&|name| ada[name].clone())
    }

    #[test]
    fn conditions_are_read_and_hold() {
        for filter in [
            "displayName eq 'ADA o''shea'",
            "accountEnabled eq true and n eq 3",
            "n eq 1 or n eq 2 or n ge 3",
            "not (n lt 3)",
            "displayName in ('x', 'Ada O''Shea')",
            "startsWith(displayName,'ada') and endswith(displayName,'SHEA')",
            "mail eq null and displayName ne null",
            "tags/Any(x:x eq 'Team')",
            "apps/any(a:a/teamsApp/id eq 'x')",
            "teamsApp/id eq 'y'",
            "tags/any()",
            "(n eq 3 or n eq 4) and (accountEnabled ne false)",
        ] {
            assert!(fits(filter), "{filter}");
            assert!(!fits(&format!("not ({filter})")), "{filter}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused_with_a_reason() {
        let deep = "(".repeat(100);
        for wrong in
            ["", "a", "a eq", "a eq b", "a eq 'b", "a like 'b'", "(a eq 1", "f(a,'b')", "a eq 1 2", "a in ()", &deep]
        {
            assert!(!Filter::parse(wrong).unwrap_err().is_empty(), "{wrong}");
        }
    }

    #[test]
    fn only_some_conditions_are_advanced_and_alternatives_are_counted() {
        let parse = |text: &str| Filter::parse(text).unwrap();
        assert!(!parse("a eq 1 and b in ('x') or startsWith(c,'y')").is_advanced());
        for advanced in ["a ne 1", "not (a eq 1)", "endsWith(a,'b')", "a/any(x:x ne 1)"] {
            assert!(parse(advanced).is_advanced(), "{advanced}");
        }
        assert_eq!(parse("a eq 1 or a eq 2 or b in (1,2,3)").alternatives(), 5);
        assert_eq!(parse("a eq 1 and b/any(x:x eq 2 or x eq 3)").properties(), ["a", "b"]);
    }
}
