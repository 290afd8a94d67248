//! Claiming a batch: divide it among the shares, read what is due after their marks, move the marks, commit.

use pregon_domain::message::{Claimed, Hold};
use pregon_domain::share::{Portion, Ready, apportion};
use pregon_domain::{LaneId, Timestamp};
use serde_json::{Value, json};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::row::hex;
use super::{SqliteStore, Tx};
use crate::code::Code;
use crate::record::claimed;
use crate::row::{Columns, rows_of};

/// The shares whose turn it is, in the order of `share::turn_order`.
const READY: &str = "
    SELECT message, priority, tag, allowance FROM share INDEXED BY share_due
    WHERE lane = ?1 AND rest = 0 AND due IS NOT NULL AND due <= ?2 AND coalesce(allowance, 1) > 0
    ORDER BY priority <> 0, max(tag, ?3), message LIMIT ?4";

// CROSS JOIN keeps SQLite from reordering: the pending index drives, the rest are key look-ups.
const NEXT: &str = "
    SELECT d.id, d.message, d.attempts, d.reason, d.due, d.thread_root, d.activity, m.cancelled,
           r.id AS reference, r.scope, r.reach, r.conversation, r.service_url, r.installed, l.tenant,
           r.member_id, r.object_id, r.name, r.email, r.user_principal_name, r.guest, r.locale, r.timezone,
           EXISTS (SELECT 1 FROM opt_out AS o WHERE o.reference = d.reference AND o.topic = m.topic) AS opted_out
    FROM share AS s
    CROSS JOIN lane AS l ON l.id = s.lane
    CROSS JOIN message AS m ON m.id = s.message
    CROSS JOIN delivery AS d INDEXED BY delivery_pending
    CROSS JOIN reference AS r ON r.id = d.reference
    WHERE s.lane = ?1 AND s.message = ?2 AND d.lane = ?1 AND d.message = ?2 AND d.state = 0
          AND (d.due, d.id) > (s.mark_due, s.mark_id)
    ORDER BY d.due, d.id LIMIT ?3";

/// Marks, tags and allowances after a claim.
const MOVE: &str = "
    UPDATE share SET
        mark_due = coalesce(c.mark_due, share.mark_due), mark_id = coalesce(c.mark_id, share.mark_id),
        due = c.due, tag = c.tag, allowance = share.allowance - c.count
    FROM (SELECT unhex(value ->> 0) AS message, value ->> 1 AS mark_due, unhex(value ->> 2) AS mark_id,
                 value ->> 3 AS due, value ->> 4 AS tag, value ->> 5 AS count, value ->> 6 AS lane
          FROM json_each(?1)) AS c
    WHERE share.lane = c.lane AND share.message = c.message";

impl SqliteStore {
    pub(super) async fn claim_batch(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        limit: usize,
    ) -> sqlx::Result<Option<Vec<Claimed>>> {
        let mut tx = self.begin().await?;
        let clock: Option<i64> = sqlx::query_scalar("SELECT clock FROM lane WHERE id = ?1 AND epoch = ?2")
            .bind(lane.0)
            .bind(epoch)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(clock) = clock else { return Ok(None) };
        let ready = ready(&mut tx, lane, now, clock, limit).await?;
        let (portions, clock) = apportion(&ready, clock, limit);
        let (mut batch, mut moves) = (Vec::new(), Vec::new());
        for portion in &portions {
            let (taken, next) = take_portion(&mut tx, lane, now, portion).await?;
            moves.push(moved(lane, portion, &taken, next));
            batch.extend(taken);
        }
        if moves.is_empty() {
            return Ok(Some(batch));
        }
        sqlx::query(MOVE).bind(Value::Array(moves).to_string()).execute(&mut *tx).await?;
        sqlx::query("UPDATE lane SET clock = ?2 WHERE id = ?1").bind(lane.0).bind(clock).execute(&mut *tx).await?;
        if ready.iter().any(|share| share.most.is_some()) {
            hold_sent_canaries(&mut tx, lane, &portions).await?;
        }
        tx.commit().await?;
        Ok(Some(batch))
    }
}

async fn ready(tx: &mut Tx, lane: LaneId, now: Timestamp, clock: i64, limit: usize) -> sqlx::Result<Vec<Ready>> {
    let rows = sqlx::query(READY)
        .bind(lane.0)
        .bind(now.as_millis())
        .bind(clock)
        .bind(rows_of(limit))
        .fetch_all(&mut **tx)
        .await?;
    let share = |row: &SqliteRow| {
        Ok(Ready {
            message: row.message("message")?,
            priority: row.code("priority")?,
            tag: row.try_get("tag")?,
            most: row.try_get::<Option<i64>, _>("allowance")?.map(|most| most.max(0).cast_unsigned()),
        })
    };
    rows.iter().map(share).collect()
}

/// The portion's deliveries that are due, and when the first one left is.
async fn take_portion(
    tx: &mut Tx,
    lane: LaneId,
    now: Timestamp,
    portion: &Portion,
) -> sqlx::Result<(Vec<Claimed>, Option<Timestamp>)> {
    let rows = sqlx::query(NEXT)
        .bind(lane.0)
        .bind(&portion.message.uuid().as_bytes()[..])
        .bind(rows_of(portion.count + 1))
        .fetch_all(&mut **tx)
        .await?;
    let mut taken = rows.iter().map(claimed).collect::<sqlx::Result<Vec<_>>>()?;
    let due = taken.iter().take(portion.count).take_while(|delivery| delivery.due <= now).count();
    let next = taken.get(due).map(|delivery| delivery.due);
    taken.truncate(due);
    Ok((taken, next))
}

fn moved(lane: LaneId, portion: &Portion, taken: &[Claimed], next: Option<Timestamp>) -> Value {
    let last = taken.last();
    json!([
        hex(portion.message.uuid()),
        last.map(|last| last.due.as_millis()),
        last.map(|last| hex(last.id.uuid())),
        next.map(Timestamp::as_millis),
        portion.tag,
        taken.len(),
        lane.0,
    ])
}

/// Messages of which a whole canary was claimed rest until they are resumed.
async fn hold_sent_canaries(tx: &mut Tx, lane: LaneId, portions: &[Portion]) -> sqlx::Result<()> {
    let messages: Vec<_> = portions.iter().map(|portion| hex(portion.message.uuid())).collect();
    sqlx::query(
        "UPDATE message SET hold = ?3 WHERE hold = 0 AND id IN (
             SELECT s.message FROM json_each(?2) AS j CROSS JOIN share AS s
             ON s.lane = ?1 AND s.message = unhex(j.value) WHERE s.allowance = 0 AND s.due IS NOT NULL)",
    )
    .bind(lane.0)
    .bind(json!(messages).to_string())
    .bind(Hold::Canary.code())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
