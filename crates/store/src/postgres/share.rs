//! Shares: a message's part of a lane, changed with every change of its deliveries.

use std::collections::BTreeMap;

use pregon_domain::{LaneId, MessageId, Timestamp};

use super::Tx;

/// What one transaction changes of a share.
#[derive(Debug, Default)]
struct Change {
    /// Deliveries that are new (or, negative, have ended).
    open: i64,
    /// Deliveries that were claimed and go back.
    put_back: i64,
    /// When the first of those that are new or go back is due.
    due: Option<Timestamp>,
}

/// Changes to the shares of one transaction.
#[derive(Debug, Default)]
pub(super) struct ShareChanges(BTreeMap<(LaneId, MessageId), Change>);

impl ShareChanges {
    fn of(&mut self, lane: LaneId, message: MessageId) -> &mut Change {
        self.0.entry((lane, message)).or_default()
    }

    /// A delivery waits for its first claim.
    pub(super) fn waits(&mut self, lane: LaneId, message: MessageId, due: Timestamp) {
        let change = self.of(lane, message);
        change.open += 1;
        change.due = change.due.into_iter().chain([due]).min();
    }

    /// A delivery that was claimed waits again.
    pub(super) fn put_back(&mut self, lane: LaneId, message: MessageId, due: Timestamp) {
        let change = self.of(lane, message);
        change.put_back += 1;
        change.due = change.due.into_iter().chain([due]).min();
    }

    /// So many deliveries have ended.
    pub(super) fn ended(&mut self, lane: LaneId, message: MessageId, count: i64) {
        self.of(lane, message).open -= count;
    }

    /// Writes the changes; the lanes are locked. A share that is new takes priority and rest from its
    /// message, whose row is locked where there may be new ones.
    pub(super) async fn write(self, tx: &mut Tx) -> sqlx::Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        sqlx::query(WRITE)
            .bind(self.0.keys().map(|(lane, _)| lane.0).collect::<Vec<_>>())
            .bind(self.0.keys().map(|(_, message)| message.uuid()).collect::<Vec<_>>())
            .bind(self.0.values().map(|change| change.open).collect::<Vec<_>>())
            .bind(self.0.values().map(|change| change.put_back).collect::<Vec<_>>())
            .bind(self.0.values().map(|change| change.due.map(Timestamp::as_millis)).collect::<Vec<_>>())
            .execute(&mut **tx)
            .await?;
        Ok(())
    }
}

// A canary that was put back may be claimed once more.
const WRITE: &str = "
    WITH change AS (
        SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[])
            AS c (lane, message, open, put_back, due)
    )
    INSERT INTO share (lane, message, priority, rest, open, due, allowance)
    SELECT c.lane, m.id, m.priority, CASE WHEN m.cancelled THEN 2 WHEN m.hold IN (1, 3) THEN 1 ELSE 0 END,
           c.open, c.due, CASE WHEN m.canary IS NOT NULL THEN 0 END
    FROM change AS c JOIN message AS m ON m.id = c.message
    ORDER BY c.lane, m.id
    ON CONFLICT (lane, message) DO UPDATE SET
        open = share.open + excluded.open,
        due = least(share.due, excluded.due),
        allowance = share.allowance
            + (SELECT c.put_back FROM change AS c WHERE (c.lane, c.message) = (share.lane, share.message))";
