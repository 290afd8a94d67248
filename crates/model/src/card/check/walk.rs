//! Goes through a card by what the schema says of each object.

use std::collections::HashSet;

use serde_json::Value;

use super::report::Report;
use super::{Rule, Severity, anywhere};
use crate::Extra;
use crate::card::schema::{Kind, Member, Need, Shape};
use crate::card::{Action, AdaptiveCard, Element, Version};

/// Where an action stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// A button.
    Button,
    /// What a press on something does.
    Press,
    /// What another element or action falls back to.
    Fallback,
    /// What refreshes a card; it has no button.
    Refresh,
}

/// The way through one card.
pub(super) struct Walk<'c, 'r> {
    pub(super) report: &'r mut Report,
    /// The version the card names, if it names one.
    version: Option<Version>,
    /// The marks that have an entity.
    pub(super) mentioned: HashSet<&'c str>,
    /// The marks that occur in a text.
    pub(super) written: HashSet<&'c str>,
    pub(super) ids: HashSet<&'c str>,
    /// How many cards of a `ShowCard` are around this place.
    pub(super) show_cards: usize,
    pub(super) in_fallback: bool,
}

impl<'c, 'r> Walk<'c, 'r> {
    pub(super) fn new(report: &'r mut Report, version: Option<Version>, mentioned: HashSet<&'c str>) -> Self {
        Self {
            report,
            version,
            mentioned,
            written: HashSet::new(),
            ids: HashSet::new(),
            show_cards: 0,
            in_fallback: false,
        }
    }

    /// An object whose kind is known by its place or its type.
    pub(super) fn object(&mut self, kind: &'static Kind, members: &'c Extra, place: Place) {
        // What is deeper is reported by the other pass.
        if self.report.depth() >= anywhere::DEEPEST {
            return;
        }
        for member in kind.members {
            match members.get(member.name).filter(|value| !value.is_null()) {
                Some(value) => self.member(kind, member, value),
                None => self.missing(kind, member),
            }
        }
        self.particulars(kind, members, place);
    }

    fn member(&mut self, kind: &'static Kind, member: &'static Member, value: &'c Value) {
        let outside = self.report.enter(member.name);
        if empty(value) && member.need == Need::Required {
            self.missing(kind, member);
        }
        // A newer kind has been reported as a whole.
        if kind.since < member.since {
            self.newer(member.name, member.since, None);
        }
        let place = match member.name {
            "selectAction" | "inlineAction" => Place::Press,
            "fallback" => Place::Fallback,
            "action" => Place::Refresh,
            _ => Place::Button,
        };
        self.value(member.name, member.shape, value, place);
        self.report.leave(outside);
    }

    pub(super) fn value(&mut self, name: &str, shape: Shape, value: &'c Value, place: Place) {
        if !shape.fits(value) {
            let message = format!("{name} must be {}: phones show no card at all. Correct it.", shape.words());
            return self.report.add(Rule::WrongType, Severity::Rejected, message);
        }
        match (shape, value) {
            (Shape::List(item_shape), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let outside = self.report.enter_item(index);
                    self.value("An item", *item_shape, item, place);
                    self.report.leave(outside);
                }
            }
            (Shape::Object(kind) | Shape::TextOrObject(kind), Value::Object(members)) => {
                self.object(kind, members, place);
            }
            (Shape::TextOrObject(kind), Value::String(text)) => self.short_form(kind, text),
            (Shape::Element, Value::Object(members)) => self.element(members),
            (Shape::Action, Value::Object(members)) => self.action(members, place),
            (Shape::Card, Value::Object(members)) => {
                self.show_cards += 1;
                self.card(members);
                self.show_cards -= 1;
            }
            (Shape::ElementInstead, Value::Object(members)) => self.fallback(|walk| walk.element(members)),
            (Shape::ActionInstead, Value::Object(members)) => self.fallback(|walk| walk.action(members, place)),
            (Shape::Word(words), Value::String(text)) => {
                if let Some(word) = words.iter().find(|word| word.text.eq_ignore_ascii_case(text)) {
                    self.newer(word.text, word.since, None);
                }
            }
            _ => {}
        }
    }

    fn fallback(&mut self, look: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.in_fallback, true);
        look(self);
        self.in_fallback = outer;
    }

    /// The card of a `ShowCard`.
    fn card(&mut self, members: &'c Extra) {
        if is_card(members) {
            self.object(&AdaptiveCard::KIND, members, Place::Button);
        } else {
            self.report.add(Rule::NotACard, Severity::Rejected, NOT_A_CARD);
        }
    }

    fn element(&mut self, members: &'c Extra) {
        let Some(name) = self.kind_name(members) else { return };
        match Element::kind(name) {
            Some(kind) => {
                self.newer(name, kind.since, Some(members));
                self.unique_id(members);
                self.object(kind, members, Place::Button);
            }
            None => self.unknown_element(name, members),
        }
    }

    fn action(&mut self, members: &'c Extra, place: Place) {
        let Some(name) = self.kind_name(members) else { return };
        match Action::kind(name) {
            Some(kind) => {
                self.newer(name, kind.since, Some(members));
                self.object(kind, members, place);
            }
            None => self.unknown_action(name, members),
        }
    }

    fn kind_name(&mut self, members: &'c Extra) -> Option<&'c str> {
        match members.get("type") {
            Some(Value::String(name)) => return Some(name),
            Some(_) => {
                self.report.add_in("type", Rule::WrongType, Severity::Rejected, "type must be a text. Correct it.");
            }
            None => {
                let message = "It has no type: phones show no card at all. Say what it is.";
                self.report.add(Rule::MissingMember, Severity::Rejected, message);
            }
        }
        None
    }

    fn newer(&mut self, what: &str, since: Version, falls_back: Option<&Extra>) {
        let Some(version) = self.version.filter(|version| *version < since) else { return };
        let (severity, effect) = if falls_back.is_some_and(|members| members.contains_key("fallback")) {
            (Severity::Advice, "all clients show its fallback")
        } else {
            (Severity::NotShown, "it is left out")
        };
        let message = format!("{what} needs version {since}, but the card names {version}: {effect}. Name {since}.");
        self.report.add(Rule::NewerThanVersion, severity, message);
    }

    fn missing(&mut self, kind: &Kind, member: &Member) {
        let (severity, effect) = match member.need {
            Need::Optional => return,
            Need::Shown => (Severity::NotShown, "it is not shown"),
            Need::Required => (Severity::Rejected, "phones show no card at all"),
        };
        let message = format!("{} has no {}: {effect}. Write it.", kind.name, member.name);
        self.report.add(Rule::MissingMember, severity, message);
    }
}

pub(super) const NOT_A_CARD: &str = "It is no card: an object whose type is \"AdaptiveCard\". Give the card itself.";

pub(super) fn is_card(members: &Extra) -> bool {
    members.get("type").and_then(Value::as_str) == Some(AdaptiveCard::KIND.name)
}

/// What phones take for missing.
fn empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Extra::is_empty)
}
