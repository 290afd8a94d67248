//! What holds for a message that carries cards.

use super::report::Report;
use super::{Finding, Rule, Severity, large, look_at};
use crate::card::size;
use crate::{Activity, ActivityKind, Attachment};

/// Checks a message and the cards in it; places are those in the activity's JSON, at most 100.
///
/// Of activities that are no messages only the cards are checked, and the size.
///
/// ```
/// use pregon_model::Activity;
/// use pregon_model::card::{self, AdaptiveCard};
///
/// let card = AdaptiveCard::new().text("Build 412 is green").fallback_text("Build 412 is green");
/// let mut message = Activity::adaptive_card(card, "Build 412 is green");
/// assert_eq!(card::check_message(&message), []);
///
/// message.text = Some("See the card:".to_owned());
/// assert_eq!(card::check_message(&message)[0].rule.code(), "text_beside_attachment");
/// ```
pub fn check_message(activity: &Activity) -> Vec<Finding> {
    let mut report = Report::new(0);
    if activity.kind == ActivityKind::Message {
        whole(&mut report, activity);
    }
    let mut measurable = true;
    for (index, attachment) in activity.attachments.iter().enumerate() {
        if attachment.content_type.eq_ignore_ascii_case(Attachment::ADAPTIVE_CARD) {
            let places = [report.enter("attachments"), report.enter_item(index)];
            measurable &= attached(&mut report, attachment);
            places.into_iter().rev().for_each(|outside| report.leave(outside));
        }
    }
    if measurable {
        large(&mut report, size::size(activity));
    }
    report.finish()
}

fn whole(report: &mut Report, activity: &Activity) {
    let text = activity.text.as_deref().is_some_and(|text| !text.trim().is_empty());
    if activity.attachments.is_empty() {
        return;
    }
    if text {
        let message = "Teams posts text and attachments as two messages and returns no id. Put the text into the card.";
        report.add_in("text", Rule::TextBesideAttachment, Severity::Advice, message);
    } else if activity.summary.as_deref().is_none_or(str::is_empty) {
        let message = "The toast and the feed say only that a card was sent. Say the most important in summary.";
        report.add(Rule::NoSummary, Severity::Advice, message);
    }
}

/// An attached card; false when it is too deep to be measured.
fn attached(report: &mut Report, attachment: &Attachment) -> bool {
    if attachment.extra.contains_key("contentUrl") {
        let message = "A card is given as content, not by its address. Leave contentUrl out.";
        report.add_in("contentUrl", Rule::ContentUrl, Severity::Rejected, message);
    }
    let Some(card) = attachment.content.as_ref().filter(|content| !content.is_null()) else {
        let message = "The attachment has no content: there is no card. Give it the card.";
        report.add(Rule::MissingMember, Severity::Rejected, message);
        return true;
    };
    let outside = report.enter("content");
    let measurable = look_at(report, card);
    report.leave(outside);
    measurable
}
