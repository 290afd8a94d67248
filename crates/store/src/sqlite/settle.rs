//! Settling: outcomes and what was learned, in one transaction of a handful of statements.

use std::collections::HashMap;

use pregon_domain::message::{Learned, Outcome, Settlement};
use pregon_domain::{DeliveryId, DeliveryState, LaneId, MessageId, Reason, ReferenceId, Timestamp};
use pregon_model::ActivityId;
use serde_json::{Value, json};
use sqlx::Row;

use super::lane::owned;
use super::row::hex;
use super::tally::Tallies;
use super::{SqliteStore, Tx, delivered, share};
use crate::code::{Code, reason_code};
use crate::row::Columns;
use crate::rules::{LONGEST_WINDOW, Landing, landing};
use crate::share::ShareChanges;

impl SqliteStore {
    pub(super) async fn settle_batch(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        settlements: &[Settlement],
        learned: &[Learned],
    ) -> sqlx::Result<bool> {
        let (plain, other): (Vec<_>, Vec<_>) =
            settlements.iter().partition(|settlement| delivered::is_plain(settlement));
        let mut tx = self.begin().await?;
        if !owned(&mut tx, lane, epoch).await? {
            return Ok(false);
        }
        if delivered::write(&mut tx, lane, now, &plain).await? {
            write_outcomes(&mut tx, lane, now, other).await?;
        } else {
            // One of them has its outcome already: find out which, the long way.
            tx.rollback().await?;
            tx = self.begin().await?;
            if !owned(&mut tx, lane, epoch).await? {
                return Ok(false);
            }
            write_outcomes(&mut tx, lane, now, settlements).await?;
        }
        self.write_learned(&mut tx, lane, learned, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// A delivery in flight, as it stands before its outcome is written.
struct InFlight {
    message: MessageId,
    reference: Option<ReferenceId>,
    reason: Option<Reason>,
    /// The first moment that is certainly after its share's mark.
    after_mark: Timestamp,
}

/// Writes the outcomes of deliveries in flight; one that is not in flight has its outcome already.
pub(super) async fn write_outcomes(
    tx: &mut Tx,
    lane: LaneId,
    now: Timestamp,
    settlements: impl IntoIterator<Item = &Settlement>,
) -> sqlx::Result<()> {
    let settlements: Vec<&Settlement> = settlements.into_iter().collect();
    if settlements.is_empty() {
        return Ok(());
    }
    let mut in_flight = in_flight(tx, lane, &settlements).await?;
    let (mut rows, mut starts) = (Vec::new(), Vec::new());
    let (mut tallies, mut shares) = (Tallies::default(), ShareChanges::default());
    for settlement in settlements {
        let Some(before) = in_flight.remove(&settlement.id) else { continue };
        let landing = landing(&settlement.outcome, before.reference.is_some(), before.after_mark);
        tallies.add(before.message, DeliveryState::Pending, before.reason, -1);
        tallies.add(before.message, landing.state, landing.reason, 1);
        match landing.due {
            Some(due) => shares.put_back(lane, before.message, due),
            None => shares.ended(lane, before.message, 1),
        }
        rows.push(outcome_row(lane, settlement, &landing));
        if let Some(reference) = before.reference.filter(|_| landing.started && settlement.crowded) {
            starts.push(json!([hex(reference.uuid()), hex(settlement.id.uuid())]));
        }
    }
    update(tx, now, rows).await?;
    remember_starts(tx, lane, now, starts).await?;
    share::write(shares, tx).await?;
    tallies.write(tx).await
}

async fn in_flight(
    tx: &mut Tx,
    lane: LaneId,
    settlements: &[&Settlement],
) -> sqlx::Result<HashMap<DeliveryId, InFlight>> {
    let ids: Vec<_> = settlements.iter().map(|settlement| hex(settlement.id.uuid())).collect();
    let rows = sqlx::query(
        "SELECT d.id, d.message, d.reference, d.reason, s.mark_due
         FROM json_each(?2) AS j CROSS JOIN delivery AS d ON d.lane = ?1 AND d.id = unhex(j.value)
         CROSS JOIN share AS s ON s.lane = d.lane AND s.message = d.message
         WHERE d.state = 0 AND (d.due, d.id) <= (s.mark_due, s.mark_id)",
    )
    .bind(lane.0)
    .bind(json!(ids).to_string())
    .fetch_all(&mut **tx)
    .await?;
    let entry = |row: &_| {
        let row: &sqlx::sqlite::SqliteRow = row;
        let before = InFlight {
            message: row.message("message")?,
            reference: row.maybe_reference("reference")?,
            reason: row.reason("reason")?,
            after_mark: Timestamp::from_millis(row.try_get::<i64, _>("mark_due")?.saturating_add(1)),
        };
        Ok((row.delivery("id")?, before))
    };
    rows.iter().map(entry).collect()
}

fn outcome_row(lane: LaneId, settlement: &Settlement, landing: &Landing) -> Value {
    let activity = match &settlement.outcome {
        Outcome::Delivered(activity) => activity.as_ref().map(ActivityId::as_str),
        _ => None,
    };
    json!([
        hex(settlement.id.uuid()),
        landing.state.code(),
        reason_code(landing.reason),
        landing.due.map(Timestamp::as_millis),
        settlement.attempts,
        i64::from(settlement.doubted),
        activity,
        settlement.detail,
        lane.0,
    ])
}

// The lane comes with each row: as a parameter it would tempt SQLite, which expects few deliveries in a
// lane, to walk all of them for every row of the batch.
//
// An edit or deletion keeps the activity it changes; a detail stays until there is a newer one.
const WRITE: &str = "
    UPDATE delivery SET
        state = s.state, reason = s.reason, due = coalesce(s.due, delivery.due), attempts = s.attempts,
        doubted = max(delivery.doubted, s.doubted), activity = coalesce(delivery.activity, s.activity),
        detail = coalesce(s.detail, delivery.detail), updated_at = ?2
    FROM (SELECT unhex(value ->> 0) AS id, value ->> 1 AS state, value ->> 2 AS reason, value ->> 3 AS due,
                 value ->> 4 AS attempts, value ->> 5 AS doubted, value ->> 6 AS activity, value ->> 7 AS detail,
                 value ->> 8 AS lane
          FROM json_each(?1)) AS s
    WHERE delivery.lane = s.lane AND delivery.id = s.id";

async fn update(tx: &mut Tx, now: Timestamp, rows: Vec<Value>) -> sqlx::Result<()> {
    sqlx::query(WRITE).bind(Value::Array(rows).to_string()).bind(now.as_millis()).execute(&mut **tx).await?;
    Ok(())
}

/// Remembers attempts for [`starts_since`](pregon_domain::ports::LaneStore::starts_since) and forgets
/// those of the same conversations that no window reaches back to.
async fn remember_starts(tx: &mut Tx, lane: LaneId, now: Timestamp, starts: Vec<Value>) -> sqlx::Result<()> {
    if starts.is_empty() {
        return Ok(());
    }
    let starts = Value::Array(starts).to_string();
    sqlx::query(
        "DELETE FROM start WHERE lane = ?1 AND at < ?3
         AND reference IN (SELECT unhex(value ->> 0) FROM json_each(?2))",
    )
    .bind(lane.0)
    .bind(&starts)
    .bind((now - LONGEST_WINDOW).as_millis())
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "INSERT OR IGNORE INTO start (lane, reference, at, delivery)
         SELECT ?1, unhex(value ->> 0), ?3, unhex(value ->> 1) FROM json_each(?2)",
    )
    .bind(lane.0)
    .bind(&starts)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_batch_is_written_by_key_not_by_walking_the_lane() {
        let home = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&home.path().join("pregon.db")).await.unwrap();
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {WRITE}"));
        let plan = sqlx::query(explain).bind("[]").bind(0).fetch_all(&store.write).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        assert!(plan.iter().any(|step| step.contains("delivery USING PRIMARY KEY (lane=? AND id=?)")), "{plan:?}");
    }
}
