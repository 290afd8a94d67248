use pregon_domain::content::{Content, Format, Notification, OwnCard, Scheduled, Text};
use serde_json::Value;

use crate::api::Problem;
use crate::api::fields::Fields;

/// The members that say what a message says.
pub(super) const MEMBERS: [&str; 6] = ["text", "format", "card", "summary", "notification", "scheduled"];

/// Reads what a message says: exactly one of `text`, `card`, `notification` and `scheduled`.
pub(super) fn read(fields: &mut Fields) -> Result<Content, Problem> {
    let text: Option<String> = fields.take("text")?;
    let format: Option<Format> = fields.take("format")?;
    let card: Option<Value> = fields.take("card")?;
    let summary: Option<String> = fields.take("summary")?;
    let notification: Option<Notification> = fields.take("notification")?;
    let scheduled: Option<Scheduled> = fields.take("scheduled")?;
    if format.is_some() && text.is_none() {
        return Err(Problem::field("invalid_content", "/format", "format belongs to text, and there is none."));
    }
    if summary.is_some() && card.is_none() {
        return Err(Problem::field("invalid_content", "/summary", "summary belongs to card, and there is none."));
    }
    match (text, card, notification, scheduled) {
        (Some(text), None, None, None) => self::text(text, format.unwrap_or_default()),
        (None, Some(card), None, None) => self::card(card, summary),
        (None, None, Some(notification), None) => Ok(Content::Notification(notification)),
        (None, None, None, Some(scheduled)) => Ok(Content::Scheduled(scheduled)),
        (None, None, None, None) => Err(Problem::field(
            "missing_field",
            "/text",
            "The message says nothing: one of text, card, notification and scheduled is needed.",
        )),
        _ => Err(Problem::field(
            "ambiguous_content",
            "/text",
            "A message has one of text, card, notification, scheduled.",
        )
        .remedy("Keep one; Teams would split text and card in two messages.")),
    }
}

fn text(text: String, format: Format) -> Result<Content, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::field("invalid_content", "/text", "text is empty."));
    }
    Ok(Content::Text(Text { text, format }))
}

fn card(card: Value, summary: Option<String>) -> Result<Content, Problem> {
    if card.get("type").and_then(Value::as_str) != Some("AdaptiveCard") {
        let detail = "card is no Adaptive Card: an object whose type is \"AdaptiveCard\".";
        return Err(Problem::field("invalid_content", "/card", detail));
    }
    Ok(Content::Card(OwnCard { card, summary }))
}
