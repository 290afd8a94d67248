//! The pace of one scope: how soon the next call may start.
//!
//! - [`Pace`] is the scope itself: an exact sliding-window log, and until when it is closed.
//! - [`Way`] tells from an answer when its call arrived, which is when the service counted it.
//! - [`Ceiling`] is the limit learned from refusals.

mod ceiling;
mod log;
mod way;

use std::time::Duration;

pub use ceiling::Ceiling;
pub use log::{Pace, TRAVEL_BOUND};
pub use way::Way;

/// At most `max` starts in any span of `per`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Starts allowed in the span.
    pub max: u32,
    /// Length of the span.
    pub per: Duration,
}

impl Window {
    /// At most `max` starts in any `per_s` seconds.
    pub const fn per_seconds(max: u32, per_s: u64) -> Self {
        Self { max, per: Duration::from_secs(per_s) }
    }
}
