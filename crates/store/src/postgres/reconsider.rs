//! Deciding anew about deliveries that had ended.

use pregon_domain::ports::{Ended, Reconsidered, Verdict};
use pregon_domain::{DeliveryId, DeliveryState, LaneId, MessageId, Reason, Timestamp};
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::lane::lock;
use super::row::small;
use super::tally::Tallies;
use super::{PostgresStore, Tx, share};
use crate::code::{Code, reason_code};
use crate::row::{Columns, rows_of};
use crate::rules::decided;
use crate::share::ShareChanges;

const FIND: &str = "
    SELECT d.lane, d.id, d.state, d.reason, s.mark_due
    FROM delivery AS d LEFT JOIN share AS s ON s.lane = d.lane AND s.message = d.message
    WHERE d.message = $1 AND d.state >= 2 AND d.state = $3 AND d.id > $2 AND d.reference IS NOT NULL
          AND ($4::smallint[] IS NULL OR d.reason = ANY ($4)) AND ($5::uuid IS NULL OR d.id = $5)
          AND ($6::bigint[] IS NULL OR d.lane = ANY ($6))
    ORDER BY d.id LIMIT $7";

const WRITE: &str = "
    UPDATE delivery AS d SET
        state = c.state, reason = c.reason, due = coalesce(c.due, d.due), updated_at = $1,
        attempts = CASE WHEN c.due IS NULL THEN d.attempts ELSE 0 END
    FROM unnest($2::bigint[], $3::uuid[], $4::smallint[], $5::smallint[], $6::bigint[])
        AS c (lane, id, state, reason, due)
    WHERE d.lane = c.lane AND d.id = c.id";

/// Which deliveries are looked for.
struct Search<'a> {
    message: MessageId,
    which: &'a Ended,
    after: Option<DeliveryId>,
    limit: usize,
}

impl PostgresStore {
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
        // A share that is new takes priority and rest from the message.
        sqlx::query("SELECT 1 FROM message WHERE id = $1 FOR NO KEY UPDATE")
            .bind(message.uuid())
            .execute(&mut *tx)
            .await?;
        let search = Search { message, which, after, limit };
        let seen = search.find(&mut tx, None).await?;
        let lanes = seen.iter().map(lane).collect::<sqlx::Result<Vec<_>>>()?;
        lock(&mut tx, &lanes).await?;
        // Read again, now that nobody else changes them. What ended meanwhile elsewhere comes too late.
        let found = search.find(&mut tx, Some(&lanes)).await?;
        decide(&mut tx, message, &found, verdict, now).await?;
        let next = seen.last().filter(|_| seen.len() == limit).map(|row| row.delivery("id")).transpose()?;
        tx.commit().await?;
        Ok(Reconsidered { count: found.len() as u64, next })
    }
}

fn lane(row: &PgRow) -> sqlx::Result<LaneId> {
    row.try_get("lane").map(LaneId)
}

impl Search<'_> {
    async fn find(&self, tx: &mut Tx, lanes: Option<&[LaneId]>) -> sqlx::Result<Vec<PgRow>> {
        let (state, reasons, one) = match self.which {
            Ended::Stopped(reasons) => (DeliveryState::Stopped, Some(reasons), None),
            Ended::Uncertain => (DeliveryState::Uncertain, None, None),
            Ended::One(id) => (DeliveryState::Uncertain, None, Some(id)),
        };
        let codes = |reasons: &Vec<Reason>| reasons.iter().map(|reason| small(reason.code())).collect::<Vec<_>>();
        sqlx::query(FIND)
            .bind(self.message.uuid())
            .bind(self.after.map_or(Uuid::nil(), DeliveryId::uuid))
            .bind(small(state.code()))
            .bind(reasons.map(codes))
            .bind(one.map(|id| id.uuid()))
            .bind(lanes.map(|lanes| lanes.iter().map(|lane| lane.0).collect::<Vec<_>>()))
            .bind(rows_of(self.limit))
            .fetch_all(&mut **tx)
            .await
    }
}

async fn decide(
    tx: &mut Tx,
    message: MessageId,
    found: &[PgRow],
    verdict: Verdict,
    now: Timestamp,
) -> sqlx::Result<()> {
    let (mut tallies, mut shares) = (Tallies::default(), ShareChanges::default());
    let (mut lanes, mut ids, mut states) = (Vec::new(), Vec::new(), Vec::new());
    let (mut reasons, mut dues) = (Vec::new(), Vec::new());
    for row in found {
        let before: (DeliveryState, Option<Reason>) = (row.code("state")?, row.reason("reason")?);
        let (state, reason) = decided(verdict, before.1);
        let lane = lane(row)?;
        tallies.add(lane, message, before.0, before.1, -1);
        tallies.add(lane, message, state, reason, 1);
        let after_mark = row.try_get::<Option<i64>, _>("mark_due")?.unwrap_or(-1).saturating_add(1);
        let due = (state == DeliveryState::Pending).then(|| now.max(Timestamp::from_millis(after_mark)));
        if let Some(due) = due {
            shares.waits(lane, message, due);
        }
        lanes.push(lane.0);
        ids.push(row.uuid("id")?);
        states.push(small(state.code()));
        reasons.push(small(reason_code(reason)));
        dues.push(due.map(Timestamp::as_millis));
    }
    sqlx::query(WRITE)
        .bind(now.as_millis())
        .bind(lanes)
        .bind(ids)
        .bind(states)
        .bind(reasons)
        .bind(dues)
        .execute(&mut **tx)
        .await?;
    share::write(shares, tx).await?;
    tallies.write(tx).await
}

#[cfg(all(test, feature = "cluster"))]
mod tests {
    use super::*;
    use crate::postgres::plan::Planner;

    #[tokio::test]
    async fn what_is_decided_anew_is_found_without_walking_the_message() {
        let (id, none) = (Uuid::nil(), (None::<Vec<i16>>, None::<Uuid>, None::<Vec<i64>>));
        let plan = Planner::new().await;
        let bind = |query: sqlx::query::Query<'static, _, _>| {
            query.bind(id).bind(id).bind(3_i16).bind(none.0).bind(none.1).bind(none.2).bind(100_i64)
        };
        let plan = plan.plan(FIND, bind).await;
        assert!(plan.contains("Index Scan using delivery_missed on delivery") && !plan.contains("Sort"), "{plan}");
    }
}
