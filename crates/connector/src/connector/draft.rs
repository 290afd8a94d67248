use pregon_model::{Activity, ActivityKind, Mention};
use serde_json::Value;

/// What is wrong with a message: it would fail or be shown otherwise than meant. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadMessage {
    /// Neither text nor an attachment.
    #[error("the message has neither text nor an attachment")]
    Empty,
    /// Teams posts two messages for one of these and returns no id, so that neither can be changed
    /// later. Put the text into the card, or allow it with
    /// [`MessageRequest::allow_split`](crate::MessageRequest::allow_split).
    #[error("text and attachments in one message: Teams would split it in two and return no id")]
    TextBesideAttachment,
    /// A card that is no JSON object with `"type": "AdaptiveCard"`.
    #[error("the card is no object of type AdaptiveCard")]
    NotACard,
    /// A mention whose mark, this text, does not occur in the message's text: Teams drops it.
    #[error("the text does not contain the mention {0:?}")]
    MentionNotInText(String),
}

/// The message as a whole, when its builder is done.
pub(super) fn check(activity: &Activity, split_allowed: bool) -> Result<(), BadMessage> {
    if activity.kind != ActivityKind::Message {
        return Ok(());
    }
    let text = activity.text.as_deref().filter(|text| !text.trim().is_empty());
    match (text, activity.attachments.is_empty()) {
        (None, true) => return Err(BadMessage::Empty),
        (Some(_), false) if !split_allowed => return Err(BadMessage::TextBesideAttachment),
        _ => {}
    }
    match activity.mentions().map(Mention::mark).find(|mark| !text.is_some_and(|text| text.contains(*mark))) {
        Some(missing) => Err(BadMessage::MentionNotInText(missing.to_owned())),
        None => Ok(()),
    }
}

/// An Adaptive Card, as far as its type tells.
pub(super) fn check_card(card: &Value) -> Result<(), BadMessage> {
    let named = card.get("type").and_then(Value::as_str) == Some("AdaptiveCard");
    if named { Ok(()) } else { Err(BadMessage::NotACard) }
}

#[cfg(test)]
mod tests {
    use pregon_model::{Attachment, TextFormat};
    use serde_json::json;

    use super::*;

    fn text(text: &str) -> Activity {
        Activity::text(text, TextFormat::Plain)
    }

    fn with_card(activity: Activity) -> Activity {
        Activity { attachments: vec![Attachment::adaptive_card(json!({}))], ..activity }
    }

    #[test]
    fn a_message_is_text_or_attachments_and_both_only_when_allowed() {
        assert_eq!(check(&text("hola"), false), Ok(()));
        assert_eq!(check(&with_card(text("  ")), false), Ok(()));
        assert_eq!(check(&text(" \n"), true), Err(BadMessage::Empty));
        assert_eq!(check(&with_card(text("hola")), false), Err(BadMessage::TextBesideAttachment));
        assert_eq!(check(&with_card(text("hola")), true), Ok(()));
        assert_eq!(check(&Activity::new(ActivityKind::Typing), false), Ok(()), "only messages have content");
    }

    #[test]
    fn a_card_is_told_by_its_type() {
        assert_eq!(check_card(&json!({"type": "AdaptiveCard", "body": []})), Ok(()));
        for other in [json!({"body": []}), json!("AdaptiveCard"), json!([]), json!({"type": 7}), json!(null)] {
            assert_eq!(check_card(&other), Err(BadMessage::NotACard), "{other}");
        }
    }
}
