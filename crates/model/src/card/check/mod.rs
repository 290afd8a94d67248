//! What Teams will not do with a card as it is written.

mod anywhere;
mod buttons;
mod finding;
mod links;
mod message;
mod particulars;
mod prose;
mod report;
mod root;
mod unknown;
mod walk;
mod wording;

pub use finding::{Finding, Rule, Severity};
pub use message::check_message;
use report::Report;
use serde_json::Value;

use super::{AdaptiveCard, size};

/// Checks a card's JSON against what Teams shows; findings come in the order of the card, at most 100.
///
/// Takes time in proportion to the card's size, whatever is in it, and never panics. It looks at the
/// card alone: whether an address answers, or a bot knows a verb, it cannot tell.
///
/// ```
/// use pregon_model::card::{self, Rule};
/// use serde_json::json;
///
/// let findings = card::check(&json!({
///     "type": "AdaptiveCard", "version": "1.4", "fallbackText": "Build 412",
///     "body": [{"type": "TextBlock", "text": "# Build 412"}, {"type": "Image"}]
/// }));
/// assert_eq!((&*findings[0].at, findings[0].rule), ("/body/0/text", Rule::Markdown));
/// assert_eq!((&*findings[1].at, findings[1].rule), ("/body/1", Rule::MissingMember));
/// ```
///
/// Sources: Microsoft Learn, "Types of cards", "Format cards in Teams", "Card actions" and "Universal
/// Actions for Adaptive Cards"; the schema 1.5 and the object model of the mobile renderers in
/// microsoft/AdaptiveCards. Where they leave a doubt, the finding is an advice.
pub fn check(card: &Value) -> Vec<Finding> {
    let mut report = Report::new(LEVELS_AROUND);
    if look_at(&mut report, card) {
        large(&mut report, size::message_size(card));
    }
    report.finish()
}

/// Levels of JSON a message puts around a card: the activity, its attachments, the attachment.
const LEVELS_AROUND: usize = 3;

/// A card at the report's place; false when it is too deep to be looked at as a whole.
fn look_at(report: &mut Report, card: &Value) -> bool {
    root::card(report, card);
    anywhere::look(report, card)
}

/// The size of the message that carries what was checked.
fn large(report: &mut Report, bytes: usize) {
    let size = format!("The message has {bytes} bytes as Teams counts (UTF-16)");
    if bytes > size::LARGEST_BYTES {
        let limit = size::LARGEST_BYTES;
        let message = format!("{size}; Teams takes {limit}. Shorten it, or link to the long part.");
        report.add(Rule::TooLarge, Severity::Rejected, message);
    } else if bytes > size::SAFE_BYTES {
        let (limit, usual) = (size::SAFE_BYTES, size::USUAL_BYTES);
        let message = format!("{size}; {limit} arrive everywhere, {usual} in most places. Shorten it to be safe.");
        report.add(Rule::TooLarge, Severity::Advice, message);
    }
}

impl AdaptiveCard {
    /// What Teams will not do with this card as it is written; see [`check`].
    pub fn check(&self) -> Vec<Finding> {
        // A card that cannot be written is none.
        check(&serde_json::to_value(self).unwrap_or_default())
    }
}
