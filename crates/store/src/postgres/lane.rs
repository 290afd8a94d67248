//! The port of lanes.
//!
//! A lane's row is the lock of all that belongs to it: its shares and their marks, its deliveries and
//! tallies, its references. Whoever changes any of these locks the row first, several rows in the order
//! of their ids; only a message's own row is locked before it (and after it where a claim ends a canary, which
//! is rare enough to be done again should two meet). The lock is `FOR NO KEY UPDATE`, which
//! excludes its like and lets foreign keys be checked. Each statement after it sees what the last holder
//! committed.

use async_trait::async_trait;
use pregon_domain::message::{Claimed, Learned, Settlement};
use pregon_domain::ports::{LaneStore, Lease, StoreError};
use pregon_domain::{LaneId, LaneKey, ReferenceId, Timestamp};
use sqlx::Row;

use super::row::text;
use super::{PostgresStore, Tx, failed};
use crate::record::lane_key;
use crate::row::Columns;

/// Locks these lanes, in the order of their ids.
pub(super) async fn lock(tx: &mut Tx, lanes: &[LaneId]) -> sqlx::Result<()> {
    let mut ids: Vec<_> = lanes.iter().map(|lane| lane.0).collect();
    ids.sort_unstable();
    ids.dedup();
    sqlx::query("SELECT 1 FROM lane WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE")
        .bind(ids)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Locks a lane if its owner is still the one of `epoch`, and tells its clock.
pub(super) async fn lock_owned(tx: &mut Tx, lane: LaneId, epoch: i64) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar("SELECT clock FROM lane WHERE id = $1 AND epoch = $2 FOR NO KEY UPDATE")
        .bind(lane.0)
        .bind(epoch)
        .fetch_optional(&mut **tx)
        .await
}

impl PostgresStore {
    async fn find_lane(&self, key: &LaneKey) -> sqlx::Result<LaneId> {
        const FIND: &str = "SELECT id FROM lane WHERE bot = $1 AND tenant = $2";
        let (bot, tenant) = (text(key.bot.as_str()), text(key.tenant.as_str()));
        let find = || sqlx::query_scalar(FIND).bind(&bot).bind(&tenant);
        if let Some(id) = find().fetch_optional(&self.pool).await? {
            return Ok(LaneId(id));
        }
        sqlx::query("INSERT INTO lane (bot, tenant) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(&bot)
            .bind(&tenant)
            .execute(&self.pool)
            .await?;
        Ok(LaneId(find().fetch_one(&self.pool).await?))
    }

    async fn all_lanes(&self) -> sqlx::Result<Vec<(LaneId, LaneKey)>> {
        let rows = sqlx::query("SELECT id, bot, tenant FROM lane ORDER BY id").fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((LaneId(row.try_get("id")?), lane_key(row)?))).collect()
    }

    async fn due_next(&self, lane: LaneId) -> sqlx::Result<Option<Timestamp>> {
        let due: Option<i64> = sqlx::query_scalar(
            "SELECT min(due) FROM share
             WHERE lane = $1 AND rest = 0 AND due IS NOT NULL AND coalesce(allowance, 1) > 0",
        )
        .bind(lane.0)
        .fetch_one(&self.pool)
        .await?;
        Ok(due.map(Timestamp::from_millis))
    }

    async fn write_closed(&self, lane: LaneId, until: Timestamp) -> sqlx::Result<()> {
        sqlx::query("UPDATE lane SET closed_until = $2 WHERE id = $1")
            .bind(lane.0)
            .bind(until.as_millis())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn starts(
        &self,
        lane: LaneId,
        references: &[ReferenceId],
        since: Timestamp,
    ) -> sqlx::Result<Vec<(ReferenceId, Timestamp)>> {
        let ids: Vec<_> = references.iter().map(|id| id.uuid()).collect();
        let rows = sqlx::query(
            "SELECT reference, at FROM start WHERE lane = $1 AND reference = ANY ($2) AND at >= $3
             ORDER BY at, reference",
        )
        .bind(lane.0)
        .bind(ids)
        .bind(since.as_millis())
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok((row.reference("reference")?, row.time("at")?))).collect()
    }
}

#[async_trait]
impl LaneStore for PostgresStore {
    async fn lane(&self, key: &LaneKey) -> Result<LaneId, StoreError> {
        self.find_lane(key).await.map_err(failed("finding a lane"))
    }

    async fn lanes(&self) -> Result<Vec<(LaneId, LaneKey)>, StoreError> {
        self.all_lanes().await.map_err(failed("listing the lanes"))
    }

    async fn take(&self, lane: LaneId, now: Timestamp) -> Result<Lease, StoreError> {
        self.whole("taking a lane", || self.take_lane(lane, now)).await
    }

    async fn claim(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        limit: usize,
    ) -> Result<Option<Vec<Claimed>>, StoreError> {
        self.whole("claiming deliveries", || self.claim_batch(lane, epoch, now, limit)).await
    }

    async fn settle(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        settlements: &[Settlement],
        learned: &[Learned],
    ) -> Result<bool, StoreError> {
        self.whole("settling deliveries", || self.settle_batch(lane, epoch, now, settlements, learned)).await
    }

    async fn next_due(&self, lane: LaneId) -> Result<Option<Timestamp>, StoreError> {
        self.due_next(lane).await.map_err(failed("looking for the next due delivery"))
    }

    async fn close_lane(&self, lane: LaneId, until: Timestamp) -> Result<(), StoreError> {
        self.write_closed(lane, until).await.map_err(failed("closing a lane"))
    }

    async fn starts_since(
        &self,
        lane: LaneId,
        references: &[ReferenceId],
        since: Timestamp,
    ) -> Result<Vec<(ReferenceId, Timestamp)>, StoreError> {
        self.starts(lane, references, since).await.map_err(failed("reading recent attempts"))
    }
}
