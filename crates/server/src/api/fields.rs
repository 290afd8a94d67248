use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::api::Problem;
use crate::config::nearest;

/// The members of a request's object, taken one by one, so that each mistake names its field.
pub(crate) struct Fields {
    members: Map<String, Value>,
}

impl Fields {
    /// Refuses members that are not among `known`: a misspelt option must not be ignored.
    pub(crate) fn new(members: Map<String, Value>, known: &[&str]) -> Result<Self, Problem> {
        if let Some(name) = members.keys().find(|name| !known.contains(&name.as_str())) {
            let shown: String = name.chars().take(64).collect();
            let remedy = match nearest(name, known.iter().copied()) {
                Some(near) => format!("Did you mean {near}?"),
                None => format!("There are: {}.", known.join(", ")),
            };
            let problem = Problem::field("unknown_field", pointer(&shown), format!("There is no field {shown:?}."));
            return Err(problem.remedy(remedy));
        }
        Ok(Self { members })
    }

    /// A member's value; absent and `null` are the same.
    pub(crate) fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Problem> {
        let Some(value) = self.members.remove(name).filter(|value| !value.is_null()) else { return Ok(None) };
        serde_json::from_value(value).map(Some).map_err(|error| {
            Problem::field("invalid_value", pointer(name), format!("{name}: {}.", explain(&error.to_string())))
        })
    }

    /// A member's value, which must be there.
    pub(crate) fn need<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Problem> {
        self.take(name)?.ok_or_else(|| missing(name))
    }
}

/// 422: a field that is needed is not there.
pub(crate) fn missing(name: &str) -> Problem {
    Problem::field("missing_field", pointer(name), format!("{name} is missing."))
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
