//! Records that turned out to be one: what pointed at the one that is gone follows.

use pregon_domain::{DeliveryState, LaneId, ReferenceId};
use serde_json::{Value, json};
use sqlx::Row;

use super::row::hex;
use super::tally::Tallies;
use super::{Tx, share};
use crate::row::Columns;
use crate::share::ShareChanges;

/// What is done for a record that is gone (?1) and the one it became (?2), in this order.
const MOVES: [&str; 12] = [
    // The index of messages leads to the deliveries; what is left behind was in flight or ended twice.
    "UPDATE OR IGNORE delivery SET reference = ?2 WHERE reference = ?1 AND message IN (SELECT id FROM message)",
    "UPDATE delivery SET reference = NULL WHERE reference = ?1 AND message IN (SELECT id FROM message)",
    "UPDATE OR IGNORE start SET reference = ?2 WHERE reference = ?1 AND lane IN (SELECT id FROM lane)",
    "UPDATE OR IGNORE opt_out SET reference = ?2 WHERE reference = ?1",
    "DELETE FROM opt_out WHERE reference = ?1 AND ?2 IS NOT NULL",
    "UPDATE OR IGNORE membership SET person = ?2 WHERE person = ?1",
    "DELETE FROM membership WHERE person = ?1 AND ?2 IS NOT NULL",
    "UPDATE OR IGNORE membership SET team = ?2 WHERE team = ?1",
    "DELETE FROM membership WHERE team = ?1 AND ?2 IS NOT NULL",
    "UPDATE reference SET team = ?2 WHERE team = ?1",
    "UPDATE merged SET new = ?2 WHERE new = ?1",
    "INSERT INTO merged (old, new) VALUES (?1, ?2)",
];

/// When the next delivery of a share is due, after some are gone.
const DUE_ANEW: &str = "
    UPDATE share SET due = (
        SELECT d.due FROM delivery AS d INDEXED BY delivery_pending
        WHERE d.lane = share.lane AND d.message = share.message AND d.state = 0
              AND (d.due, d.id) > (share.mark_due, share.mark_id)
        ORDER BY d.due, d.id LIMIT 1)
    WHERE (lane, message) IN (SELECT value ->> 0, unhex(value ->> 2) FROM json_each(?1))";

/// Everything that pointed at a merged record points at the one it became. Rare, so one statement a
/// table is fine.
pub(super) async fn follow(tx: &mut Tx, gone: ReferenceId, kept: ReferenceId) -> sqlx::Result<()> {
    drop_second_copies(tx, gone, kept).await?;
    for sql in MOVES {
        run(tx, sql, gone, kept).await?;
    }
    run(tx, "DELETE FROM reference WHERE id = ?1 AND ?2 IS NOT NULL", gone, kept).await
}

async fn run(tx: &mut Tx, sql: &'static str, gone: ReferenceId, kept: ReferenceId) -> sqlx::Result<()> {
    sqlx::query(sql).bind(&gone.uuid().as_bytes()[..]).bind(&kept.uuid().as_bytes()[..]).execute(&mut **tx).await?;
    Ok(())
}

/// Where a message waits for both records, one of the two is dropped: nobody gets it twice. What was
/// claimed already cannot be called back.
async fn drop_second_copies(tx: &mut Tx, gone: ReferenceId, kept: ReferenceId) -> sqlx::Result<()> {
    // The later record's delivery goes first; if it is in flight or ended, the earlier one's, if waiting.
    for (waiting, other) in [(gone, kept), (kept, gone)] {
        let rows = sqlx::query(
            "SELECT w.lane, w.id, w.message, w.reason
             FROM (SELECT DISTINCT message FROM tally WHERE state = 0 AND count > 0) AS t
             CROSS JOIN delivery AS w INDEXED BY delivery_once ON w.message = t.message AND w.reference = ?1
             CROSS JOIN delivery AS o INDEXED BY delivery_once ON o.message = t.message AND o.reference = ?2
             CROSS JOIN share AS s ON s.lane = w.lane AND s.message = w.message
             WHERE w.state = 0 AND (w.due, w.id) > (s.mark_due, s.mark_id)",
        )
        .bind(&waiting.uuid().as_bytes()[..])
        .bind(&other.uuid().as_bytes()[..])
        .fetch_all(&mut **tx)
        .await?;
        let (mut tallies, mut shares) = (Tallies::default(), ShareChanges::default());
        let mut ids = Vec::new();
        for row in &rows {
            tallies.add(row.message("message")?, DeliveryState::Pending, row.reason("reason")?, -1);
            let lane: i64 = row.try_get("lane")?;
            shares.ended(LaneId(lane), row.message("message")?, 1);
            ids.push(json!([lane, hex(row.uuid("id")?), hex(row.uuid("message")?)]));
        }
        let gone = Value::Array(ids).to_string();
        sqlx::query(
            "DELETE FROM delivery WHERE (lane, id) IN (SELECT value ->> 0, unhex(value ->> 1) FROM json_each(?1))",
        )
        .bind(&gone)
        .execute(&mut **tx)
        .await?;
        share::write(shares, tx).await?;
        tallies.write(tx).await?;
        sqlx::query(DUE_ANEW).bind(gone).execute(&mut **tx).await?;
    }
    Ok(())
}
