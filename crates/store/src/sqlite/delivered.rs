//! The short way of settling: deliveries of which there is nothing to say but that they arrived.
//!
//! Nearly all are such, so what is written for them is what the whole store costs: one text each, taken
//! apart by position. (Members of a JSON array would each be found by reading the array anew.)

use std::collections::BTreeMap;

use pregon_domain::message::{Outcome, Settlement};
use pregon_domain::{DeliveryState, LaneId, MessageId, Timestamp};
use serde_json::json;

use super::row::hex;
use super::tally::Tallies;
use super::{Tx, share};
use crate::share::ShareChanges;

/// More attempts than this do not fit in the text; nobody is that patient.
const MOST_ATTEMPTS: u32 = 9_999;

// The limit keeps the rows apart from the rest of the statement: a lane that SQLite saw to be a parameter
// would tempt it, which expects few deliveries in a lane, to walk all of them for every row of the batch.
// An edit or deletion keeps the activity it changes.
const WRITE: &str = "
    UPDATE delivery SET
        state = 1, reason = 0, attempts = d.attempts, updated_at = ?3,
        activity = coalesce(delivery.activity, d.activity)
    FROM (SELECT ?1 AS lane, unhex(substr(value, 1, 32)) AS id, substr(value, 33, 4) + 0 AS attempts,
                 nullif(substr(value, 37), '') AS activity
          FROM json_each(?2) LIMIT -1) AS d
         CROSS JOIN share AS s
    WHERE delivery.lane = d.lane AND delivery.id = d.id AND delivery.state = 0
          AND s.lane = d.lane AND s.message = delivery.message
          AND (delivery.due, delivery.id) <= (s.mark_due, s.mark_id)";

/// Whether a settlement can go the short way.
pub(super) fn is_plain(settlement: &Settlement) -> bool {
    matches!(settlement.outcome, Outcome::Delivered(_))
        && !settlement.doubted
        && !settlement.crowded
        && settlement.detail.is_none()
        && settlement.attempts <= MOST_ATTEMPTS
}

/// Writes them. `false` when one of them was not in flight: then the transaction is to be given up.
pub(super) async fn write(
    tx: &mut Tx,
    lane: LaneId,
    now: Timestamp,
    settlements: &[&Settlement],
) -> sqlx::Result<bool> {
    if settlements.is_empty() {
        return Ok(true);
    }
    let rows: Vec<_> = settlements.iter().map(|settlement| text(settlement)).collect();
    let written = sqlx::query(WRITE)
        .bind(lane.0)
        .bind(json!(rows).to_string())
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?
        .rows_affected();
    if written != settlements.len() as u64 {
        return Ok(false);
    }
    let mut left: BTreeMap<(MessageId, _), i64> = BTreeMap::new();
    for settlement in settlements {
        *left.entry((settlement.message, settlement.before)).or_default() += 1;
    }
    let (mut tallies, mut shares) = (Tallies::default(), ShareChanges::default());
    for ((message, before), count) in left {
        tallies.add(message, DeliveryState::Pending, before, -count);
        tallies.add(message, DeliveryState::Delivered, None, count);
        shares.ended(lane, message, count);
    }
    share::write(shares, tx).await?;
    tallies.write(tx).await?;
    Ok(true)
}

/// Id, attempts, activity: 32 and 4 characters, and the rest.
fn text(settlement: &Settlement) -> String {
    let activity = match &settlement.outcome {
        Outcome::Delivered(Some(activity)) => activity.as_str(),
        _ => "",
    };
    format!("{}{:04}{activity}", hex(settlement.id.uuid()), settlement.attempts)
}

#[cfg(test)]
mod tests {
    use sqlx::Row;

    use super::*;
    use crate::SqliteStore;

    #[tokio::test]
    async fn a_batch_is_written_by_key_not_by_walking_the_lane() {
        let home = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&home.path().join("pregon.db")).await.unwrap();
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {WRITE}"));
        let plan = sqlx::query(explain).bind(1).bind("[]").bind(0).fetch_all(&store.write).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        assert!(plan.iter().any(|step| step.contains("delivery USING PRIMARY KEY (lane=? AND id=?)")), "{plan:?}");
    }
}
