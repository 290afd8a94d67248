//! The port of lanes.

use async_trait::async_trait;
use pregon_domain::message::{Claimed, Learned, Settlement};
use pregon_domain::ports::{LaneStore, Lease, StoreError};
use pregon_domain::{LaneId, LaneKey, ReferenceId, Timestamp};
use serde_json::json;
use sqlx::Row;

use super::row::hex;
use super::{SqliteStore, Tx, failed};
use crate::record::lane_key;
use crate::row::Columns;

/// Whether the lane's owner is still the one of `epoch`.
pub(super) async fn owned(tx: &mut Tx, lane: LaneId, epoch: i64) -> sqlx::Result<bool> {
    let owned = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM lane WHERE id = ?1 AND epoch = ?2)");
    owned.bind(lane.0).bind(epoch).fetch_one(&mut **tx).await
}

impl SqliteStore {
    async fn find_lane(&self, key: &LaneKey) -> sqlx::Result<LaneId> {
        const FIND: &str = "SELECT id FROM lane WHERE bot = ?1 AND tenant = ?2";
        let find = || sqlx::query_scalar(FIND).bind(key.bot.as_str()).bind(key.tenant.as_str());
        if let Some(id) = find().fetch_optional(&self.read).await? {
            return Ok(LaneId(id));
        }
        let mut tx = self.begin().await?;
        sqlx::query("INSERT INTO lane (bot, tenant) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
            .bind(key.bot.as_str())
            .bind(key.tenant.as_str())
            .execute(&mut *tx)
            .await?;
        let id = find().fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(LaneId(id))
    }

    async fn all_lanes(&self) -> sqlx::Result<Vec<(LaneId, LaneKey)>> {
        let rows = sqlx::query("SELECT id, bot, tenant FROM lane ORDER BY id").fetch_all(&self.read).await?;
        rows.iter().map(|row| Ok((LaneId(row.try_get("id")?), lane_key(row)?))).collect()
    }

    async fn due_next(&self, lane: LaneId) -> sqlx::Result<Option<Timestamp>> {
        let due: Option<i64> = sqlx::query_scalar(
            "SELECT min(due) FROM share INDEXED BY share_due
             WHERE lane = ?1 AND rest = 0 AND due IS NOT NULL AND coalesce(allowance, 1) > 0",
        )
        .bind(lane.0)
        .fetch_one(&self.read)
        .await?;
        Ok(due.map(Timestamp::from_millis))
    }

    async fn write_closed(&self, lane: LaneId, until: Timestamp) -> sqlx::Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("UPDATE lane SET closed_until = ?2 WHERE id = ?1")
            .bind(lane.0)
            .bind(until.as_millis())
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    async fn starts(
        &self,
        lane: LaneId,
        references: &[ReferenceId],
        since: Timestamp,
    ) -> sqlx::Result<Vec<(ReferenceId, Timestamp)>> {
        let ids: Vec<_> = references.iter().map(|id| hex(id.uuid())).collect();
        let rows = sqlx::query(
            "SELECT s.reference, s.at FROM start AS s
             WHERE s.lane = ?1 AND s.reference IN (SELECT unhex(value) FROM json_each(?2)) AND s.at >= ?3
             ORDER BY s.at, s.reference",
        )
        .bind(lane.0)
        .bind(json!(ids).to_string())
        .bind(since.as_millis())
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(|row| Ok((row.reference("reference")?, row.time("at")?))).collect()
    }
}

#[async_trait]
impl LaneStore for SqliteStore {
    async fn lane(&self, key: &LaneKey) -> Result<LaneId, StoreError> {
        self.find_lane(key).await.map_err(failed("finding a lane"))
    }

    async fn lanes(&self) -> Result<Vec<(LaneId, LaneKey)>, StoreError> {
        self.all_lanes().await.map_err(failed("listing the lanes"))
    }

    async fn take(&self, lane: LaneId, now: Timestamp) -> Result<Lease, StoreError> {
        self.take_lane(lane, now).await.map_err(failed("taking a lane"))
    }

    async fn claim(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        limit: usize,
    ) -> Result<Option<Vec<Claimed>>, StoreError> {
        self.claim_batch(lane, epoch, now, limit).await.map_err(failed("claiming deliveries"))
    }

    async fn settle(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        settlements: &[Settlement],
        learned: &[Learned],
    ) -> Result<bool, StoreError> {
        self.settle_batch(lane, epoch, now, settlements, learned).await.map_err(failed("settling deliveries"))
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
