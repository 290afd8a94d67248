//! Small decisions every store makes the same way.

use std::time::Duration;

use pregon_domain::message::Outcome;
use pregon_domain::ports::Verdict;
use pregon_domain::{DeliveryState, Reason, Timestamp};

/// How long requests and inbound activities are remembered to recognise repetitions.
pub(crate) const REMEMBERED: Duration = Duration::from_hours(24);

/// The longest window of Teams' limits: attempts before it hold nothing back. Source: Microsoft Learn,
/// "Optimize your bot with rate limiting in Teams" (1 800 operations in 3 600 seconds).
pub(crate) const LONGEST_WINDOW: Duration = Duration::from_hours(1);

/// Where a delivery in flight lands.
pub(crate) struct Landing {
    pub(crate) state: DeliveryState,
    pub(crate) reason: Option<Reason>,
    /// When it is due again; only of a pending one.
    pub(crate) due: Option<Timestamp>,
    /// Whether the channel was (probably) called: skipped deliveries stop, everything else was tried.
    pub(crate) started: bool,
}

/// Where `outcome` puts a delivery, `addressed` to somebody, in a share whose mark lies just before
/// `after_mark`.
pub(crate) fn landing(outcome: &Outcome, addressed: bool, after_mark: Timestamp) -> Landing {
    let (state, reason, due) = match outcome {
        Outcome::Delivered(_) => (DeliveryState::Delivered, None, None),
        Outcome::Stopped(reason) => (DeliveryState::Stopped, Some(*reason), None),
        Outcome::Uncertain(reason) => (DeliveryState::Uncertain, Some(*reason), None),
        // Two records of one person were merged while both had this message in flight: this is the
        // second copy, and it need not be tried again.
        Outcome::Pending(..) if !addressed => (DeliveryState::Stopped, Some(Reason::NotFound), None),
        Outcome::Pending(due, reason) => (DeliveryState::Pending, *reason, Some((*due).max(after_mark))),
    };
    Landing { state, reason, due, started: state != DeliveryState::Stopped }
}

/// Where `verdict` puts a delivery that had ended for `reason`.
pub(crate) fn decided(verdict: Verdict, reason: Option<Reason>) -> (DeliveryState, Option<Reason>) {
    match verdict {
        Verdict::Send => (DeliveryState::Pending, None),
        Verdict::Delivered => (DeliveryState::Delivered, None),
        Verdict::Stopped => (DeliveryState::Stopped, reason),
    }
}
