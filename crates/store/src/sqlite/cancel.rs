//! Cancelling a message.

use pregon_domain::{DeliveryState, MessageId, Reason, Timestamp};

use super::row::Columns;
use super::tally::Tallies;
use super::{SqliteStore, Tx};
use crate::code::{Code, reason_code};

impl SqliteStore {
    pub(super) async fn cancel_message(&self, message: MessageId, now: Timestamp) -> sqlx::Result<bool> {
        let mut tx = self.begin().await?;
        let known = sqlx::query("UPDATE message SET cancelled = 1 WHERE id = ?1")
            .bind(&message.uuid().as_bytes()[..])
            .execute(&mut *tx)
            .await?
            .rows_affected();
        stop_unclaimed(&mut tx, message, now).await?;
        tx.commit().await?;
        Ok(known > 0)
    }
}

/// Stops the deliveries of a message that no owner has claimed.
async fn stop_unclaimed(tx: &mut Tx, message: MessageId, now: Timestamp) -> sqlx::Result<()> {
    let waiting = sqlx::query(
        "SELECT d.reason, count(*) AS count
         FROM delivery AS d INDEXED BY delivery_message CROSS JOIN lane AS l ON l.id = d.lane
         WHERE d.message = ?1 AND d.state = 0 AND (d.due, d.id) > (l.mark_due, l.mark_id)
         GROUP BY d.reason",
    )
    .bind(&message.uuid().as_bytes()[..])
    .fetch_all(&mut **tx)
    .await?;
    let mut tallies = Tallies::default();
    for row in &waiting {
        let count: i64 = row.count("count")?;
        tallies.add(message, DeliveryState::Pending, row.reason("reason")?, -count);
        tallies.add(message, DeliveryState::Stopped, Some(Reason::Cancelled), count);
    }
    if waiting.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE delivery SET state = ?2, reason = ?3, updated_at = ?4
         WHERE message = ?1 AND state = 0 AND EXISTS (
             SELECT 1 FROM lane AS l
             WHERE l.id = delivery.lane AND (delivery.due, delivery.id) > (l.mark_due, l.mark_id))",
    )
    .bind(&message.uuid().as_bytes()[..])
    .bind(DeliveryState::Stopped.code())
    .bind(reason_code(Some(Reason::Cancelled)))
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    tallies.write(tx).await
}
