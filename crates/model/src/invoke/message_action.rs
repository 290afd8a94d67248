use serde_json::Value;

use super::{member, some_text, text};

/// Feedback on a message of the bot, or another action on it; `replyToId` names the message.
///
/// Source: Microsoft Learn, "Enhance AI-generated bot messages", section on feedback buttons.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct MessageActionInvoke<'a> {
    /// `feedback`, so far.
    pub action_name: &'a str,
    /// What was given.
    pub action_value: &'a Value,
    /// All that was sent.
    pub value: &'a Value,
}

impl<'a> MessageActionInvoke<'a> {
    pub(super) fn read(value: &'a Value) -> Self {
        Self { action_name: text(value, "actionName"), action_value: member(value, "actionValue"), value }
    }

    /// `like` or `dislike`.
    pub fn reaction(&self) -> Option<&'a str> {
        some_text(self.action_value, "reaction")
    }

    /// What the person wrote. Teams sends it as JSON inside text: `"{\"feedbackText\":\"…\"}"`.
    pub fn feedback_text(&self) -> Option<String> {
        let feedback = self.action_value.get("feedback")?;
        let inner = feedback.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let text = some_text(inner.as_ref().unwrap_or(feedback), "feedbackText").or(feedback.as_str())?;
        Some(text.to_owned())
    }
}
