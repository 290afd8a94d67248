//! Letting a message rest and go on.

use pregon_domain::MessageId;
use pregon_domain::message::Hold;
use sqlx::Row;

use super::PostgresStore;
use super::row::small;
use crate::code::hold_code;
use crate::row::Columns;

impl PostgresStore {
    pub(super) async fn hold_message(&self, message: MessageId, hold: Option<Hold>) -> sqlx::Result<bool> {
        let mut tx = self.begin().await?;
        let row = sqlx::query("SELECT hold, auto_pause FROM message WHERE id = $1 FOR NO KEY UPDATE")
            .bind(message.uuid())
            .fetch_optional(&mut *tx)
            .await?;
        let Some(row) = row else { return Ok(false) };
        let (before, armed): (_, bool) = (row.hold("hold")?, row.try_get("auto_pause")?);
        if hold == Some(Hold::Failures) && !armed {
            return Ok(true);
        }
        let canary_ends = hold.is_none() && before == Some(Hold::Canary);
        // A message that rests after its canary keeps that reason: resuming it ends the canary.
        let hold = hold.map(|hold| before.filter(|before| *before == Hold::Canary).unwrap_or(hold));
        sqlx::query(
            "UPDATE message SET hold = $2, canary = CASE WHEN $3 THEN NULL ELSE canary END, auto_pause = $4
             WHERE id = $1",
        )
        .bind(message.uuid())
        .bind(small(hold_code(hold)))
        .bind(canary_ends)
        .bind(armed && hold != Some(Hold::Failures))
        .execute(&mut *tx)
        .await?;
        let rests = hold.is_some_and(|hold| hold != Hold::Canary);
        // No lane is locked: whether a share rests is nobody's but its message's.
        sqlx::query(
            "UPDATE share SET rest = $2, allowance = CASE WHEN $3 THEN NULL ELSE allowance END
             WHERE message = $1 AND rest <> 2",
        )
        .bind(message.uuid())
        .bind(i16::from(rests))
        .bind(canary_ends)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }
}
