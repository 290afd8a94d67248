//! Ids the store gives out itself.

use std::sync::{Mutex, PoisonError};

use pregon_domain::{Chance, MessageId, ReferenceId, Timestamp};
use uuid::Uuid;

/// Gives out reference ids that ascend even within one millisecond, so that "oldest first" is the
/// order of ids.
#[derive(Debug)]
pub(crate) struct Ids {
    chance: Chance,
    last: Mutex<u128>,
}

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::new(seed), last: Mutex::new(0) }
    }

    pub(crate) fn reference(&self, now: Timestamp) -> ReferenceId {
        let fresh = self.chance.uuid(now).as_u128();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // The low 62 bits are random: adding one neither reaches the version nor repeats an id.
        *last = fresh.max(*last + 1);
        ReferenceId::from_uuid(Uuid::from_u128(*last))
    }
}

/// Sorts before every id of a message made at `time` or later.
pub(crate) fn first_message(time: Timestamp) -> MessageId {
    let millis = u128::try_from(time.as_millis()).unwrap_or(0);
    MessageId::from_uuid(Uuid::from_u128(millis << 80))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_ascend_even_when_the_clock_does_not() {
        let ids = Ids::new(1);
        let mut last = ids.reference(Timestamp::from_millis(1_000));
        for millis in [1_000, 1_000, 999, 0, 1_001, 1_001, 5] {
            let next = ids.reference(Timestamp::from_millis(millis));
            assert!(next > last);
            last = next;
        }
    }
}
