//! Faults on demand: what a client must survive, made to happen once, n times, for a time, by chance
//! or until taken back.

mod armed;
mod effect;
mod happen;

pub(crate) use armed::Faults;
pub use effect::{Effect, RetryAfter, Shape};
use serde::{Deserialize, Serialize};

use crate::{operation::Operation, world::PersonIx};

/// Something that is to go wrong.
///
/// Faults are looked through in the order they were added; the first that fits a call happens. One that
/// fits and is not drawn leaves the call to those after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The calls it hits.
    pub operation: Operation,
    /// Only this conversation: a conversation id, with or without thread part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// Only this person: object id, sign-in name, e-mail address or `29:` id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// How many calls it hits; absent means one, 0 means all until it is removed or its time is over.
    #[serde(default = "once")]
    pub times: u32,
    /// How likely it hits a call that it fits, more than 0 and at most 1; absent means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// What is drawn depends on this and on the order of calls alone.
    #[serde(default)]
    pub seed: u64,
    /// Milliseconds of the emulator's clock after which it is over; absent means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_ms: Option<u64>,
    /// What happens.
    pub effect: Effect,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Hits the next call of this kind.
    pub fn next(operation: Operation, effect: Effect) -> Self {
        let (conversation, person, probability, for_ms) = (None, None, None, None);
        Self { operation, conversation, person, times: 1, probability, seed: 0, for_ms, effect }
    }

    /// Hits every call of this kind until it is removed.
    pub fn always(operation: Operation, effect: Effect) -> Self {
        Self { times: 0, ..Self::next(operation, effect) }
    }

    /// What is wrong with it.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        if self.probability.is_some_and(|probability| !(probability > 0.0 && probability <= 1.0)) {
            return Err("probability must be more than 0 and at most 1");
        }
        let connects = matches!(self.effect, Effect::ResetBefore | Effect::HangBefore);
        if self.operation == Operation::Connect && !connects {
            return Err("a connection can be hit by reset_before and hang_before only: nothing was asked yet");
        }
        if self.operation == Operation::Connect && (self.person.is_some() || self.conversation.is_some()) {
            return Err("a connection is for no person or conversation");
        }
        Ok(())
    }
}

/// What a call is about: what faults for one conversation or person are matched with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aim {
    pub(crate) conversation: Option<String>,
    pub(crate) person: Option<PersonIx>,
}

/// Whose error body a standard answer takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Entra,
    Connector,
    Graph,
}
