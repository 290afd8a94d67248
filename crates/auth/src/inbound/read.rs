use pregon_model::Activity;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::InboundError;

/// Longest quotation of what others wrote, characters: it comes to stand in answers and in log lines.
const QUOTED_LIMIT: usize = 200;

/// Reads a body as an activity: one JSON object with a `type`.
pub(super) fn activity(body: &[u8]) -> Result<Activity, InboundError> {
    let activity: Activity = object(body)?;
    if activity.kind.as_str().is_empty() { Err(InboundError::MissingType) } else { Ok(activity) }
}

/// Reads a body as `T`; what is no activity at all is told apart from what is none in detail.
pub(super) fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, InboundError> {
    serde_json::from_slice(body).map_err(|error| explain(body, &error))
}

fn explain(body: &[u8], error: &serde_json::Error) -> InboundError {
    let value: Value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => return InboundError::NotJson { line: error.line(), column: error.column() },
    };
    let Some(members) = value.as_object() else { return InboundError::NotAnObject };
    if members.get("type").and_then(Value::as_str).is_none_or(str::is_empty) {
        return InboundError::MissingType;
    }
    InboundError::NotAnActivity { why: shortened(&error.to_string()) }
}

/// The beginning of what is, or quotes, another's text.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(QUOTED_LIMIT).collect()
}
