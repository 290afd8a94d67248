use std::fmt;

use serde_json::Value;

use super::{member, some_text, text};
use crate::wire::open_set;

open_set! {
    /// What set an Adaptive Card's action off.
    Trigger {
        /// The client refreshed the card by itself.
        Automatic = "automatic",
        /// Somebody pressed the button.
        Manual = "manual",
    }
}

/// An `Action.Execute` of an Adaptive Card.
///
/// Source: Microsoft Learn, "Universal Actions for Adaptive Cards".
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct CardActionInvoke<'a> {
    /// The card's name for what to do; empty when it gave none.
    pub verb: &'a str,
    /// The action's data together with the card's inputs.
    pub data: &'a Value,
    /// The button's id.
    pub id: Option<&'a str>,
    /// Somebody pressed it, or the card refreshed itself; `None` when it was not said.
    pub trigger: Option<Trigger>,
    /// The code a person got when they signed in, for the bot that asked for it.
    pub state: Option<&'a str>,
    /// All that was sent.
    pub value: &'a Value,
}

impl fmt::Debug for CardActionInvoke<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither state nor value: they may hold the code or the token of a sign-in.
        let mut out = f.debug_struct("CardActionInvoke");
        out.field("verb", &self.verb).field("id", &self.id).field("trigger", &self.trigger);
        out.field("data", self.data).finish_non_exhaustive()
    }
}

impl<'a> CardActionInvoke<'a> {
    pub(super) fn read(value: &'a Value) -> Self {
        let action = member(value, "action");
        Self {
            verb: text(action, "verb"),
            data: member(action, "data"),
            id: some_text(action, "id"),
            trigger: some_text(value, "trigger").map(Trigger::from),
            state: some_text(value, "state"),
            value,
        }
    }

    /// Whether the card refreshed itself and nobody pressed anything.
    pub fn is_refresh(&self) -> bool {
        self.trigger == Some(Trigger::Automatic)
    }
}
