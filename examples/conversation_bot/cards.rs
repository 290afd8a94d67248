//! The bot's cards.

use pregon_bot::model::card::{AdaptiveCard, Mention, Text};
use pregon_bot::model::{Attachment, CardAction, HeroCard, TeamsChannelAccount};
use serde_json::json;

/// What the bot can do, as buttons.
pub(crate) fn welcome() -> Attachment {
    let title = Some("Welcome!".to_owned());
    Attachment::hero(&HeroCard { title, buttons: buttons(0), ..HeroCard::default() })
}

/// The same card after its button "Update card" was pressed so often.
pub(crate) fn updated(count: u64) -> Attachment {
    let (title, text) = (Some("I've been updated".to_owned()), Some(format!("Update count - {count}")));
    Attachment::hero(&HeroCard { title, text, buttons: buttons(count), ..HeroCard::default() })
}

/// A card that only says something.
pub(crate) fn note(text: &str) -> Attachment {
    Attachment::hero(&HeroCard { text: Some(text.to_owned()), ..HeroCard::default() })
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

/// A press makes the person say the button's words, unseen in the chat; the bot also gets the count, and
/// the card's id. Teams shows six buttons at most.
fn buttons(count: u64) -> Vec<CardAction> {
    let button = |title, says| CardAction::message_back(title, says).with_value(json!({"count": count}));
    vec![
        button("Message all members", "message all"),
        button("Who am I?", "who am i"),
        button("Find me in a card", "mention me"),
        button("Delete card", "delete"),
        button("Update card", "update"),
    ]
}
