//! Actions.

use serde_json::Value;

use super::walk::{Place, Walk};
use super::{Rule, Severity};
use crate::Extra;

impl<'c> Walk<'c, '_> {
    pub(super) fn button(&mut self, name: &str, members: &'c Extra, place: Place) {
        match name {
            "Action.OpenUrl" => self.link(members, "url"),
            "Action.Submit" => self.sign_in(members),
            "Action.Execute" => self.execute(members, place),
            "Action.ShowCard" => self.show_card(place),
            _ => {}
        }
        self.image(members, "iconUrl");
        if let Some(style) = members.get("style").and_then(Value::as_str)
            && ["positive", "destructive"].iter().any(|unshown| style.eq_ignore_ascii_case(unshown))
        {
            let message = "Teams shows all buttons alike. Let the title say what the button does.";
            self.report.add_in("style", Rule::ActionStyle, Severity::NotShown, message);
        }
    }

    fn sign_in(&mut self, members: &'c Extra) {
        let Some(Value::Object(said)) = members.get("data").and_then(|data| data.get("msteams")) else { return };
        if said.get("type").and_then(Value::as_str) == Some("signin") {
            let (data, msteams) = (self.report.enter("data"), self.report.enter("msteams"));
            self.link(said, "value");
            self.report.leave(msteams);
            self.report.leave(data);
        }
    }

    fn execute(&mut self, members: &'c Extra, place: Place) {
        if members.get("verb").and_then(Value::as_str).is_none_or(str::is_empty) {
            let message = "Without a verb the bot cannot tell this button from others. Give it one.";
            self.report.add(Rule::NoVerb, Severity::Advice, message);
        }
        let has_button = matches!(place, Place::Button | Place::Press);
        if has_button && members.get("fallback").is_none_or(Value::is_null) {
            let message = "Clients older than 1.4 do not show it. Give it an Action.Submit to fall back to.";
            self.report.add(Rule::NoFallback, Severity::Advice, message);
        }
    }

    fn show_card(&mut self, place: Place) {
        if self.show_cards > 0 {
            let message = "A card that opens cannot open another. Put its content into the first.";
            self.report.add(Rule::NestedShowCard, Severity::NotShown, message);
        }
        if place == Place::Press {
            let message = "A press cannot open a card. Make it a button.";
            self.report.add(Rule::ShowCardOnPress, Severity::NotShown, message);
        }
    }
}
