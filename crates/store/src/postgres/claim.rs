//! Claiming a batch: divide it among the shares, read what is due after their marks, move the marks, commit.

use std::collections::HashMap;

use pregon_domain::message::{Claimed, Hold};
use pregon_domain::share::{Portion, Ready, apportion};
use pregon_domain::{LaneId, MessageId, Timestamp};
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::lane::lock_owned;
use super::row::small;
use super::{PostgresStore, Tx};
use crate::code::Code;
use crate::record::claimed;
use crate::row::{Columns, rows_of};

/// The shares whose turn it is, in the order of `share::turn_order`.
const READY: &str = "
    SELECT message, priority, tag, allowance FROM share
    WHERE lane = $1 AND rest = 0 AND due <= $2 AND coalesce(allowance, 1) > 0
    ORDER BY priority <> 0, greatest(tag, $3), message LIMIT $4";

/// The deliveries of each portion after its share's mark, and one more, which tells when to come again. A
/// share's run of the pending index is read before anything is joined, so it is read in order and no further.
const NEXT: &str = "
    SELECT d.id, p.message, d.attempts::bigint AS attempts, d.reason, d.due, d.thread_root, d.activity, m.cancelled,
           r.id AS reference, r.scope, r.reach, r.conversation, r.service_url, r.installed, l.tenant,
           r.member_id, r.object_id, r.name, r.email, r.user_principal_name, r.guest, r.locale, r.timezone,
           EXISTS (SELECT 1 FROM opt_out AS o WHERE o.reference = d.reference AND o.topic = m.topic) AS opted_out
    FROM unnest($2::uuid[], $3::bigint[]) WITH ORDINALITY AS p (message, count, place)
    JOIN share AS s ON s.lane = $1 AND s.message = p.message
    JOIN message AS m ON m.id = p.message
    JOIN lane AS l ON l.id = $1
    CROSS JOIN LATERAL (
        SELECT * FROM delivery
        WHERE lane = $1 AND message = p.message AND state = 0 AND (due, id) > (s.mark_due, s.mark_id)
        ORDER BY due, id LIMIT p.count + 1
    ) AS d
    JOIN reference AS r ON r.id = d.reference
    ORDER BY p.place, d.due, d.id";

/// Marks, tags and allowances after a claim.
const MOVE: &str = "
    UPDATE share SET
        mark_due = coalesce(c.mark_due, share.mark_due), mark_id = coalesce(c.mark_id, share.mark_id),
        due = c.due, tag = c.tag, allowance = share.allowance - c.count
    FROM unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::bigint[], $6::bigint[], $7::bigint[])
        AS c (message, mark_due, mark_id, due, tag, count)
    WHERE share.lane = $1 AND share.message = c.message";

impl PostgresStore {
    pub(super) async fn claim_batch(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        limit: usize,
    ) -> sqlx::Result<Option<Vec<Claimed>>> {
        let mut tx = self.begin().await?;
        let Some(clock) = lock_owned(&mut tx, lane, epoch).await? else { return Ok(None) };
        let ready = ready(&mut tx, lane, now, clock, limit).await?;
        let (portions, clock) = apportion(&ready, clock, limit);
        if portions.is_empty() {
            tx.rollback().await?;
            return Ok(Some(Vec::new()));
        }
        let moves = take_portions(&mut tx, lane, now, &portions).await?;
        move_marks(&mut tx, lane, &moves, clock).await?;
        if ready.iter().any(|share| share.most.is_some()) {
            hold_sent_canaries(&mut tx, lane, &portions).await?;
        }
        tx.commit().await?;
        Ok(Some(moves.into_iter().flat_map(|one| one.taken).collect()))
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
    let share = |row: &PgRow| {
        Ok(Ready {
            message: row.message("message")?,
            priority: row.code("priority")?,
            tag: row.try_get("tag")?,
            most: row.try_get::<Option<i64>, _>("allowance")?.map(|most| most.max(0).cast_unsigned()),
        })
    };
    rows.iter().map(share).collect()
}

/// What is taken from one share, and when its first delivery left is due.
struct Move {
    message: MessageId,
    tag: i64,
    taken: Vec<Claimed>,
    next: Option<Timestamp>,
}

async fn take_portions(tx: &mut Tx, lane: LaneId, now: Timestamp, portions: &[Portion]) -> sqlx::Result<Vec<Move>> {
    let rows = sqlx::query(NEXT)
        .bind(lane.0)
        .bind(portions.iter().map(|portion| portion.message.uuid()).collect::<Vec<_>>())
        .bind(portions.iter().map(|portion| rows_of(portion.count)).collect::<Vec<_>>())
        .fetch_all(&mut **tx)
        .await?;
    let mut found: HashMap<MessageId, Vec<Claimed>> = HashMap::new();
    for row in &rows {
        found.entry(row.message("message")?).or_default().push(claimed(row)?);
    }
    let taken = |portion: &Portion| {
        let mut taken = found.remove(&portion.message).unwrap_or_default();
        let due = taken.iter().take(portion.count).take_while(|delivery| delivery.due <= now).count();
        let next = taken.get(due).map(|delivery| delivery.due);
        taken.truncate(due);
        Move { message: portion.message, tag: portion.tag, taken, next }
    };
    Ok(portions.iter().map(taken).collect())
}

async fn move_marks(tx: &mut Tx, lane: LaneId, moves: &[Move], clock: i64) -> sqlx::Result<()> {
    let last = || moves.iter().map(|one| one.taken.last());
    sqlx::query(MOVE)
        .bind(lane.0)
        .bind(moves.iter().map(|one| one.message.uuid()).collect::<Vec<_>>())
        .bind(last().map(|last| last.map(|last| last.due.as_millis())).collect::<Vec<_>>())
        .bind(last().map(|last| last.map(|last| last.id.uuid())).collect::<Vec<_>>())
        .bind(moves.iter().map(|one| one.next.map(Timestamp::as_millis)).collect::<Vec<_>>())
        .bind(moves.iter().map(|one| one.tag).collect::<Vec<_>>())
        .bind(moves.iter().map(|one| rows_of(one.taken.len())).collect::<Vec<_>>())
        .execute(&mut **tx)
        .await?;
    sqlx::query("UPDATE lane SET clock = $2 WHERE id = $1").bind(lane.0).bind(clock).execute(&mut **tx).await?;
    Ok(())
}

/// Messages of which a whole canary was claimed rest until they are resumed.
async fn hold_sent_canaries(tx: &mut Tx, lane: LaneId, portions: &[Portion]) -> sqlx::Result<()> {
    let messages: Vec<_> = portions.iter().map(|portion| portion.message.uuid()).collect();
    sqlx::query(
        "UPDATE message SET hold = $3 WHERE hold = 0 AND id IN (
             SELECT message FROM share
             WHERE lane = $1 AND message = ANY ($2) AND allowance = 0 AND due IS NOT NULL)",
    )
    .bind(lane.0)
    .bind(messages)
    .bind(small(Hold::Canary.code()))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[cfg(all(test, feature = "cluster"))]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::postgres::plan::Planner;

    #[tokio::test]
    async fn a_portion_is_read_in_the_order_of_the_pending_index_and_no_further() {
        let planner = Planner::new().await;
        let bind =
            |query: sqlx::query::Query<'static, _, _>| query.bind(1_i64).bind(vec![Uuid::nil()]).bind(vec![256_i64]);
        let plan = planner.plan(NEXT, bind).await;
        let (_, portion) = plan.split_once("Limit").unwrap();
        assert!(portion.contains("Index Scan using delivery_pending on delivery"), "{plan}");
        assert!(!portion.contains("Sort") && !plan.contains("Seq Scan") && !plan.contains("Hash Join"), "{plan}");
    }
}
