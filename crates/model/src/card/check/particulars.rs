//! What holds for one kind of object alone.

use serde_json::Value;

use super::walk::{Place, Walk};
use super::{Rule, Severity};
use crate::Extra;
use crate::card::schema::Kind;

/// Buttons Teams shows in one row. Source: Microsoft Learn, "Types of cards", *Buttons*.
const MOST_ACTIONS: usize = 6;
/// People a card is refreshed for by itself. Source: Microsoft Learn, "Up-to-date cards".
const MOST_USER_IDS: usize = 60;

impl<'c> Walk<'c, '_> {
    pub(super) fn particulars(&mut self, kind: &'static Kind, members: &'c Extra, place: Place) {
        match kind.name {
            "AdaptiveCard" | "ActionSet" => self.few_actions(members),
            "Column" => self.unique_id(members),
            "TextBlock" => self.wording(members, "text"),
            "Fact" => {
                self.wording(members, "title");
                self.wording(members, "value");
            }
            "TextRun" => self.plain_wording(members, "text"),
            "Image" | "BackgroundImage" => self.image(members, "url"),
            "Input.ChoiceSet" => self.choices(members),
            "Refresh" => self.user_ids(members),
            name if name.starts_with("Action.") => self.button(name, members, place),
            _ => {}
        }
    }

    /// What stands for an object in its short form.
    pub(super) fn short_form(&mut self, kind: &'static Kind, text: &'c str) {
        match kind.name {
            "TextRun" => self.no_html(text),
            "BackgroundImage" => self.image_at(text),
            _ => {}
        }
    }

    /// Phones show no card in which two elements have the same id; what falls back may have its
    /// element's.
    pub(super) fn unique_id(&mut self, members: &'c Extra) {
        let Some(id) = members.get("id").and_then(Value::as_str) else { return };
        if !self.in_fallback && !id.is_empty() && !self.ids.insert(id) {
            let message = "Another element has this id: phones show no card at all. Give each its own.";
            self.report.add_in("id", Rule::DuplicateId, Severity::Rejected, message);
        }
    }

    fn few_actions(&mut self, members: &'c Extra) {
        let Some(Value::Array(actions)) = members.get("actions") else { return };
        let mode = |action: &Value| action.get("mode").and_then(Value::as_str).map(str::to_ascii_lowercase);
        let buttons = actions.iter().filter(|action| mode(action).as_deref() != Some("secondary")).count();
        if buttons > MOST_ACTIONS {
            let message = format!(
                "{buttons} buttons in a row: those after the sixth may be hidden. Put them behind the dots with mode secondary."
            );
            self.report.add_in("actions", Rule::TooManyActions, Severity::NotShown, message);
        }
    }

    fn choices(&mut self, members: &'c Extra) {
        let some = members.get("choices").is_some_and(|choices| choices.as_array().is_none_or(|list| !list.is_empty()));
        // Choices that are looked up while the person types.
        if !some && !members.contains_key("choices.data") {
            let message = "There is nothing to choose. Give it choices.";
            self.report.add(Rule::NoChoices, Severity::NotShown, message);
        }
    }

    fn user_ids(&mut self, members: &'c Extra) {
        let people = members.get("userIds").and_then(Value::as_array).map_or(0, Vec::len);
        if people > MOST_USER_IDS {
            let message = format!("{people} people: a card is refreshed for {MOST_USER_IDS} at most. Name fewer.");
            self.report.add_in("userIds", Rule::TooManyUserIds, Severity::NotShown, message);
        }
    }
}
