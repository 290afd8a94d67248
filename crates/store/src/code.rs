//! The small integers behind states, reasons and other closed lists in every database.
//!
//! They are the database's own: the order of the enums may change, a number never changes its
//! meaning and is never used again. A new variant takes the next free number.

use pregon_domain::directory::{Reach, Scope};
use pregon_domain::message::{DeliveryPolicy, Hold, Operation, Priority};
use pregon_domain::{DeliveryState, Reason};

/// Stands for "no reason" in columns that are part of a key.
pub(crate) const NO_REASON: i64 = 0;
/// Stands for a message that does not rest.
pub(crate) const NO_HOLD: i64 = 0;
/// What an [`Operation`] is stored as.
pub(crate) const SEND: i64 = 0;

macro_rules! codes {
    ($type:ty: $($variant:ident = $code:literal),+ $(,)?) => {
        impl Code for $type {
            fn code(self) -> i64 {
                match self { $(Self::$variant => $code,)+ }
            }

            fn from_code(code: i64) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

/// A closed list that is stored as small integers.
pub(crate) trait Code: Sized {
    /// The number that stands for it.
    fn code(self) -> i64;
    /// What the number stands for; `None` when a newer version wrote it.
    fn from_code(code: i64) -> Option<Self>;
}

// `Pending` is 0 in the partial index of the migrations too.
codes!(DeliveryState: Pending = 0, Delivered = 1, Stopped = 2, Uncertain = 3);
codes!(Scope: Personal = 0, Team = 1, Channel = 2, GroupChat = 3);
codes!(Reach: Open = 0, Blocked = 1, NotInstalled = 2, LeftTeam = 3, TenantBlocked = 4);
codes!(DeliveryPolicy: AtLeastOnce = 0, AtMostOnce = 1);
codes!(Priority: Urgent = 0, Normal = 1, Bulk = 2);
codes!(Hold: Paused = 1, Canary = 2, Failures = 3);
codes!(Reason:
    Blocked = 1, NotInstalled = 2, LeftTeam = 3, OptedOut = 4, Guest = 5, NotFound = 6, TenantBlocked = 7,
    ConversationGone = 8, ActivityGone = 9, TooLarge = 10, InvalidContent = 11, Expired = 12, Cancelled = 13,
    Exhausted = 14, ServerError = 15, Refused = 16, Untrusted = 17, Unanswered = 18, Interrupted = 19,
    Throttled = 20, Credentials = 21, Retrying = 22, Outage = 23,
);

/// The number of a reason, or of none.
pub(crate) fn reason_code(reason: Option<Reason>) -> i64 {
    reason.map_or(NO_REASON, Code::code)
}

/// The number of why a message rests, or of that it does not.
pub(crate) fn hold_code(hold: Option<Hold>) -> i64 {
    hold.map_or(NO_HOLD, Code::code)
}

/// The number of an operation; which message it changes is in the message itself.
pub(crate) fn operation_code(operation: Operation) -> i64 {
    match operation {
        Operation::Send => SEND,
        Operation::Edit(_) => 1,
        Operation::Delete(_) => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_reads_back_and_no_reason_is_none() {
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::from_code(state.code()), Some(state));
        }
        for scope in Scope::ALL {
            assert_eq!(Scope::from_code(scope.code()), Some(scope));
        }
        for reach in Reach::ALL {
            assert_eq!(Reach::from_code(reach.code()), Some(reach));
        }
        for &reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
        }
        assert_eq!(Reason::from_code(NO_REASON), None);
    }
}
