//! The bot's cards. Hero cards have no types of their own: their JSON is short enough to write down.

use pregon_bot::model::card::{AdaptiveCard, Mention, Text};
use pregon_bot::model::{Attachment, Extra, TeamsChannelAccount};
use serde_json::{Value, json};

/// What the bot can do, as buttons.
pub(crate) fn welcome() -> Attachment {
    hero(json!({"title": "Welcome!", "buttons": buttons(0)}))
}

/// The same card after its button "Update card" was pressed so often.
pub(crate) fn updated(count: u64) -> Attachment {
    hero(json!({"title": "I've been updated", "text": format!("Update count - {count}"), "buttons": buttons(count)}))
}

/// A card that only says something.
pub(crate) fn note(text: &str) -> Attachment {
    hero(json!({"text": text}))
}

/// Somebody mentioned in a card by the two ids Teams takes there.
pub(crate) fn mention(person: &TeamsChannelAccount) -> AdaptiveCard {
    let name = person.name.as_deref().unwrap_or("you");
    let mut text = Text::new("Hello ");
    if let Some(upn) = &person.user_principal_name {
        text = text.mention(Mention::user_principal_name(upn, format!("{name} by sign-in name"))).and(", hello ");
    }
    if let Some(id) = &person.aad_object_id {
        text = text.mention(Mention::object(id, format!("{name} by object id")));
    }
    AdaptiveCard::new().text(text).fallback_text(format!("Hello {name}"))
}

/// A `messageBack` makes the person say its text; the bot also gets the value and the card's id. Teams
/// shows six buttons at most.
fn buttons(count: u64) -> Value {
    let button = |title: &str, text: &str| json!({"type": "messageBack", "title": title, "text": text});
    let mut update = button("Update card", "update");
    update["value"] = json!({"count": count});
    json!([
        button("Message all members", "message all"),
        button("Who am I?", "who am i"),
        button("Find me in a card", "mention me"),
        button("Delete card", "delete"),
        update,
    ])
}

fn hero(content: Value) -> Attachment {
    let content_type = "application/vnd.microsoft.card.hero".to_owned();
    Attachment { content_type, content: Some(content), extra: Extra::new() }
}
