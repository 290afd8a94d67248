//! Shares: a message's part of a lane, changed with every change of its deliveries.

use std::collections::BTreeMap;

use pregon_domain::{LaneId, MessageId, Timestamp};
use serde_json::json;

use super::Tx;
use super::row::hex;

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

    /// Writes the changes. A share that is new takes priority and rest from its message.
    pub(super) async fn write(self, tx: &mut Tx) -> sqlx::Result<()> {
        let rows: Vec<_> = (self.0.into_iter())
            .map(|((lane, message), change)| {
                let due = change.due.map(Timestamp::as_millis);
                json!([lane.0, hex(message.uuid()), change.open, change.put_back, due])
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        sqlx::query(WRITE).bind(json!(rows).to_string()).execute(&mut **tx).await?;
        Ok(())
    }
}

// A canary that was put back may be claimed once more.
const WRITE: &str = "
    INSERT INTO share (lane, message, priority, rest, open, due, allowance)
    SELECT c.value ->> 0, m.id, m.priority, iif(m.cancelled, 2, iif(m.hold IN (1, 3), 1, 0)), c.value ->> 2,
           c.value ->> 4, iif(m.canary IS NULL, NULL, 0)
    FROM json_each(?1) AS c CROSS JOIN message AS m ON m.id = unhex(c.value ->> 1)
    WHERE true
    ON CONFLICT (lane, message) DO UPDATE SET
        open = open + excluded.open,
        due = min(coalesce(due, excluded.due), coalesce(excluded.due, due)),
        allowance = allowance + (SELECT c.value ->> 3 FROM json_each(?1) AS c
                                 WHERE c.value ->> 0 = share.lane AND unhex(c.value ->> 1) = share.message)";
