//! What changes of shares, a message's parts of its lanes, with the deliveries of one transaction.

use std::collections::BTreeMap;

use pregon_domain::{LaneId, MessageId, Timestamp};

/// What one transaction changes of a share.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// Deliveries that are new (or, negative, have ended).
    pub(crate) open: i64,
    /// Deliveries that were claimed and go back.
    pub(crate) put_back: i64,
    /// When the first of those that are new or go back is due.
    pub(crate) due: Option<Timestamp>,
}

/// Changes to the shares of one transaction.
#[derive(Debug, Default)]
pub(crate) struct ShareChanges(pub(crate) BTreeMap<(LaneId, MessageId), Change>);

impl ShareChanges {
    fn of(&mut self, lane: LaneId, message: MessageId) -> &mut Change {
        self.0.entry((lane, message)).or_default()
    }

    /// A delivery waits for its first claim.
    pub(crate) fn waits(&mut self, lane: LaneId, message: MessageId, due: Timestamp) {
        let change = self.of(lane, message);
        change.open += 1;
        change.due = change.due.into_iter().chain([due]).min();
    }

    /// A delivery that was claimed waits again.
    pub(crate) fn put_back(&mut self, lane: LaneId, message: MessageId, due: Timestamp) {
        let change = self.of(lane, message);
        change.put_back += 1;
        change.due = change.due.into_iter().chain([due]).min();
    }

    /// So many deliveries have ended.
    pub(crate) fn ended(&mut self, lane: LaneId, message: MessageId, count: i64) {
        self.of(lane, message).open -= count;
    }
}
