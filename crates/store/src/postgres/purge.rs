//! Purging deliveries of messages that ended long ago, in small steps.

use pregon_domain::{MessageId, Timestamp};

use super::PostgresStore;
use crate::ids::first_message;
use crate::row::{Columns, rows_of};

/// The oldest message that has ended and still has its deliveries. Ids sort by age.
const NEXT: &str = "
    SELECT id FROM message AS m
    WHERE NOT purged AND id < $1 AND (expanded OR cancelled)
          AND NOT EXISTS (SELECT 1 FROM share AS s WHERE s.message = m.id AND s.open > 0)
    ORDER BY id LIMIT 1";

impl PostgresStore {
    pub(super) async fn purge_deliveries(&self, before: Timestamp, limit: usize) -> sqlx::Result<u64> {
        let mut purged = 0;
        while purged < limit {
            let next = sqlx::query(NEXT).bind(first_message(before).uuid()).fetch_optional(&self.pool).await?;
            let Some(message) = next.map(|row| row.message("id")).transpose()? else { break };
            purged += self.purge_message(message, limit - purged).await?;
        }
        Ok(purged as u64)
    }

    async fn purge_message(&self, message: MessageId, limit: usize) -> sqlx::Result<usize> {
        let mut tx = self.begin().await?;
        // Whoever wants deliveries of the message to go on waits here, and then finds them gone.
        sqlx::query("SELECT 1 FROM message WHERE id = $1 FOR NO KEY UPDATE")
            .bind(message.uuid())
            .execute(&mut *tx)
            .await?;
        // Whoever did so before this keeps them: the next step finds the message no more.
        let open: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM share WHERE message = $1 AND open > 0)")
            .bind(message.uuid())
            .fetch_one(&mut *tx)
            .await?;
        if open {
            return Ok(0);
        }
        let gone = sqlx::query(
            "DELETE FROM delivery WHERE (lane, id) IN (SELECT lane, id FROM delivery WHERE message = $1 ORDER BY id LIMIT $2)",
        )
        .bind(message.uuid())
        .bind(rows_of(limit))
        .execute(&mut *tx)
        .await?
        .rows_affected();
        let gone = usize::try_from(gone).unwrap_or(usize::MAX);
        if gone < limit {
            sqlx::query("DELETE FROM share WHERE message = $1").bind(message.uuid()).execute(&mut *tx).await?;
            sqlx::query("UPDATE message SET purged = true WHERE id = $1")
                .bind(message.uuid())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(gone)
    }
}
