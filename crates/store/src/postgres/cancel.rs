//! Cancelling a message, and stopping its deliveries in small steps.

use pregon_domain::{DeliveryState, LaneId, MessageId, Reason, Timestamp};
use sqlx::Row;

use super::lane::lock;
use super::row::small;
use super::tally::Tallies;
use super::{PostgresStore, Tx, share};
use crate::code::{Code, reason_code};
use crate::row::{Columns, rows_of};
use crate::share::ShareChanges;

/// Deliveries of a cancelled share after its mark.
const WAITING: &str = "
    SELECT d.id, d.reason FROM share AS s
    CROSS JOIN LATERAL (
        SELECT id, reason FROM delivery
        WHERE lane = $1 AND message = $2 AND state = 0 AND (due, id) > (s.mark_due, s.mark_id)
        ORDER BY due, id LIMIT $3
    ) AS d
    WHERE s.lane = $1 AND s.message = $2";

impl PostgresStore {
    pub(super) async fn cancel_message(&self, message: MessageId) -> sqlx::Result<bool> {
        let mut tx = self.begin().await?;
        let known = sqlx::query("UPDATE message SET cancelled = true WHERE id = $1")
            .bind(message.uuid())
            .execute(&mut *tx)
            .await?
            .rows_affected();
        sqlx::query("UPDATE share SET rest = 2 WHERE message = $1").bind(message.uuid()).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(known > 0)
    }

    /// Works one share at a time; a share that has nothing left to stop has no due time any more.
    pub(super) async fn stop_cancelled_deliveries(&self, limit: usize, now: Timestamp) -> sqlx::Result<u64> {
        const NEXT: &str =
            "SELECT lane, message FROM share WHERE rest = 2 AND due IS NOT NULL ORDER BY lane, message LIMIT 1";
        let mut stopped = 0;
        while stopped < limit {
            // Looked at without a transaction: there is nothing to do nearly always.
            let Some(share) = sqlx::query(NEXT).fetch_optional(&self.pool).await? else { break };
            let (lane, message) = (LaneId(share.try_get("lane")?), share.message("message")?);
            let mut tx = self.begin().await?;
            stopped += stop_waiting(&mut tx, lane, message, limit - stopped, now).await?;
            tx.commit().await?;
        }
        Ok(stopped as u64)
    }
}

/// Stops deliveries of one cancelled share that are not in flight, at most `limit`.
async fn stop_waiting(
    tx: &mut Tx,
    lane: LaneId,
    message: MessageId,
    limit: usize,
    now: Timestamp,
) -> sqlx::Result<usize> {
    lock(tx, &[lane]).await?;
    let waiting =
        sqlx::query(WAITING).bind(lane.0).bind(message.uuid()).bind(rows_of(limit)).fetch_all(&mut **tx).await?;
    let (mut tallies, mut shares, mut ids) = (Tallies::default(), ShareChanges::default(), Vec::new());
    for row in &waiting {
        tallies.add(lane, message, DeliveryState::Pending, row.reason("reason")?, -1);
        tallies.add(lane, message, DeliveryState::Stopped, Some(Reason::Cancelled), 1);
        shares.ended(lane, message, 1);
        ids.push(row.uuid("id")?);
    }
    sqlx::query("UPDATE delivery SET state = $3, reason = $4, updated_at = $5 WHERE lane = $1 AND id = ANY ($2)")
        .bind(lane.0)
        .bind(ids)
        .bind(small(DeliveryState::Stopped.code()))
        .bind(small(reason_code(Some(Reason::Cancelled))))
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?;
    share::write(shares, tx).await?;
    tallies.write(tx).await?;
    if waiting.len() < limit {
        sqlx::query("UPDATE share SET due = NULL WHERE lane = $1 AND message = $2")
            .bind(lane.0)
            .bind(message.uuid())
            .execute(&mut **tx)
            .await?;
    }
    Ok(waiting.len())
}
