//! Texts.

use serde_json::Value;

use super::walk::Walk;
use super::{Rule, Severity, prose};
use crate::Extra;

impl<'c> Walk<'c, '_> {
    /// A member in the Markdown subset of Teams, which may mention people.
    pub(super) fn wording(&mut self, members: &'c Extra, name: &str) {
        let Some(text) = members.get(name).and_then(Value::as_str) else { return };
        let outside = self.report.enter(name);
        self.no_html(text);
        if let Some(found) = prose::unshown_markdown(text) {
            let message = format!("Cards do not show {found} written in Markdown. Write it another way.");
            self.report.add(Rule::Markdown, Severity::NotShown, message);
        }
        self.written.extend(prose::marks(text));
        if let Some(mark) = prose::marks(text).find(|mark| !self.mentioned.contains(mark)) {
            let shown: String = mark.chars().take(60).collect();
            let message = format!("Nobody is mentioned by {shown}. Add the entity to msteams.entities.");
            self.report.add(Rule::MarkWithoutMention, Severity::NotShown, message);
        }
        self.report.leave(outside);
    }

    /// A member that is plain text.
    pub(super) fn plain_wording(&mut self, members: &'c Extra, name: &str) {
        let Some(text) = members.get(name).and_then(Value::as_str) else { return };
        let outside = self.report.enter(name);
        self.no_html(text);
        self.report.leave(outside);
    }

    pub(super) fn no_html(&mut self, text: &str) {
        if let Some(tag) = prose::html_tag(text) {
            let message = format!("Cards show <{tag}> as it is written. Use Markdown or an element instead.");
            self.report.add(Rule::Html, Severity::NotShown, message);
        }
    }
}
