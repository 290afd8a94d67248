use serde_json::{Value, json};

use super::InvokeAnswer;
use crate::{Attachment, OAuthCard};

/// Answers to `adaptiveCard/action`. HTTP says 200 in every case; the status inside says how it went.
///
/// Source: Microsoft Learn, "Universal Actions for Adaptive Cards", section on response formats.
impl InvokeAnswer {
    /// Puts another card in place of the one pressed, for this person. To change it for everybody,
    /// update the message.
    pub fn card(card: impl Into<Value>) -> Self {
        Self::of_card(200, Attachment::ADAPTIVE_CARD, Some(card.into()))
    }

    /// Shows a line of text for a moment.
    pub fn toast(text: impl Into<String>) -> Self {
        Self::of_card(200, "application/vnd.microsoft.activity.message", Some(Value::String(text.into())))
    }

    /// The press was not understood (400); the person sees an error.
    pub fn card_refused(code: &str, message: &str) -> Self {
        Self::of_card(400, "application/vnd.microsoft.error", Some(error(code, message)))
    }

    /// It did not work (500); the person sees an error.
    pub fn card_failed(code: &str, message: &str) -> Self {
        Self::of_card(500, "application/vnd.microsoft.error", Some(error(code, message)))
    }

    /// The person must sign in first.
    pub fn login_request(card: &OAuthCard) -> Self {
        // An object whose keys are text is always written, so there is no error to lose.
        Self::of_card(401, "application/vnd.microsoft.activity.loginRequest", serde_json::to_value(card).ok())
    }

    /// The code of a sign-in is wrong.
    pub fn incorrect_auth_code() -> Self {
        Self::of_card(401, "application/vnd.microsoft.error.incorrectAuthCode", None)
    }

    /// The token of single sign-on could not be exchanged; Teams then lets the person sign in.
    pub fn precondition_failed(code: &str, message: &str) -> Self {
        Self::of_card(412, "application/vnd.microsoft.error.preconditionFailed", Some(error(code, message)))
    }

    fn of_card(status: u16, kind: &str, value: Option<Value>) -> Self {
        let mut body = json!({"statusCode": status, "type": kind});
        if let Some(value) = value {
            body["value"] = value;
        }
        Self::json(body)
    }
}

fn error(code: &str, message: &str) -> Value {
    json!({"code": code, "message": message})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_inside_says_how_it_went_and_http_says_200() {
        let error = json!({"code": "c", "message": "m"});
        for (answer, status, kind, value) in [
            (InvokeAnswer::card(json!({"body": []})), 200, "card.adaptive", Some(json!({"body": []}))),
            (InvokeAnswer::toast("hola"), 200, "activity.message", Some(json!("hola"))),
            (InvokeAnswer::card_refused("c", "m"), 400, "error", Some(error.clone())),
            (InvokeAnswer::card_failed("c", "m"), 500, "error", Some(error.clone())),
            (InvokeAnswer::login_request(&OAuthCard::default()), 401, "activity.loginRequest", Some(json!({}))),
            (InvokeAnswer::incorrect_auth_code(), 401, "error.incorrectAuthCode", None),
            (InvokeAnswer::precondition_failed("c", "m"), 412, "error.preconditionFailed", Some(error)),
        ] {
            assert_eq!(answer.status, 200);
            let body = answer.body.unwrap();
            assert_eq!(body["statusCode"], status);
            assert_eq!(body["type"], format!("application/vnd.microsoft.{kind}"));
            assert_eq!(body.get("value").cloned(), value);
        }
    }
}
