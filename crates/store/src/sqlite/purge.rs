//! Purging deliveries of messages that ended long ago, in small steps.

use pregon_domain::{MessageId, Timestamp};

use super::SqliteStore;
use crate::ids::first_message;
use crate::row::{Columns, rows_of};

/// The oldest message that has ended and still has its deliveries. Ids sort by age.
const NEXT: &str = "
    SELECT id FROM message INDEXED BY message_kept
    WHERE purged = 0 AND id < ?1 AND (expanded OR cancelled)
          AND NOT EXISTS (SELECT 1 FROM share WHERE share.message = message.id AND share.open > 0)
    ORDER BY id LIMIT 1";

impl SqliteStore {
    pub(super) async fn purge_deliveries(&self, before: Timestamp, limit: usize) -> sqlx::Result<u64> {
        let mut purged = 0;
        while purged < limit {
            let next =
                sqlx::query(NEXT).bind(&first_message(before).uuid().as_bytes()[..]).fetch_optional(&self.read).await?;
            let Some(message) = next.map(|row| row.message("id")).transpose()? else { break };
            purged += self.purge_message(message, limit - purged).await?;
        }
        Ok(purged as u64)
    }

    async fn purge_message(&self, message: MessageId, limit: usize) -> sqlx::Result<usize> {
        let uuid = message.uuid();
        let id = &uuid.as_bytes()[..];
        let mut tx = self.begin().await?;
        let gone = sqlx::query(
            "DELETE FROM delivery WHERE (lane, id) IN (
                 SELECT lane, id FROM delivery INDEXED BY delivery_message WHERE message = ?1 LIMIT ?2)",
        )
        .bind(id)
        .bind(rows_of(limit))
        .execute(&mut *tx)
        .await?
        .rows_affected();
        let gone = usize::try_from(gone).unwrap_or(usize::MAX);
        if gone < limit {
            sqlx::query("DELETE FROM share WHERE message = ?1").bind(id).execute(&mut *tx).await?;
            sqlx::query("UPDATE message SET purged = 1 WHERE id = ?1").bind(id).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(gone)
    }
}
