use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::api::Problem;
use crate::config::nearest;

/// The members of a request's object, taken one by one, so that each mistake names its field.
pub(crate) struct Fields {
    /// Where the object stands in the body, as a JSON pointer.
    at: String,
    members: Map<String, Value>,
}

impl Fields {
    /// Refuses members that are not among `known`: a misspelt option must not be ignored.
    pub(crate) fn new(members: Map<String, Value>, known: &[&str]) -> Result<Self, Problem> {
        Self::below(String::new(), members, known)
    }

    fn below(at: String, members: Map<String, Value>, known: &[&str]) -> Result<Self, Problem> {
        if let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) {
            let shown: String = name.chars().take(64).collect();
            let remedy = match nearest(name, known.iter().copied()) {
                Some(near) => format!("Did you mean {near}?"),
                None => format!("There are: {}.", known.join(", ")),
            };
            let field = format!("{at}{}", pointer(&shown));
            return Err(Problem::field("unknown_field", field, format!("There is no field {shown:?}.")).remedy(remedy));
        }
        Ok(Self { at, members })
    }

    /// A member's value; absent and `null` are the same.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Problem> {
        let Some(value) = self.members.remove(name).filter(|value| !value.is_null()) else { return Ok(None) };
        serde_json::from_value(value).map(Some).map_err(|error| {
            Problem::field("invalid_value", self.pointer(name), format!("{name}: {}.", explain(&error.to_string())))
        })
    }

    /// A member that is an object with these members of its own.
    pub(crate) fn object(&mut self, name: &str, known: &[&str]) -> Result<Option<Self>, Problem> {
        let members = self.take(name).map_err(|problem| problem.remedy(format!("Write {{\"{}\": …}}.", known[0])))?;
        members.map(|members| Self::below(self.pointer(name), members, known)).transpose()
    }

    /// A whole number within `range`, if it is there.
    pub(crate) fn number(&mut self, name: &str, range: RangeInclusive<u64>) -> Result<Option<u64>, Problem> {
        let remedy = match (range.start(), range.end()) {
            (least, &u64::MAX) => format!("Write a whole number, {least} or more."),
            (least, most) => format!("Write a whole number from {least} to {most}."),
        };
        match self.take::<u64>(name) {
            Ok(Some(number)) if !range.contains(&number) => {
                Err(Problem::field("invalid_value", self.pointer(name), format!("{name} is {number}.")).remedy(remedy))
            }
            Ok(number) => Ok(number),
            Err(problem) => Err(problem.remedy(remedy)),
        }
    }

    /// A member's value, which must be there.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Problem> {
        self.take(name)?.ok_or_else(|| self.missing(name))
    }

    /// 422: a member that is needed is not there.
    pub(crate) fn missing(&self, name: &str) -> Problem {
        Problem::field("missing_field", self.pointer(name), format!("{name} is missing."))
    }

    fn pointer(&self, name: &str) -> String {
        format!("{}{}", self.at, pointer(name))
    }
}

/// 422: a field that is needed is not there.
pub(crate) fn missing(name: &str) -> Problem {
    Problem::field("missing_field", pointer(name), format!("{name} is missing."))
}

/// What a caller wrote, short enough to be shown to them.
pub(crate) fn quoted(text: &str) -> String {
    format!("{:?}", text.chars().take(64).collect::<String>())
}

/// A JSON pointer to a member of the body.
pub(crate) fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Words for what the parser says in terms of this program's types.
fn explain(error: &str) -> String {
    for (told, words) in [
        ("enum Actor", "triggered_by is a name, or {\"name\": …, \"url\": …}"),
        ("enum Action", "an action is {\"title\": …, \"url\": …} or {\"title\": …, \"verb\": …, \"data\": …}"),
        ("enum To", "expected an address or a list of addresses"),
    ] {
        if error.contains(told) {
            return words.to_owned();
        }
    }
    error.to_owned()
}
