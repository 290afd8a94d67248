//! Deciding anew about deliveries that had ended.

use pregon_domain::ports::{Ended, Reconsidered, Verdict};
use pregon_domain::{DeliveryId, DeliveryState, LaneId, MessageId, Reason, Timestamp};
use serde_json::{Value, json};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::row::hex;
use super::tally::Tallies;
use super::{SqliteStore, Tx, share};
use crate::code::{Code, reason_code};
use crate::row::{Columns, rows_of};
use crate::rules::decided;
use crate::share::ShareChanges;

const FIND: &str = "
    SELECT d.lane, d.id, d.state, d.reason, s.mark_due
    FROM delivery AS d INDEXED BY delivery_missed
    LEFT JOIN share AS s ON s.lane = d.lane AND s.message = d.message
    WHERE d.message = ?1 AND d.state >= 2 AND d.state = ?3 AND d.id > ?2 AND d.reference IS NOT NULL
          AND (?4 IS NULL OR d.reason IN (SELECT value FROM json_each(?4))) AND (?5 IS NULL OR d.id = ?5)
    ORDER BY d.id LIMIT ?6";

const WRITE: &str = "
    UPDATE delivery SET
        state = c.state, reason = c.reason, due = coalesce(c.due, delivery.due), updated_at = ?2,
        attempts = iif(c.due IS NULL, delivery.attempts, 0)
    FROM (SELECT value ->> 0 AS lane, unhex(value ->> 1) AS id, value ->> 2 AS state, value ->> 3 AS reason,
                 value ->> 4 AS due
          FROM json_each(?1)) AS c
    WHERE delivery.lane = c.lane AND delivery.id = c.id";

impl SqliteStore {
    pub(super) async fn reconsider_deliveries(
        &self,
        message: MessageId,
        which: &Ended,
        verdict: Verdict,
        after: Option<DeliveryId>,
        limit: usize,
        now: Timestamp,
    ) -> sqlx::Result<Reconsidered> {
        let mut tx = self.begin().await?;
        let found = find(&mut tx, message, which, after, limit).await?;
        let (mut rows, mut tallies, mut shares) = (Vec::new(), Tallies::default(), ShareChanges::default());
        for row in &found {
            let before: (DeliveryState, Option<Reason>) = (row.code("state")?, row.reason("reason")?);
            let (state, reason) = decided(verdict, before.1);
            let lane = LaneId(row.try_get("lane")?);
            tallies.add(message, before.0, before.1, -1);
            tallies.add(message, state, reason, 1);
            let after_mark = row.try_get::<Option<i64>, _>("mark_due")?.unwrap_or(-1).saturating_add(1);
            let due = (state == DeliveryState::Pending).then(|| now.max(Timestamp::from_millis(after_mark)));
            if let Some(due) = due {
                shares.waits(lane, message, due);
            }
            let due = due.map(Timestamp::as_millis);
            rows.push(json!([lane.0, hex(row.uuid("id")?), state.code(), reason_code(reason), due]));
        }
        sqlx::query(WRITE).bind(Value::Array(rows).to_string()).bind(now.as_millis()).execute(&mut *tx).await?;
        share::write(shares, &mut tx).await?;
        tallies.write(&mut tx).await?;
        let full = found.len() == limit;
        let next = found.last().filter(|_| full).map(|row| row.delivery("id")).transpose()?;
        tx.commit().await?;
        Ok(Reconsidered { count: found.len() as u64, next })
    }
}

async fn find(
    tx: &mut Tx,
    message: MessageId,
    which: &Ended,
    after: Option<DeliveryId>,
    limit: usize,
) -> sqlx::Result<Vec<SqliteRow>> {
    let (state, reasons, one) = match which {
        Ended::Stopped(reasons) => (DeliveryState::Stopped, Some(reasons), None),
        Ended::Uncertain => (DeliveryState::Uncertain, None, None),
        Ended::One(id) => (DeliveryState::Uncertain, None, Some(id)),
    };
    let codes = |reasons: &Vec<Reason>| json!(reasons.iter().map(|reason| reason.code()).collect::<Vec<_>>());
    sqlx::query(FIND)
        .bind(&message.uuid().as_bytes()[..])
        .bind(after.map(|id| id.uuid().as_bytes().to_vec()).unwrap_or_default())
        .bind(state.code())
        .bind(reasons.map(|reasons| codes(reasons).to_string()))
        .bind(one.map(|id| id.uuid().as_bytes().to_vec()))
        .bind(rows_of(limit))
        .fetch_all(&mut **tx)
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_decided_anew_is_found_without_walking_the_message() {
        let home = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&home.path().join("pregon.db")).await.unwrap();
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {FIND}"));
        let plan = sqlx::query(explain).fetch_all(&store.read).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        let by = "d USING INDEX delivery_missed (message=? AND state=? AND id>?)";
        assert!(plan.iter().any(|step| step.contains(by)), "{plan:?}");
        assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE")), "{plan:?}");
    }
}
