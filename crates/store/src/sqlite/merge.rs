//! Records that turned out to be one: what pointed at the one that is gone follows.

use pregon_domain::{DeliveryState, ReferenceId};
use serde_json::{Value, json};
use sqlx::Row;

use super::Tx;
use super::row::{Columns, hex};
use super::tally::Tallies;

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
             CROSS JOIN lane AS l ON l.id = w.lane
             WHERE w.state = 0 AND (w.due, w.id) > (l.mark_due, l.mark_id)",
        )
        .bind(&waiting.uuid().as_bytes()[..])
        .bind(&other.uuid().as_bytes()[..])
        .fetch_all(&mut **tx)
        .await?;
        let mut tallies = Tallies::default();
        let mut ids = Vec::new();
        for row in &rows {
            tallies.add(row.message("message")?, DeliveryState::Pending, row.reason("reason")?, -1);
            ids.push(json!([row.try_get::<i64, _>("lane")?, hex(row.uuid("id")?)]));
        }
        sqlx::query(
            "DELETE FROM delivery WHERE (lane, id) IN (SELECT value ->> 0, unhex(value ->> 1) FROM json_each(?1))",
        )
        .bind(Value::Array(ids).to_string())
        .execute(&mut **tx)
        .await?;
        tallies.write(tx).await?;
    }
    Ok(())
}
