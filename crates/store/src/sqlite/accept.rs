//! Accepting a message, once per request.

use pregon_domain::Timestamp;
use pregon_domain::message::Message;
use pregon_domain::ports::{Accepted, Idempotency};
use sqlx::Row;

use super::{SqliteStore, Tx};
use crate::code::{Code, operation_code};
use crate::row::Columns;
use crate::rules::REMEMBERED;

/// Rows of old repetition records dropped with each new one: more than one, so that they shrink.
const PURGED_AT_ONCE: i64 = 64;

impl SqliteStore {
    pub(super) async fn repeated_request(
        &self,
        request: &Idempotency,
        now: Timestamp,
    ) -> sqlx::Result<Option<Accepted>> {
        remembered(&self.read, request, now).await
    }

    pub(super) async fn accept_message(
        &self,
        message: &Message,
        idempotency: Option<&Idempotency>,
    ) -> sqlx::Result<Accepted> {
        let body = serde_json::to_string(message).map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
        let mut tx = self.begin().await?;
        if let Some(request) = idempotency
            && let Some(before) = repetition(&mut tx, request, message).await?
        {
            return Ok(before);
        }
        sqlx::query(
            "INSERT INTO message (id, topic, policy, operation, expand_at, body, priority, canary, auto_pause)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )
        .bind(&message.id.uuid().as_bytes()[..])
        .bind(&message.topic)
        .bind(message.policy.code())
        .bind(operation_code(message.operation))
        .bind(message.send_at.unwrap_or(message.created_at).as_millis())
        .bind(body)
        .bind(message.priority.code())
        .bind(message.canary.map(|canary| canary.percent))
        .bind(message.auto_pause.is_some())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Accepted::New)
    }
}

/// The message of an earlier request with this key, if it was made within the time it is remembered.
async fn remembered(
    database: impl sqlx::SqliteExecutor<'_>,
    request: &Idempotency,
    now: Timestamp,
) -> sqlx::Result<Option<Accepted>> {
    let before = sqlx::query("SELECT body_hash, message FROM idempotency WHERE owner = ?1 AND key = ?2 AND at > ?3")
        .bind(&request.owner)
        .bind(&request.key)
        .bind((now - REMEMBERED).as_millis())
        .fetch_optional(database)
        .await?;
    let Some(row) = before else { return Ok(None) };
    let same = row.try_get::<&[u8], _>("body_hash")? == request.body_hash;
    Ok(Some(if same { Accepted::Same(row.message("message")?) } else { Accepted::Conflict }))
}

/// The same within the transaction that accepts a message; a request not made before is noted.
async fn repetition(tx: &mut Tx, request: &Idempotency, message: &Message) -> sqlx::Result<Option<Accepted>> {
    let now = message.created_at;
    sqlx::query(
        "DELETE FROM idempotency WHERE at <=
             (SELECT max(at) FROM (SELECT at FROM idempotency WHERE at <= ?1 ORDER BY at LIMIT ?2))",
    )
    .bind((now - REMEMBERED).as_millis())
    .bind(PURGED_AT_ONCE)
    .execute(&mut **tx)
    .await?;
    let before = remembered(&mut **tx, request, now).await?;
    if before.is_some() {
        return Ok(before);
    }
    sqlx::query("REPLACE INTO idempotency (owner, key, body_hash, message, at) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(&request.owner)
        .bind(&request.key)
        .bind(&request.body_hash)
        .bind(&message.id.uuid().as_bytes()[..])
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?;
    Ok(None)
}
