use serde_json::Value;

/// What the body of a failed Connector or Graph call says, whichever of its shapes it has.
///
/// Shapes: `{"error":{"code","message"}}`, which may wrap another service's answer in
/// `innerHttpError` or be made more precise by `innerError`; the legacy
/// `{"errorCode":209,"message":"<JSON text>"}`, whose message is JSON inside JSON; `{"error":"code"}`
/// of OAuth; a bare `{"message"}`; empty or HTML, which says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorBody {
    /// The code to decide on; compare without regard to case.
    pub code: Option<String>,
    /// A second code where there is one: the innermost of Graph and of a wrapped answer, the number
    /// of the legacy shape.
    pub sub_code: Option<String>,
    /// For logs; its wording changes, so never decide on it.
    pub message: Option<String>,
    /// HTTP status of the service behind, when its failure was passed on.
    pub inner_status: Option<u16>,
    /// What that service said: any JSON.
    pub inner_body: Option<Value>,
}

impl ErrorBody {
    /// Reads a body; what is not understood yields an empty answer, never an error.
    pub fn parse(body: &[u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Value>(body) else { return Self::default() };
        match (body.get("error"), body.get("message").and_then(Value::as_str)) {
            (Some(Value::String(code)), _) => {
                Self { code: Some(code.clone()), message: text(body.get("error_description")), ..Self::default() }
            }
            (Some(error @ Value::Object(_)), _) => Self::standard(error),
            (_, Some(message)) => match serde_json::from_str::<Value>(message) {
                Ok(inner @ Value::Object(_)) => Self::legacy(&body, &inner),
                _ => Self { message: Some(message.to_owned()), ..Self::default() },
            },
            _ => Self::default(),
        }
    }

    fn standard(error: &Value) -> Self {
        let wrapped = error.get("innerHttpError");
        let status = wrapped.and_then(|wrapped| text(wrapped.get("statusCode"))?.trim().parse().ok());
        let body = wrapped.and_then(|wrapped| wrapped.get("body")).filter(|body| !body.is_null());
        let below = body.and_then(|body| text(body.get("error")?.get("code")));
        Self {
            code: text(error.get("code")),
            sub_code: inner(error).and_then(innermost).or(below),
            message: text(error.get("message")),
            inner_status: status,
            inner_body: body.cloned(),
        }
    }

    fn legacy(outer: &Value, inner: &Value) -> Self {
        let numbers = [inner.get("errorSubCode"), inner.get("errorCode"), outer.get("errorCode")];
        Self {
            code: text(inner.get("subCode")),
            sub_code: numbers.into_iter().find_map(text),
            message: text(inner.get("details")),
            ..Self::default()
        }
    }

    /// The innermost code of a Graph error (`innerError.code`), where the precise cause hides.
    pub fn inner_code(body: &[u8]) -> Option<String> {
        innermost(serde_json::from_slice::<Value>(body).ok()?.get("error")?)
    }

    /// Whether the code is `code`, without regard to case.
    pub fn is(&self, code: &str) -> bool {
        self.code.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }
}

/// Graph writes it both ways.
fn inner(error: &Value) -> Option<&Value> {
    error.get("innerError").or_else(|| error.get("innererror"))
}

/// The code furthest inside.
fn innermost(error: &Value) -> Option<String> {
    let below = inner(error).and_then(innermost);
    below.or_else(|| text(error.get("code")))
}

/// A text, or a number as one.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
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
        let legacy = ErrorBody::parse(legacy);
        assert!(legacy.is("MessageWritesBlocked"));
        assert_eq!(legacy.sub_code.as_deref(), Some("209"));
    }

    #[test]
    fn a_second_code_and_the_status_behind_are_kept() {
        for (body, code, sub_code, inner_status) in [
            (
                r#"{"error":{"code":"ServiceError","innerHttpError":{"statusCode":502,"body":"x"}}}"#,
                "ServiceError",
                None,
                Some(502),
            ),
            (
                r#"{"error":{"code":"A","innerHttpError":{"statusCode":403,"body":{"error":{"code":"B"}}}}}"#,
                "A",
                Some("B"),
                Some(403),
            ),
            (r#"{"error":{"code":"Conflict","innererror":{"code":"Exists"}}}"#, "Conflict", Some("Exists"), None),
            (r#"{"error":{"code":404,"message":null,"innerHttpError":7}}"#, "404", None, None),
            (r#"{"error":"invalid_token","error_description":"x"}"#, "invalid_token", None, None),
            (
                r#"{"errorCode":209,"message":"{\"subCode\":\"A\",\"errorCode\":1,\"errorSubCode\":\"2\"}"}"#,
                "A",
                Some("2"),
                None,
            ),
        ] {
            let said = ErrorBody::parse(body.as_bytes());
            assert_eq!(said.inner_body.is_some(), inner_status.is_some(), "{body}");
            let got = (said.code.as_deref(), said.sub_code.as_deref(), said.inner_status);
            assert_eq!(got, (Some(code), sub_code, inner_status), "{body}");
        }
    }

    #[test]
    fn what_is_no_error_body_says_nothing() {
        for body in
            [&b""[..], b"<html>Bad Gateway</html>", b"[1]", br#"{"message":7}"#, br#"{"error":[]}"#, b"\xff\xfe"]
        {
            assert_eq!(ErrorBody::parse(body), ErrorBody::default());
        }
    }

    #[test]
    fn the_precise_cause_of_a_graph_conflict_is_the_innermost_code() {
        let body = br#"{"error":{"code":"Conflict","message":"x","innerError":{"code":"AppEntitlementAlreadyExists","innerError":{}}}}"#;
        assert_eq!(ErrorBody::inner_code(body).as_deref(), Some("AppEntitlementAlreadyExists"));
    }
}
