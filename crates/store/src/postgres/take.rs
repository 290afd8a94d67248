//! Taking a lane over, and the deliveries its former owner left in doubt.

use pregon_domain::message::{DeliveryPolicy, Outcome, Settlement};
use pregon_domain::ports::Lease;
use pregon_domain::{LaneId, Reason, Timestamp};
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::settle::write_outcomes;
use super::{PostgresStore, Tx};
use crate::code::SEND;
use crate::record::lane_key;
use crate::row::Columns;

impl PostgresStore {
    pub(super) async fn take_lane(&self, lane: LaneId, now: Timestamp) -> sqlx::Result<Lease> {
        let mut tx = self.begin().await?;
        // The update locks the lane, as `lane::lock` does.
        let row =
            sqlx::query("UPDATE lane SET epoch = epoch + 1 WHERE id = $1 RETURNING bot, tenant, epoch, closed_until")
                .bind(lane.0)
                .fetch_one(&mut *tx)
                .await?;
        let doubtful = in_doubt(&mut tx, lane, now).await?;
        write_outcomes(&mut tx, lane, now, &doubtful).await?;
        tx.commit().await?;
        Ok(Lease {
            lane,
            key: lane_key(&row)?,
            epoch: row.try_get("epoch")?,
            closed_until: row.maybe_time("closed_until")?,
            doubtful: doubtful.len() as u64,
        })
    }
}

/// Deliveries the former owner may have sent (a few batches at most), settled as their message's
/// policy says: to be repeated now, or uncertain.
async fn in_doubt(tx: &mut Tx, lane: LaneId, now: Timestamp) -> sqlx::Result<Vec<Settlement>> {
    let rows = sqlx::query(
        "SELECT d.id, d.message, d.attempts::bigint AS attempts, d.reason, m.policy, m.operation
         FROM share AS s
         JOIN message AS m ON m.id = s.message
         CROSS JOIN LATERAL (
             SELECT * FROM delivery
             WHERE lane = $1 AND message = s.message AND state = 0 AND (due, id) <= (s.mark_due, s.mark_id)
             OFFSET 0
         ) AS d
         WHERE s.lane = $1 AND s.open > 0",
    )
    .bind(lane.0)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| interrupted(row, now)).collect()
}

fn interrupted(row: &PgRow, now: Timestamp) -> sqlx::Result<Settlement> {
    let harmless = row.number("operation")? != SEND;
    let repeat = harmless || row.code::<DeliveryPolicy>("policy")? == DeliveryPolicy::AtLeastOnce;
    let reason = Reason::Interrupted;
    let outcome = if repeat { Outcome::Pending(now, Some(reason)) } else { Outcome::Uncertain(reason) };
    Ok(Settlement {
        id: row.delivery("id")?,
        message: row.message("message")?,
        before: row.reason("reason")?,
        outcome,
        attempts: row.count::<u32>("attempts")? + 1,
        doubted: true,
        crowded: false,
        detail: None,
    })
}
