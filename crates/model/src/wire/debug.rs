//! How objects look in logs: as the JSON they are, without what gives access to something.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

/// Members whose text lets whoever has it in: tokens, and addresses that ask for none.
const SECRETS: &[&str] = &["downloadUrl", "sasUrl", "token", "uploadUrl"];

/// What stands in their place.
const HIDDEN: &str = "(hidden)";

/// Writes `name` and the object as JSON; with `{:#?}` on several lines.
pub(crate) fn debug(name: &str, object: &impl Serialize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut json = serde_json::to_value(object).map_err(|_| fmt::Error)?;
    hide(&mut json);
    if f.alternate() { write!(f, "{name} {json:#}") } else { write!(f, "{name} {json}") }
}

fn hide(json: &mut Value) {
    match json {
        Value::Object(members) => {
            let is_sign_in = is_sign_in(members);
            for (name, member) in members {
                if SECRETS.contains(&name.as_str()) || is_sign_in && name == "value" {
                    *member = HIDDEN.into();
                } else {
                    hide(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

/// Whether it is an invoke of signing in, whose value is a token or a code.
fn is_sign_in(members: &Map<String, Value>) -> bool {
    let name = members.get("name").and_then(Value::as_str).and_then(|name| name.get(..7));
    name.is_some_and(|name| name.eq_ignore_ascii_case("signin/"))
}
