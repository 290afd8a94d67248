use axum::http::StatusCode;
use pregon_domain::Address;
use pregon_domain::content::Content;
use pregon_domain::message::Message;
use pregon_domain::render;
use pregon_model::Activity;
use pregon_model::card::{self, LARGEST_BYTES, SAFE_BYTES, Severity};
use serde::Deserialize;

use super::lint;
use crate::api::Problem;

/// Most entries of `to`; more people are a team, `everyone` or several messages.
const TO_MOST: usize = 10_000;

/// One address or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum To {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// The audience as it is stored: each entry in its canonical form, none twice.
pub(super) fn audience(to: To) -> Result<Vec<String>, Problem> {
    let (entries, many) = match to {
        To::One(entry) => (vec![entry], false),
        To::Many(entries) => (entries, true),
    };
    if entries.is_empty() {
        return Err(Problem::field("missing_field", "/to", "to is empty: the message is for nobody."));
    }
    if entries.len() > TO_MOST {
        let detail = format!("to has {} entries; {TO_MOST} are possible.", entries.len());
        return Err(Problem::field("too_many_recipients", "/to", detail)
            .remedy("Write to a team, to everyone, or send several messages."));
    }
    let mut seen = std::collections::HashSet::new();
    let mut audience = Vec::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        let address: Address = entry.parse().map_err(|error| {
            let field = if many { format!("/to/{index}") } else { "/to".to_owned() };
            Problem::field("invalid_address", field, format!("{error}."))
        })?;
        let text = address.to_string();
        if seen.insert(text.clone()) {
            audience.push(text);
        }
    }
    Ok(audience)
}

/// Checks a message as a whole before it is accepted.
pub(super) fn message(message: &Message, allow_large: bool) -> Result<(), Problem> {
    let Some(content) = &message.content else { return Ok(()) };
    if matches!(content, Content::Notification(_)) && message.topic.is_none() && !message.mandatory {
        let detail = "A notification needs a topic, so that people can opt out of it.";
        return Err(Problem::field("missing_field", "/topic", detail).remedy("Name a topic, or say mandatory: true."));
    }
    lint::lint(content)?;
    let sample = render::sample(message).map_err(|error| {
        Problem::field("invalid_content", &error.at, format!("It cannot be rendered: {}.", error.why))
            .remedy("Correct the template, or give the data it names.")
    })?;
    let Some(activity) = sample else { return Ok(()) };
    size_fits(card::size(&activity), allow_large)?;
    if let Content::Card(_) = content { is_shown(&activity) } else { Ok(()) }
}

/// Refuses a card that Teams' clients would show as an error; what they leave out is the caller's choice.
fn is_shown(activity: &Activity) -> Result<(), Problem> {
    let findings = card::check_message(activity);
    let Some(worst) = findings.into_iter().find(|it| it.severity == Severity::Rejected) else { return Ok(()) };
    let field = worst.at.strip_prefix("/attachments/0/content").unwrap_or_default();
    Err(Problem::field("invalid_content", format!("/card{field}"), worst.message))
}

fn size_fits(size: usize, allow_large: bool) -> Result<(), Problem> {
    let limit = if allow_large { LARGEST_BYTES } else { SAFE_BYTES };
    if size <= limit {
        return Ok(());
    }
    let detail = format!("The message has {size} bytes as Teams counts (UTF-16); the limit is {limit}.");
    let remedy = if size > LARGEST_BYTES {
        "Shorten it, or link to the long part."
    } else {
        "Shorten it, or say allow_large: true; older clients and clouds then may not show it."
    };
    Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "message_too_large", detail).remedy(remedy))
}
