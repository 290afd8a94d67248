//! The calls that were let through the limits, as they arrived: what a checker counts windows from.

use serde::Serialize;

use crate::{
    app::App,
    faults::{Aim, Effect},
    http::Call,
    lock::lock,
    operation::Operation,
};

/// One call, noted when it arrived; whether it was answered, and with what, is the fault's affair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoggedCall {
    /// When its head arrived, microseconds since the emulator's start.
    pub at_us: u64,
    /// What was called.
    pub operation: Operation,
    /// The conversation it is about, as the caller wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// Object id of the person of a personal chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// What a fault did to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Effect>,
}

impl App {
    /// Notes a call, when messages are kept as well.
    pub(crate) fn note_call(&self, call: &Call, operation: Operation, aim: &Aim, effect: Option<&Effect>) {
        if !self.keeps_bodies {
            return;
        }
        let person = aim.person.map(|person| lock(&self.world).people[person.0].spec.id.clone());
        let (at_us, conversation) = (call.arrived, aim.conversation.clone());
        let fault = effect.cloned();
        lock(&self.calls).push(LoggedCall { at_us, operation, conversation, person, fault });
    }

    /// Calls after number `after`, and the number to ask with next.
    pub(crate) fn calls(&self, after: usize, limit: usize) -> (Vec<LoggedCall>, usize) {
        let calls = lock(&self.calls);
        let from = after.min(calls.len());
        let to = from.saturating_add(limit).min(calls.len());
        (calls[from..to].to_vec(), to)
    }
}
