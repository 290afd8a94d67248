//! The counts of a message's deliveries in each lane, changed with every change of theirs.

use std::collections::BTreeMap;

use pregon_domain::{DeliveryState, LaneId, MessageId, Reason};

use super::Tx;
use super::row::small;
use crate::code::{Code, reason_code};

/// Changes to the counts of one transaction.
#[derive(Debug, Default)]
pub(super) struct Tallies(BTreeMap<(LaneId, MessageId, i64, i64), i64>);

impl Tallies {
    /// So many more (or, negative, fewer) deliveries of a message stand there.
    pub(super) fn add(
        &mut self,
        lane: LaneId,
        message: MessageId,
        state: DeliveryState,
        reason: Option<Reason>,
        count: i64,
    ) {
        *self.0.entry((lane, message, state.code(), reason_code(reason))).or_default() += count;
    }

    /// Writes the changes; the lanes are locked.
    pub(super) async fn write(self, tx: &mut Tx) -> sqlx::Result<()> {
        let changes: Vec<_> = self.0.into_iter().filter(|(_, count)| *count != 0).collect();
        if changes.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO tally (lane, message, state, reason, count)
             SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::smallint[], $4::smallint[], $5::bigint[])
             ON CONFLICT (message, lane, state, reason) DO UPDATE SET count = tally.count + excluded.count",
        )
        .bind(changes.iter().map(|((lane, ..), _)| lane.0).collect::<Vec<_>>())
        .bind(changes.iter().map(|((_, message, ..), _)| message.uuid()).collect::<Vec<_>>())
        .bind(changes.iter().map(|((.., state, _), _)| small(*state)).collect::<Vec<_>>())
        .bind(changes.iter().map(|((.., reason), _)| small(*reason)).collect::<Vec<_>>())
        .bind(changes.iter().map(|(_, count)| *count).collect::<Vec<_>>())
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}
