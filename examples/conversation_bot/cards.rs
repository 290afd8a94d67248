//! The bot's cards.

use pregon_bot::model::card::AdaptiveCard;
use pregon_bot::model::{Attachment, CardAction, HeroCard, Mention, TeamsChannelAccount, Text};
use serde_json::json;

/// What the bot can do, as buttons.
pub(crate) fn welcome() -> Attachment {
    hero(Some("Welcome!"), None, buttons(0))
}

/// The same card after its button "Update card" was pressed so often.
pub(crate) fn updated(count: u64) -> Attachment {
    hero(Some("I've been updated"), Some(&format!("Update count - {count}")), buttons(count))
}

/// A card that only says something.
pub(crate) fn note(text: &str) -> Attachment {
    hero(None, Some(text), Vec::new())
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
    let button = |title: &str, says: &str| CardAction {
        text: Some(says.to_owned()),
        ..CardAction::message_back(title, "", json!({"count": count}))
    };
    vec![
        button("Message all members", "message all"),
        button("Who am I?", "who am i"),
        button("Find me in a card", "mention me"),
        button("Delete card", "delete"),
        button("Update card", "update"),
    ]
}

fn hero(title: Option<&str>, text: Option<&str>, buttons: Vec<CardAction>) -> Attachment {
    let (title, text) = (title.map(str::to_owned), text.map(str::to_owned));
    Attachment::hero(&HeroCard { title, text, buttons, ..HeroCard::default() })
}
