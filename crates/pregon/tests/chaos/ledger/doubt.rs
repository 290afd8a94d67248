//! Which calls leave a doubt whether they were carried out.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::world::REQUEST_TIMEOUT;

/// Doubts that may come from outside the calls: how often the server died, or slept, while this
/// person's delivery was not settled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outside {
    pub(crate) everyone: usize,
    pub(crate) some: BTreeMap<String, usize>,
}

impl Outside {
    pub(crate) fn of(&self, person: &str) -> usize {
        self.everyone + self.some.get(person).copied().unwrap_or_default()
    }
}

/// Doubts about the sends to one person.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Doubts {
    /// The caller cannot know what became of the call.
    pub(crate) certain: usize,
    /// It may have given up before the answer came.
    pub(crate) possible: usize,
}

impl Doubts {
    pub(crate) fn most(self) -> usize {
        self.certain + self.possible
    }
}

/// Doubts by person, from the calls as the emulator logged them.
pub(crate) fn doubts(calls: &[Value]) -> BTreeMap<String, Doubts> {
    let mut doubts = BTreeMap::<String, Doubts>::new();
    for call in calls.iter().filter(|call| call["operation"] == "send") {
        let Some(person) = call["person"].as_str() else { continue };
        let of = doubts.entry(person.to_owned()).or_default();
        let (certain, possible) = doubt(&call["fault"]);
        of.certain += usize::from(certain);
        of.possible += usize::from(possible);
    }
    doubts
}

/// Whether a fault surely, or perhaps, leaves the caller in doubt.
fn doubt(fault: &Value) -> (bool, bool) {
    let timeout_ms = u64::try_from(REQUEST_TIMEOUT.as_millis()).unwrap_or(u64::MAX);
    let ms = |name: &str| fault[name].as_u64().unwrap_or_default();
    match fault["kind"].as_str() {
        // Gateways prove nothing, and neither does a page with status 200. 500 has a reason of its own.
        Some("answer") => (matches!(ms("status"), 200 | 408 | 501 | 502 | 504..), false),
        Some("lose_answer" | "reset_before" | "reset_after" | "hang_before" | "hang_after") => (true, false),
        Some("delay_before" | "delay_after") => (false, ms("ms") + ms("jitter_ms") >= timeout_ms / 2),
        Some("trickle") => (false, true),
        // None, refused, or garbled: 201 says that it was taken, whatever comes with it.
        _ => (false, false),
    }
}
