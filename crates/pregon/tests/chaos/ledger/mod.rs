//! The checker: compares what the server says with what the emulator saw. It shares nothing with the
//! engine, and knows of it only what docs/api.md and docs/outcomes.md promise.

mod change;
mod doubt;
mod send;
mod windows;

pub(crate) use change::check_change;
pub(crate) use doubt::Outside;
pub(crate) use send::check_send;
use serde_json::Value;
pub(crate) use windows::check_windows;

/// What a check found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    pub(crate) deliveries: usize,
    /// Deliveries the server calls doubted.
    pub(crate) doubts: usize,
    /// Copies beyond the first.
    pub(crate) second_copies: usize,
    pub(crate) throttled: usize,
    /// Deliveries that ended otherwise than delivered.
    pub(crate) not_delivered: usize,
    pub(crate) violations: Vec<String>,
}

impl Findings {
    pub(crate) fn add(&mut self, other: Self) {
        self.deliveries += other.deliveries;
        self.doubts += other.doubts;
        self.second_copies += other.second_copies;
        self.throttled += other.throttled;
        self.not_delivered += other.not_delivered;
        self.violations.extend(other.violations);
    }

    fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(otherwise());
        }
    }
}

/// The counters of a message must be those of its rows: they are kept, not counted.
fn check_counts(found: &mut Findings, view: &Value, rows: &[Value]) {
    for state in ["delivered", "pending", "stopped", "uncertain"] {
        let counted = rows.iter().filter(|row| row["state"] == state).count();
        found.expect(view["counts"][state] == counted, || {
            format!("{}: {counted} rows are {state}, the counter says {}", view["id"], view["counts"])
        });
    }
}
