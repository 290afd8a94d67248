//! Elements and actions that are none of the schema's, and `Media`.

use super::walk::{Place, Walk};
use super::{Rule, Severity, anywhere, prose};
use crate::Extra;
use crate::card::schema::Shape;

/// Elements and actions that Teams shows though no schema up to 1.5 has them; clients without them
/// leave them out. Source: Microsoft Learn, "Charts in Adaptive Cards" and the reference of
/// `Microsoft.Teams.Cards`.
const TEAMS_ONLY: &[&str] = &[
    "Action.InsertImage",
    "Action.OpenUrlDialog",
    "Action.Popover",
    "Action.ResetInputs",
    "Badge",
    "Carousel",
    "CodeBlock",
    "CompoundButton",
    "Icon",
    "Input.Rating",
    "ProgressBar",
    "ProgressRing",
    "Rating",
];

impl<'c> Walk<'c, '_> {
    pub(super) fn unknown_element(&mut self, name: &str, members: &'c Extra) {
        if name == "Media" {
            return self.media(members);
        }
        if !self.falls_back(members, Shape::ElementInstead) && !self.teams_only(name) {
            self.report.add(Rule::UnknownElement, Severity::NotShown, left_out("element", name));
        }
    }

    pub(super) fn unknown_action(&mut self, name: &str, members: &'c Extra) {
        if !self.falls_back(members, Shape::ActionInstead) && !self.teams_only(name) {
            self.report.add(Rule::UnknownAction, Severity::NotShown, left_out("action", name));
        }
    }

    /// Looks at what is shown instead; false when there is nothing.
    fn falls_back(&mut self, members: &'c Extra, shape: Shape) -> bool {
        // The texts in what is unknown may hold the marks of mentions.
        let (depth, written) = (self.report.depth(), &mut self.written);
        for (_, member) in members.iter().filter(|(name, _)| *name != "fallback") {
            anywhere::texts(member, depth, &mut |text| written.extend(prose::marks(text)));
        }
        let Some(instead) = members.get("fallback").filter(|value| !value.is_null()) else { return false };
        let outside = self.report.enter("fallback");
        self.value("fallback", shape, instead, Place::Fallback);
        self.report.leave(outside);
        true
    }

    fn teams_only(&mut self, name: &str) -> bool {
        let known = TEAMS_ONLY.contains(&name) || name.starts_with("Chart.");
        if known {
            let message = format!("{} is newer than version 1.5: give older clients a fallback.", short(name));
            self.report.add(Rule::TeamsOnly, Severity::Advice, message);
        }
        known
    }

    fn media(&mut self, members: &'c Extra) {
        // Microsoft's pages disagree: one says Teams has no Media, another that recent clients do.
        let severity =
            if self.falls_back(members, Shape::ElementInstead) { Severity::Advice } else { Severity::NotShown };
        let message = "Teams plays Media from OneDrive and SharePoint only, and in recent clients only. Link to it.";
        self.report.add(Rule::Media, severity, message);
    }
}

fn left_out(what: &str, name: &str) -> String {
    format!("There is no {what} {:?}: it is left out. Mind the case of its type.", short(name))
}

fn short(name: &str) -> String {
    name.chars().take(40).collect()
}
