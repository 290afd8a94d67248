//! How far a message is, as numbers and as a bar.

use serde_json::Value;

/// Characters of a bar.
const WIDTH: u64 = 24;

/// How a message's deliveries stand.
#[derive(Clone, Copy)]
pub(super) struct Progress {
    /// Those that have ended.
    pub(super) ended: u64,
    pub(super) delivered: u64,
    pub(super) pending: u64,
    pub(super) total: u64,
}

impl Progress {
    pub(super) fn of(view: &Value) -> Self {
        let count = |state: &str| view["counts"][state].as_u64().unwrap_or(0);
        let total = view["total"].as_u64().unwrap_or(0);
        let pending = count("pending");
        Self { ended: total.saturating_sub(pending), delivered: count("delivered"), pending, total }
    }

    /// `12 of 80 (15 %)`.
    pub(super) fn in_words(self) -> String {
        let percent = (self.ended * 100).checked_div(self.total).unwrap_or(0);
        format!("{} of {} ({percent} %)", self.ended, self.total)
    }

    /// A bar for people, for whom a number takes longer to read.
    pub(super) fn bar(self) -> String {
        let full = (self.ended * WIDTH).checked_div(self.total).unwrap_or(0);
        (0..WIDTH).map(|place| if place < full { '█' } else { '░' }).collect()
    }
}
