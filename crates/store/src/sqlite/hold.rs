//! Letting a message rest and go on.

use pregon_domain::MessageId;
use pregon_domain::message::Hold;
use sqlx::Row;

use super::SqliteStore;
use crate::code::hold_code;
use crate::row::Columns;

impl SqliteStore {
    pub(super) async fn hold_message(&self, message: MessageId, hold: Option<Hold>) -> sqlx::Result<bool> {
        let uuid = message.uuid();
        let id = &uuid.as_bytes()[..];
        let mut tx = self.begin().await?;
        let row =
            sqlx::query("SELECT hold, auto_pause FROM message WHERE id = ?1").bind(id).fetch_optional(&mut *tx).await?;
        let Some(row) = row else { return Ok(false) };
        let (before, armed): (_, bool) = (row.hold("hold")?, row.try_get("auto_pause")?);
        if hold == Some(Hold::Failures) && !armed {
            return Ok(true);
        }
        let canary_ends = hold.is_none() && before == Some(Hold::Canary);
        // A message that rests after its canary keeps that reason: resuming it ends the canary.
        let hold = hold.map(|hold| before.filter(|before| *before == Hold::Canary).unwrap_or(hold));
        sqlx::query("UPDATE message SET hold = ?2, canary = iif(?3, NULL, canary), auto_pause = ?4 WHERE id = ?1")
            .bind(id)
            .bind(hold_code(hold))
            .bind(canary_ends)
            .bind(armed && hold != Some(Hold::Failures))
            .execute(&mut *tx)
            .await?;
        let rests = hold.is_some_and(|hold| hold != Hold::Canary);
        sqlx::query(
            "UPDATE share SET rest = ?2, allowance = iif(?3, NULL, allowance) WHERE message = ?1 AND rest <> 2",
        )
        .bind(id)
        .bind(rests)
        .bind(canary_ends)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(true)
    }
}
