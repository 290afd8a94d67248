//! Settling: outcomes and what was learned, in one transaction of a handful of statements.

use std::collections::HashMap;

use pregon_domain::message::{Learned, Outcome, Settlement};
use pregon_domain::{DeliveryId, DeliveryState, LaneId, MessageId, Reason, ReferenceId, Timestamp};
use pregon_model::ActivityId;
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::lane::lock_owned;
use super::row::{small, text};
use super::tally::Tallies;
use super::{PostgresStore, Tx, share};
use crate::code::{Code, reason_code};
use crate::row::Columns;
use crate::rules::{LONGEST_WINDOW, Landing, landing};
use crate::share::ShareChanges;

impl PostgresStore {
    pub(super) async fn settle_batch(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        settlements: &[Settlement],
        learned: &[Learned],
    ) -> sqlx::Result<bool> {
        let mut tx = self.begin().await?;
        if lock_owned(&mut tx, lane, epoch).await?.is_none() {
            return Ok(false);
        }
        write_outcomes(&mut tx, lane, now, settlements).await?;
        self.write_learned(&mut tx, lane, learned, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// A delivery in flight, as it stands before its outcome is written.
struct InFlight {
    message: MessageId,
    reference: Option<ReferenceId>,
    reason: Option<Reason>,
    /// The first moment that is certainly after its share's mark.
    after_mark: Timestamp,
}

/// Writes the outcomes of deliveries in flight; one that is not in flight has its outcome already. The
/// lane is locked.
pub(super) async fn write_outcomes(
    tx: &mut Tx,
    lane: LaneId,
    now: Timestamp,
    settlements: &[Settlement],
) -> sqlx::Result<()> {
    if settlements.is_empty() {
        return Ok(());
    }
    let mut in_flight = in_flight(tx, lane, settlements).await?;
    let (mut landed, mut starts) = (Vec::new(), Vec::new());
    let (mut tallies, mut shares) = (Tallies::default(), ShareChanges::default());
    for settlement in settlements {
        let Some(before) = in_flight.remove(&settlement.id) else { continue };
        let landing = landing(&settlement.outcome, before.reference.is_some(), before.after_mark);
        tallies.add(lane, before.message, DeliveryState::Pending, before.reason, -1);
        tallies.add(lane, before.message, landing.state, landing.reason, 1);
        match landing.due {
            Some(due) => shares.put_back(lane, before.message, due),
            None => shares.ended(lane, before.message, 1),
        }
        if let Some(reference) = before.reference.filter(|_| landing.started && settlement.crowded) {
            starts.push((reference.uuid(), settlement.id.uuid()));
        }
        landed.push((settlement, landing));
    }
    update(tx, lane, now, &landed).await?;
    remember_starts(tx, lane, now, starts).await?;
    share::write(shares, tx).await?;
    tallies.write(tx).await
}

// A look-up by key for each: PostgreSQL takes a young table to be nearly empty and would walk the whole lane.
// OFFSET 0 keeps the conditions apart.
const IN_FLIGHT: &str = "
    SELECT d.id, d.message, d.reference, d.reason, s.mark_due
    FROM unnest($2::uuid[]) AS k (id)
    CROSS JOIN LATERAL (SELECT * FROM delivery WHERE lane = $1 AND id = k.id OFFSET 0) AS d
    JOIN share AS s ON s.lane = d.lane AND s.message = d.message
    WHERE d.state = 0 AND (d.due, d.id) <= (s.mark_due, s.mark_id)";

async fn in_flight(
    tx: &mut Tx,
    lane: LaneId,
    settlements: &[Settlement],
) -> sqlx::Result<HashMap<DeliveryId, InFlight>> {
    let rows = sqlx::query(IN_FLIGHT)
        .bind(lane.0)
        .bind(settlements.iter().map(|settlement| settlement.id.uuid()).collect::<Vec<_>>())
        .fetch_all(&mut **tx)
        .await?;
    let entry = |row: &PgRow| {
        let before = InFlight {
            message: row.message("message")?,
            reference: row.maybe_reference("reference")?,
            reason: row.reason("reason")?,
            after_mark: Timestamp::from_millis(row.try_get::<i64, _>("mark_due")?.saturating_add(1)),
        };
        Ok((row.delivery("id")?, before))
    };
    rows.iter().map(entry).collect()
}

// An edit or deletion keeps the activity it changes; a detail stays until there is a newer one. The lane comes
// with each row for the same reason as above.
const WRITE: &str = "
    UPDATE delivery AS d SET
        state = s.state, reason = s.reason, due = coalesce(s.due, d.due), attempts = s.attempts,
        doubted = d.doubted OR s.doubted, activity = coalesce(d.activity, s.activity),
        detail = coalesce(s.detail, d.detail), updated_at = $2
    FROM (SELECT $1::bigint AS lane, s.*
          FROM unnest($3::uuid[], $4::smallint[], $5::smallint[], $6::bigint[], $7::bigint[], $8::boolean[],
                      $9::text[], $10::text[]) AS s (id, state, reason, due, attempts, doubted, activity, detail)
          OFFSET 0) AS s
    WHERE d.lane = s.lane AND d.id = s.id";

async fn update(tx: &mut Tx, lane: LaneId, now: Timestamp, landed: &[(&Settlement, Landing)]) -> sqlx::Result<()> {
    let activity = |settlement: &Settlement| match &settlement.outcome {
        Outcome::Delivered(activity) => activity.as_ref().map(|id| text(ActivityId::as_str(id)).into_owned()),
        _ => None,
    };
    sqlx::query(WRITE)
        .bind(lane.0)
        .bind(now.as_millis())
        .bind(landed.iter().map(|(settlement, _)| settlement.id.uuid()).collect::<Vec<_>>())
        .bind(landed.iter().map(|(_, landing)| small(landing.state.code())).collect::<Vec<_>>())
        .bind(landed.iter().map(|(_, landing)| small(reason_code(landing.reason))).collect::<Vec<_>>())
        .bind(landed.iter().map(|(_, landing)| landing.due.map(Timestamp::as_millis)).collect::<Vec<_>>())
        .bind(landed.iter().map(|(settlement, _)| i64::from(settlement.attempts)).collect::<Vec<_>>())
        .bind(landed.iter().map(|(settlement, _)| settlement.doubted).collect::<Vec<_>>())
        .bind(landed.iter().map(|(settlement, _)| activity(settlement)).collect::<Vec<_>>())
        .bind(
            landed
                .iter()
                .map(|(one, _)| one.detail.as_deref().map(|detail| text(detail).into_owned()))
                .collect::<Vec<_>>(),
        )
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Remembers attempts for [`starts_since`](pregon_domain::ports::LaneStore::starts_since) and forgets
/// those of the same conversations that no window reaches back to.
async fn remember_starts(tx: &mut Tx, lane: LaneId, now: Timestamp, starts: Vec<(Uuid, Uuid)>) -> sqlx::Result<()> {
    if starts.is_empty() {
        return Ok(());
    }
    let (references, deliveries): (Vec<_>, Vec<_>) = starts.into_iter().unzip();
    sqlx::query("DELETE FROM start WHERE lane = $1 AND reference = ANY ($2) AND at < $3")
        .bind(lane.0)
        .bind(&references)
        .bind((now - LONGEST_WINDOW).as_millis())
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "INSERT INTO start (lane, reference, at, delivery)
         SELECT $1, reference, $2, delivery FROM unnest($3::uuid[], $4::uuid[]) AS s (reference, delivery)
         ON CONFLICT DO NOTHING",
    )
    .bind(lane.0)
    .bind(now.as_millis())
    .bind(&references)
    .bind(deliveries)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[cfg(all(test, feature = "cluster"))]
mod tests {
    use super::*;
    use crate::postgres::plan::Planner;

    #[tokio::test]
    async fn a_batch_is_read_and_written_by_key_not_by_walking_the_lane() {
        let planner = Planner::new().await;
        let ids = vec![Uuid::nil(); 256];
        let read = planner.plan(IN_FLIGHT, |query| query.bind(1_i64).bind(ids.clone())).await;
        assert!(read.contains("Index Cond: ((lane = '1'::bigint) AND (id = k.id))"), "{read}");
        let bind = |query: sqlx::query::Query<'static, _, _>| {
            let (small, large, text) = (vec![0_i16; 256], vec![0_i64; 256], vec![""; 256]);
            let query = query.bind(1_i64).bind(0_i64).bind(ids).bind(small.clone()).bind(small);
            query.bind(large.clone()).bind(large).bind(vec![false; 256]).bind(text.clone()).bind(text)
        };
        let write = planner.plan(WRITE, bind).await;
        assert!(write.contains("Index Cond: ((lane = s.lane) AND (id = s.id))"), "{write}");
    }
}
