//! What holds for a card as a whole.

use serde_json::Value;

use super::report::Report;
use super::walk::{NOT_A_CARD, Place, Walk, is_card};
use super::{Rule, Severity};
use crate::Extra;
use crate::card::{AdaptiveCard, Version};

/// The newest version Teams takes from a bot. Source: Microsoft Learn, "Types of cards", *Support for
/// Adaptive Cards*.
const NEWEST: Version = Version::V1_5;
/// The newest version most clients know.
const WIDESPREAD: Version = Version::V1_4;

/// Checks the card at the report's place.
pub(super) fn card(report: &mut Report, card: &Value) {
    let Some(members) = card.as_object().filter(|members| is_card(members)) else {
        return report.add(Rule::NotACard, Severity::Rejected, NOT_A_CARD);
    };
    let version = version(report, members);
    let mentioned = mentions(members).filter_map(|(_, mention)| mark(mention)).collect();
    let mut walk = Walk::new(report, version, mentioned);
    walk.object(&AdaptiveCard::KIND, members, Place::Button);
    let written = walk.written;
    for (index, mention) in mentions(members) {
        let places = [report.enter("msteams"), report.enter("entities"), report.enter_item(index)];
        entity(report, mention, mark(mention).is_some_and(|mark| written.contains(mark)));
        places.into_iter().rev().for_each(|outside| report.leave(outside));
    }
    if members.contains_key("contentUrl") {
        let message = "A card has no contentUrl, nor has the attachment it is in. Leave it out.";
        report.add_in("contentUrl", Rule::ContentUrl, Severity::Advice, message);
    }
    if members.get("fallbackText").and_then(Value::as_str).is_none_or(str::is_empty) {
        let message = "Clients that cannot show the card show nothing. Say the most important in fallbackText.";
        report.add(Rule::NoFallbackText, Severity::Advice, message);
    }
}

/// The version the card names, when all it needs can be told by it.
fn version(report: &mut Report, members: &Extra) -> Option<Version> {
    let text = match members.get("version") {
        None | Some(Value::Null) => {
            let message = "The card names no version: clients show its fallback. Name the lowest that will do.";
            report.add(Rule::MissingMember, Severity::Rejected, message);
            return None;
        }
        // Another type is reported with those of all members.
        Some(version) => version.as_str()?,
    };
    let Ok(version) = text.parse::<Version>() else {
        let message =
            format!("It is no version: clients show the card's fallback. Write one such as \"{WIDESPREAD}\".");
        report.add_in("version", Rule::UnsupportedVersion, Severity::Rejected, message);
        return None;
    };
    if version > NEWEST {
        let message =
            format!("Teams knows {NEWEST} at most: others may show fallbackText instead. Name {NEWEST} or less.");
        report.add_in("version", Rule::UnsupportedVersion, Severity::NotShown, message);
    } else if version > WIDESPREAD {
        let message = format!("Older clients know {WIDESPREAD} at most. Name a lower version if it will do.");
        report.add_in("version", Rule::RecentVersion, Severity::Advice, message);
    }
    Some(version)
}

/// The mentions among the card's entities, each with its index.
fn mentions(members: &Extra) -> impl Iterator<Item = (usize, &Value)> {
    let entities = members.get("msteams").and_then(|options| options.get("entities")).and_then(Value::as_array);
    let numbered = entities.into_iter().flatten().enumerate();
    numbered.filter(|(_, entity)| entity.get("type").and_then(Value::as_str) == Some("mention"))
}

fn mark(mention: &Value) -> Option<&str> {
    mention.get("text")?.as_str()
}

fn entity(report: &mut Report, mention: &Value, written: bool) {
    if !written {
        let message = "Its text, <at>…</at>, occurs in no TextBlock or FactSet: nobody is mentioned. Write it there.";
        report.add(Rule::MentionNotInText, Severity::NotShown, message);
    }
    match mention.get("mentioned").and_then(|person| person.get("id")) {
        None => {
            let message = "The mention has no mentioned.id: nobody is mentioned. Say who it is.";
            report.add(Rule::MissingMember, Severity::NotShown, message);
        }
        // Ids of channels and teams are those of threads.
        Some(Value::String(id)) if id.starts_with("19:") => {
            let message = "Bots cannot mention a channel or team. Name it without a mention.";
            report.add(Rule::ChannelMention, Severity::NotShown, message);
        }
        Some(_) => {}
    }
}
