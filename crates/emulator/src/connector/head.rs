use axum::{http::StatusCode, response::Response};
use serde::Deserialize;
use serde_json::Value;

use super::error::{bad_syntax, error, missing};
use crate::app::App;

/// What has to be known of an activity to accept it; the rest is kept as it came.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    attachments: Option<Vec<serde::de::IgnoredAny>>,
    #[serde(default)]
    attachment_layout: Option<String>,
    #[serde(default)]
    pub(super) reply_to_id: Option<String>,
    #[serde(default)]
    pub(super) recipient: Option<Recipient>,
}

#[derive(Deserialize)]
/// Whom an activity names as its recipient.
pub(super) struct Recipient {
    #[serde(default)]
    pub(super) id: Option<String>,
}

/// What Teams makes of an activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// One message, whose id the bot learns.
    Message,
    /// Several messages, and no id.
    Split,
    /// Nothing that stays.
    Typing,
}

impl Head {
    /// Reads an activity; the error is the answer.
    pub(super) fn read(app: &App, body: &[u8]) -> Result<Self, Response> {
        serde_json::from_slice(body).map_err(|error| bad_syntax(app, &format!("The activity is malformed: {error}.")))
    }

    /// Checks the first activity of a conversation: it must become exactly one message.
    pub(super) fn check_message(app: &App, activity: &Value) -> Result<(), Response> {
        match Self::read(app, activity.to_string().as_bytes())?.outcome(app)? {
            Outcome::Message => Ok(()),
            Outcome::Split => Err(bad_syntax(app, "Activity resulted into multiple skype activities")),
            Outcome::Typing => Err(bad_syntax(app, "A conversation begins with a message.")),
        }
    }

    fn attachments(&self) -> usize {
        self.attachments.as_ref().map_or(0, Vec::len)
    }

    fn has_text(&self) -> bool {
        self.text.as_deref().is_some_and(|text| !text.is_empty())
    }

    /// What Teams makes of it; the error is the answer.
    pub(super) fn outcome(&self, app: &App) -> Result<Outcome, Response> {
        match self.kind.as_deref() {
            None => Err(missing(app, "type")),
            Some("typing") => Ok(Outcome::Typing),
            Some("message") => {
                let carousel = self.attachment_layout.as_deref() == Some("carousel");
                match (self.has_text(), self.attachments()) {
                    (false, 0) => Err(bad_syntax(app, "The message has neither text nor attachments.")),
                    (true, 1..) => Ok(Outcome::Split),
                    (false, 2..) if !carousel => Ok(Outcome::Split),
                    _ => Ok(Outcome::Message),
                }
            }
            Some(other) => Err(bad_syntax(app, &format!("Teams takes no activity of type '{other}' from a bot."))),
        }
    }
}

/// Refuses a body over the limit, which is measured in UTF-16.
pub(super) fn check_size(app: &App, body: &[u8]) -> Result<(), Response> {
    // No text is longer in UTF-16 units than in UTF-8 bytes, so most bodies need no counting.
    if body.len() * 2 <= app.message_bytes_max {
        return Ok(());
    }
    let text = String::from_utf8_lossy(body);
    if text.encode_utf16().count() * 2 <= app.message_bytes_max {
        return Ok(());
    }
    Err(error(app, StatusCode::PAYLOAD_TOO_LARGE, "MessageSizeTooBig", "Message size too large."))
}
