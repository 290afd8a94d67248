//! Adding a chunk of an audience's deliveries.

use pregon_domain::message::{Canary, NewDelivery};
use pregon_domain::{DeliveryState, LaneId, MessageId, Reason, Timestamp};
use pregon_model::ActivityId;
use serde_json::{Value, json};
use sqlx::Row;

use super::row::hex;
use super::tally::Tallies;
use super::{SqliteStore, Tx, share};
use crate::code::{Code, reason_code};
use crate::row::Columns;
use crate::share::ShareChanges;

// A delivery to a merged record goes to the one it became. One to nobody never waits, and one of a
// cancelled message never starts. Whoever has a delivery of the message keeps that one.
const ADD: &str = "
    INSERT INTO delivery (lane, id, message, reference, due, state, reason, updated_at, activity, thread_root, address)
    SELECT lane, id, ?1, reference, iif(reason = 0, max(due, mark_due + 1), due),
           iif(reason = 0, ?4, ?5), reason, iif(reason = 0, NULL, ?3), activity, thread_root, address
    FROM (
        SELECT n.lane, n.id, r.id AS reference, n.due, coalesce(s.mark_due, -1) AS mark_due, n.activity, n.thread_root, n.address,
               CASE WHEN n.stopped <> 0 THEN n.stopped WHEN r.id IS NULL THEN ?6 ELSE ?7 END AS reason
        FROM (
            SELECT j.value ->> 0 AS lane, unhex(j.value ->> 1) AS id, unhex(j.value ->> 2) AS reference,
                   j.value ->> 3 AS due, j.value ->> 4 AS stopped, j.value ->> 5 AS activity,
                   j.value ->> 6 AS thread_root, j.value ->> 7 AS address
            FROM json_each(?2) AS j
        ) AS n
        LEFT JOIN share AS s ON s.lane = n.lane AND s.message = ?1
        LEFT JOIN merged AS g ON g.old = n.reference
        LEFT JOIN reference AS r ON r.id = coalesce(g.new, n.reference)
    )
    WHERE true
    ON CONFLICT DO NOTHING
    RETURNING lane, due, state, reason";

impl SqliteStore {
    pub(super) async fn expand_chunk(
        &self,
        message: MessageId,
        deliveries: &[NewDelivery],
        cursor: Option<&str>,
        done: bool,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let mut tx = self.begin().await?;
        let cancelled: bool = sqlx::query_scalar(
            "UPDATE message SET cursor = ?2, expanded = max(expanded, ?3) WHERE id = ?1 RETURNING cancelled",
        )
        .bind(&message.uuid().as_bytes()[..])
        .bind(cursor)
        .bind(done)
        .fetch_one(&mut *tx)
        .await?;
        add(&mut tx, message, deliveries, cancelled, now).await?;
        if done {
            open_canary(&mut tx, message).await?;
        }
        tx.commit().await
    }
}

async fn add(
    tx: &mut Tx,
    message: MessageId,
    deliveries: &[NewDelivery],
    cancelled: bool,
    now: Timestamp,
) -> sqlx::Result<()> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = deliveries.iter().map(new_row).collect();
    let added = sqlx::query(ADD)
        .bind(&message.uuid().as_bytes()[..])
        .bind(Value::Array(rows).to_string())
        .bind(now.as_millis())
        .bind(DeliveryState::Pending.code())
        .bind(DeliveryState::Stopped.code())
        .bind(Reason::NotFound.code())
        .bind(reason_code(cancelled.then_some(Reason::Cancelled)))
        .fetch_all(&mut **tx)
        .await?;
    let (mut tallies, mut shares) = (Tallies::default(), ShareChanges::default());
    for row in &added {
        let state = row.code("state")?;
        tallies.add(message, state, row.reason("reason")?, 1);
        if state == DeliveryState::Pending {
            shares.waits(LaneId(row.try_get("lane")?), message, row.time("due")?);
        }
    }
    share::write(shares, tx).await?;
    tallies.write(tx).await
}

/// The audience is complete: how large a message's canary is in each lane is known now.
async fn open_canary(tx: &mut Tx, message: MessageId) -> sqlx::Result<()> {
    let percent: Option<u8> = sqlx::query_scalar("SELECT canary FROM message WHERE id = ?1")
        .bind(&message.uuid().as_bytes()[..])
        .fetch_one(&mut **tx)
        .await?;
    let Some(canary) = percent.map(|percent| Canary { percent }) else { return Ok(()) };
    let shares = sqlx::query("SELECT lane, open FROM share WHERE message = ?1")
        .bind(&message.uuid().as_bytes()[..])
        .fetch_all(&mut **tx)
        .await?;
    for share in &shares {
        sqlx::query("UPDATE share SET allowance = ?3 WHERE lane = ?1 AND message = ?2")
            .bind(share.try_get::<i64, _>("lane")?)
            .bind(&message.uuid().as_bytes()[..])
            .bind(canary.of(share.count("open")?).cast_signed())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

fn new_row(new: &NewDelivery) -> Value {
    json!([
        new.lane.0,
        hex(new.id.uuid()),
        new.reference.map(|id| hex(id.uuid())),
        new.due.as_millis(),
        reason_code(new.stopped),
        new.activity.as_ref().map(ActivityId::as_str),
        new.thread_root.as_ref().map(ActivityId::as_str),
        new.address,
    ])
}
