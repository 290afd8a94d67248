//! Adding a chunk of an audience's deliveries.

use pregon_domain::message::{Canary, NewDelivery};
use pregon_domain::{DeliveryState, LaneId, MessageId, Reason, ReferenceId, Timestamp};
use pregon_model::ActivityId;
use sqlx::Row;

use super::lane::lock;
use super::row::{small, text};
use super::tally::Tallies;
use super::{PostgresStore, Tx, share};
use crate::code::{Code, reason_code};
use crate::row::Columns;
use crate::share::ShareChanges;

// A delivery to a merged record goes to the one it became. One to nobody never waits, and one of a
// cancelled message never starts. Whoever has a delivery of the message keeps that one; of two in one chunk
// the first counts.
const ADD: &str = "
    INSERT INTO delivery (lane, id, message, reference, due, state, reason, updated_at, activity, thread_root, address)
    SELECT lane, id, $1, reference, CASE WHEN reason = 0 THEN greatest(due, mark_due + 1) ELSE due END,
           CASE WHEN reason = 0 THEN $3 ELSE $4 END, reason, CASE WHEN reason <> 0 THEN $2 END,
           activity, thread_root, address
    FROM (
        SELECT n.*, r.id AS reference, coalesce(s.mark_due, -1) AS mark_due,
               CASE WHEN n.stopped <> 0 THEN n.stopped WHEN r.id IS NULL THEN $5 ELSE $6 END AS reason
        FROM unnest($7::bigint[], $8::uuid[], $9::uuid[], $10::bigint[], $11::smallint[], $12::text[], $13::text[],
                    $14::text[]) WITH ORDINALITY
            AS n (lane, id, asked, due, stopped, activity, thread_root, address, place)
        LEFT JOIN share AS s ON s.lane = n.lane AND s.message = $1
        LEFT JOIN merged AS g ON g.old = n.asked
        LEFT JOIN reference AS r ON r.id = coalesce(g.new, n.asked)
    ) AS n
    ORDER BY place
    ON CONFLICT DO NOTHING
    RETURNING lane, due, state, reason";

impl PostgresStore {
    pub(super) async fn expand_chunk(
        &self,
        message: MessageId,
        deliveries: &[NewDelivery],
        cursor: Option<&str>,
        done: bool,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let mut tx = self.begin().await?;
        let row = sqlx::query(
            "UPDATE message SET cursor = $2, expanded = expanded OR $3 WHERE id = $1 RETURNING cancelled, canary",
        )
        .bind(message.uuid())
        .bind(cursor.map(text))
        .bind(done)
        .fetch_one(&mut *tx)
        .await?;
        add(&mut tx, message, deliveries, row.try_get("cancelled")?, now).await?;
        let percent: Option<i16> = row.try_get("canary")?;
        if let Some(percent) = percent.and_then(|percent| u8::try_from(percent).ok()).filter(|_| done) {
            open_canary(&mut tx, message, Canary { percent }).await?;
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
    lock(tx, &deliveries.iter().map(|new| new.lane).collect::<Vec<_>>()).await?;
    let activity = |id: &Option<ActivityId>| id.as_ref().map(|id| text(id.as_str()).into_owned());
    let added = sqlx::query(ADD)
        .bind(message.uuid())
        .bind(now.as_millis())
        .bind(small(DeliveryState::Pending.code()))
        .bind(small(DeliveryState::Stopped.code()))
        .bind(small(Reason::NotFound.code()))
        .bind(small(reason_code(cancelled.then_some(Reason::Cancelled))))
        .bind(deliveries.iter().map(|new| new.lane.0).collect::<Vec<_>>())
        .bind(deliveries.iter().map(|new| new.id.uuid()).collect::<Vec<_>>())
        .bind(deliveries.iter().map(|new| new.reference.map(ReferenceId::uuid)).collect::<Vec<_>>())
        .bind(deliveries.iter().map(|new| new.due.as_millis()).collect::<Vec<_>>())
        .bind(deliveries.iter().map(|new| small(reason_code(new.stopped))).collect::<Vec<_>>())
        .bind(deliveries.iter().map(|new| activity(&new.activity)).collect::<Vec<_>>())
        .bind(deliveries.iter().map(|new| activity(&new.thread_root)).collect::<Vec<_>>())
        .bind(deliveries.iter().map(|new| text(&new.address).into_owned()).collect::<Vec<_>>())
        .fetch_all(&mut **tx)
        .await?;
    let (mut tallies, mut shares) = (Tallies::default(), ShareChanges::default());
    for row in &added {
        let (lane, state) = (LaneId(row.try_get("lane")?), row.code("state")?);
        tallies.add(lane, message, state, row.reason("reason")?, 1);
        if state == DeliveryState::Pending {
            shares.waits(lane, message, row.time("due")?);
        }
    }
    share::write(shares, tx).await?;
    tallies.write(tx).await
}

/// The audience is complete: how large a message's canary is in each lane is known now. Nothing of it
/// was claimed before, so its lanes need no lock.
async fn open_canary(tx: &mut Tx, message: MessageId, canary: Canary) -> sqlx::Result<()> {
    let shares = sqlx::query("SELECT lane, open FROM share WHERE message = $1")
        .bind(message.uuid())
        .fetch_all(&mut **tx)
        .await?;
    let (mut lanes, mut allowances) = (Vec::new(), Vec::new());
    for share in &shares {
        lanes.push(share.try_get::<i64, _>("lane")?);
        allowances.push(canary.of(share.count("open")?).cast_signed());
    }
    sqlx::query(
        "UPDATE share SET allowance = c.allowance FROM unnest($2::bigint[], $3::bigint[]) AS c (lane, allowance)
         WHERE share.lane = c.lane AND share.message = $1",
    )
    .bind(message.uuid())
    .bind(lanes)
    .bind(allowances)
    .execute(&mut **tx)
    .await?;
    Ok(())
}
