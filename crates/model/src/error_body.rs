use serde::Deserialize;
use serde_json::Value;

/// What the body of a failed Connector or Graph call says, whichever of its shapes it has.
///
/// Shapes: `{"error":{"code","message"}}`; the legacy `{"errorCode":209,"message":"<JSON text>"}`,
/// whose message is JSON inside JSON; a bare `{"message"}`; empty or HTML, which says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorBody {
    /// The code to decide on; compare without regard to case.
    pub code: Option<String>,
    /// For logs; its wording changes, so never decide on it.
    pub message: Option<String>,
}

#[derive(Deserialize)]
struct Raw {
    error: Option<RawError>,
    message: Option<Value>,
}

#[derive(Deserialize)]
struct RawError {
    code: Option<String>,
    message: Option<String>,
    #[serde(alias = "innererror", rename = "innerError")]
    inner: Option<Box<RawError>>,
}

impl ErrorBody {
    /// Reads a body; what is not understood yields an empty answer, never an error.
    pub fn parse(body: &[u8]) -> Self {
        let Ok(raw) = serde_json::from_slice::<Raw>(body) else { return Self::default() };
        if let Some(error) = raw.error {
            return Self { code: error.code, message: error.message };
        }
        let Some(Value::String(message)) = raw.message else { return Self::default() };
        match serde_json::from_str::<Value>(&message) {
            Ok(inner) => Self {
                code: inner.get("subCode").and_then(Value::as_str).map(str::to_owned),
                message: inner.get("details").and_then(Value::as_str).map(str::to_owned),
            },
            Err(_) => Self { code: None, message: Some(message) },
        }
    }

    /// The innermost code of a Graph error (`innerError.code`), where the precise cause hides.
    pub fn inner_code(body: &[u8]) -> Option<String> {
        let mut error = serde_json::from_slice::<Raw>(body).ok()?.error?;
        while let Some(inner) = error.inner {
            error = RawError { code: inner.code.or(error.code), message: None, inner: inner.inner };
        }
        error.code
    }

    /// Whether the code is `code`, without regard to case.
    pub fn is(&self, code: &str) -> bool {
        self.code.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_give_their_code() {
        let standard = br#"{"error":{"code":"ConversationBlockedByUser","message":"User blocked."}}"#;
        assert!(ErrorBody::parse(standard).is("conversationblockedbyuser"));
        let legacy = br#"{"errorCode":209,"message":"{\r\n \"subCode\": \"MessageWritesBlocked\",\r\n \"details\": \"Blocked.\"}"}"#;
        assert!(ErrorBody::parse(legacy).is("MessageWritesBlocked"));
    }

    #[test]
    fn what_is_no_error_body_says_nothing() {
        for body in [&b""[..], b"<html>Bad Gateway</html>", b"[1]", br#"{"message":7}"#, b"\xff\xfe"] {
            assert_eq!(ErrorBody::parse(body), ErrorBody::default());
        }
    }

    #[test]
    fn the_precise_cause_of_a_graph_conflict_is_the_innermost_code() {
        let body = br#"{"error":{"code":"Conflict","message":"x","innerError":{"code":"AppEntitlementAlreadyExists","innerError":{}}}}"#;
        assert_eq!(ErrorBody::inner_code(body).as_deref(), Some("AppEntitlementAlreadyExists"));
    }
}
