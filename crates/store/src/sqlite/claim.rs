//! Claiming a batch: read what is due after the mark, move the mark, commit.

use pregon_domain::message::{Claimed, Target};
use pregon_domain::{LaneId, Timestamp};
use pregon_model::{ActivityId, ConversationId, ServiceUrl, TenantId};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::lane::owned_mark;
use super::people::person;
use super::row::Columns;
use super::{SqliteStore, Tx};

// CROSS JOIN keeps SQLite from reordering: the pending index drives, the rest are key look-ups.
const NEXT: &str = "
    SELECT d.id, d.message, d.attempts, d.due, d.thread_root, d.activity, m.cancelled,
           r.id AS reference, r.scope, r.reach, r.conversation, r.service_url, r.installed, l.tenant,
           r.member_id, r.object_id, r.name, r.email, r.user_principal_name, r.guest, r.locale, r.timezone,
           EXISTS (SELECT 1 FROM opt_out AS o WHERE o.reference = d.reference AND o.topic = m.topic) AS opted_out
    FROM lane AS l
    CROSS JOIN delivery AS d INDEXED BY delivery_pending
    CROSS JOIN message AS m ON m.id = d.message
    CROSS JOIN reference AS r ON r.id = d.reference
    WHERE l.id = ?1 AND d.lane = ?1 AND d.state = 0 AND d.due <= ?2 AND (d.due, d.id) > (?3, ?4)
    ORDER BY d.due, d.id LIMIT ?5";

impl SqliteStore {
    pub(super) async fn claim_batch(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        limit: usize,
    ) -> sqlx::Result<Option<Vec<Claimed>>> {
        let mut tx = self.begin().await?;
        let Some(mark) = owned_mark(&mut tx, lane, epoch).await? else { return Ok(None) };
        let rows = sqlx::query(NEXT)
            .bind(lane.0)
            .bind(now.as_millis())
            .bind(mark.due)
            .bind(mark.id)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&mut *tx)
            .await?;
        let batch = rows.iter().map(claimed).collect::<sqlx::Result<Vec<_>>>()?;
        if let Some(last) = batch.last() {
            move_mark(&mut tx, lane, last).await?;
        }
        tx.commit().await?;
        Ok(Some(batch))
    }
}

async fn move_mark(tx: &mut Tx, lane: LaneId, last: &Claimed) -> sqlx::Result<()> {
    sqlx::query("UPDATE lane SET mark_due = ?2, mark_id = ?3 WHERE id = ?1")
        .bind(lane.0)
        .bind(last.due.as_millis())
        .bind(&last.id.uuid().as_bytes()[..])
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn claimed(row: &SqliteRow) -> sqlx::Result<Claimed> {
    Ok(Claimed {
        id: row.delivery("id")?,
        message: row.message("message")?,
        cancelled: row.try_get("cancelled")?,
        attempts: row.count("attempts")?,
        due: row.time("due")?,
        target: target(row)?,
        opted_out: row.try_get("opted_out")?,
        thread_root: row.maybe("thread_root", ActivityId::new)?,
        activity: row.maybe("activity", ActivityId::new)?,
    })
}

fn target(row: &SqliteRow) -> sqlx::Result<Target> {
    let scope = row.code("scope")?;
    let (person, name) = person(row, scope)?;
    Ok(Target {
        reference: row.reference("reference")?,
        scope,
        reach: row.code("reach")?,
        conversation: row.maybe("conversation", ConversationId::new)?,
        service_url: row.maybe("service_url", ServiceUrl::new)?,
        person,
        name,
        installed: row.try_get("installed")?,
        tenant: TenantId::new(row.try_get::<String, _>("tenant")?),
    })
}
