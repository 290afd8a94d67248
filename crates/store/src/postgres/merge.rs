//! Records that turned out to be one: what pointed at the one that is gone follows.

use pregon_domain::{DeliveryState, LaneId, ReferenceId};
use sqlx::Row;

use super::tally::Tallies;
use super::{Tx, share};
use crate::row::Columns;
use crate::share::ShareChanges;

// A record's deliveries are found message by message, for `delivery_once` begins with the message; as an
// array, for PostgreSQL then looks each up in that index.
/// What is done for a record that is gone ($1) and the one it became ($2), in this order.
const MOVES: [&str; 14] = [
    "UPDATE delivery AS d SET reference = $2
     WHERE d.reference = $1 AND d.message = ANY (ARRAY (SELECT id FROM message WHERE NOT purged))
           AND NOT EXISTS (SELECT 1 FROM delivery AS o WHERE o.message = d.message AND o.reference = $2)",
    // What is left behind was in flight or ended twice.
    "UPDATE delivery SET reference = NULL
     WHERE reference = $1 AND message = ANY (ARRAY (SELECT id FROM message WHERE NOT purged)) AND $2::uuid IS NOT NULL",
    "INSERT INTO start (lane, reference, at, delivery)
     SELECT lane, $2, at, delivery FROM start WHERE reference = $1 AND lane = ANY (ARRAY (SELECT id FROM lane))
     ON CONFLICT DO NOTHING",
    "DELETE FROM start WHERE reference = $1 AND lane = ANY (ARRAY (SELECT id FROM lane)) AND $2::uuid IS NOT NULL",
    "INSERT INTO opt_out (reference, topic, at) SELECT $2, topic, at FROM opt_out WHERE reference = $1
     ON CONFLICT DO NOTHING",
    "DELETE FROM opt_out WHERE reference = $1 AND $2::uuid IS NOT NULL",
    "INSERT INTO membership (team, person) SELECT team, $2 FROM membership WHERE person = $1 ON CONFLICT DO NOTHING",
    "DELETE FROM membership WHERE person = $1 AND $2::uuid IS NOT NULL",
    "INSERT INTO membership (team, person) SELECT $2, person FROM membership WHERE team = $1 ON CONFLICT DO NOTHING",
    "DELETE FROM membership WHERE team = $1 AND $2::uuid IS NOT NULL",
    "UPDATE reference SET team = $2 WHERE team = $1",
    "UPDATE merged SET new = $2 WHERE new = $1",
    "INSERT INTO merged (old, new) VALUES ($1, $2)",
    "DELETE FROM reference WHERE id = $1 AND $2::uuid IS NOT NULL",
];

/// When the next delivery of a share is due, after some are gone.
const DUE_ANEW: &str = "
    UPDATE share SET due = (
        SELECT d.due FROM delivery AS d
        WHERE d.lane = share.lane AND d.message = share.message AND d.state = 0
              AND (d.due, d.id) > (share.mark_due, share.mark_id)
        ORDER BY d.due, d.id LIMIT 1)
    WHERE (lane, message) IN (SELECT * FROM unnest($1::bigint[], $2::uuid[]))";

/// Everything that pointed at a merged record points at the one it became. Both are of one lane, which is
/// locked. Rare, so one statement a table is fine.
pub(super) async fn follow(tx: &mut Tx, gone: ReferenceId, kept: ReferenceId) -> sqlx::Result<()> {
    drop_second_copies(tx, gone, kept).await?;
    for sql in MOVES {
        sqlx::query(sql).bind(gone.uuid()).bind(kept.uuid()).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Where a message waits for both records, one of the two is dropped: nobody gets it twice. What was
/// claimed already cannot be called back.
async fn drop_second_copies(tx: &mut Tx, gone: ReferenceId, kept: ReferenceId) -> sqlx::Result<()> {
    // The later record's delivery goes first; if it is in flight or ended, the earlier one's, if waiting.
    for (waiting, other) in [(gone, kept), (kept, gone)] {
        let rows = sqlx::query(
            "SELECT w.lane, w.id, w.message, w.reason
             FROM delivery AS w JOIN share AS s ON s.lane = w.lane AND s.message = w.message
             WHERE w.reference = $1 AND w.state = 0 AND (w.due, w.id) > (s.mark_due, s.mark_id)
                   AND w.message = ANY (ARRAY (
                       SELECT message FROM delivery WHERE reference = $2
                       AND message = ANY (ARRAY (SELECT id FROM message WHERE NOT purged))))",
        )
        .bind(waiting.uuid())
        .bind(other.uuid())
        .fetch_all(&mut **tx)
        .await?;
        let (mut tallies, mut shares) = (Tallies::default(), ShareChanges::default());
        let (mut lanes, mut ids, mut messages) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            let lane = LaneId(row.try_get("lane")?);
            tallies.add(lane, row.message("message")?, DeliveryState::Pending, row.reason("reason")?, -1);
            shares.ended(lane, row.message("message")?, 1);
            lanes.push(lane.0);
            ids.push(row.uuid("id")?);
            messages.push(row.uuid("message")?);
        }
        sqlx::query("DELETE FROM delivery WHERE (lane, id) IN (SELECT * FROM unnest($1::bigint[], $2::uuid[]))")
            .bind(&lanes)
            .bind(ids)
            .execute(&mut **tx)
            .await?;
        share::write(shares, tx).await?;
        tallies.write(tx).await?;
        sqlx::query(DUE_ANEW).bind(lanes).bind(messages).execute(&mut **tx).await?;
    }
    Ok(())
}
