//! The port of messages.

use std::collections::HashMap;

use async_trait::async_trait;
use pregon_domain::message::{Delivery, Hold, Message, MessageProgress, NewDelivery, Tally};
use pregon_domain::ports::{
    Accepted, DeliveryFilter, Ended, Expansion, Idempotency, MessageStore, Reconsidered, StoreError, Verdict,
};
use pregon_domain::{DeliveryId, DeliveryState, MessageId, Timestamp};
use serde_json::json;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::row::hex;
use super::{SqliteStore, failed};
use crate::code::Code;
use crate::record::delivery;
use crate::row::{Columns, corrupt, rows_of};

fn message_of(row: &SqliteRow) -> sqlx::Result<Message> {
    serde_json::from_str(row.try_get("body")?).map_err(|_| corrupt("message.body", "holds no message of ours"))
}

impl SqliteStore {
    async fn progress(&self, rows: Vec<SqliteRow>) -> sqlx::Result<Vec<MessageProgress>> {
        let messages = rows.iter().map(message_of).collect::<sqlx::Result<Vec<_>>>()?;
        let ids: Vec<_> = messages.iter().map(|message| hex(message.id.uuid())).collect();
        let counts = sqlx::query(
            "SELECT message, state, reason, count FROM tally
             WHERE message IN (SELECT unhex(value) FROM json_each(?1)) AND count > 0
             ORDER BY message, state, reason",
        )
        .bind(json!(ids).to_string())
        .fetch_all(&self.read)
        .await?;
        let mut tallies: HashMap<MessageId, Vec<Tally>> = HashMap::new();
        for row in &counts {
            let tally = Tally { state: row.code("state")?, reason: row.reason("reason")?, count: row.count("count")? };
            tallies.entry(row.message("message")?).or_default().push(tally);
        }
        let progress = |(message, row): (Message, &SqliteRow)| {
            Ok(MessageProgress {
                tallies: tallies.remove(&message.id).unwrap_or_default(),
                message,
                expanded: row.try_get("expanded")?,
                cancelled: row.try_get("cancelled")?,
                hold: row.hold("hold")?,
                purged: row.try_get("purged")?,
            })
        };
        messages.into_iter().zip(&rows).map(progress).collect()
    }

    async fn one_message(&self, id: MessageId) -> sqlx::Result<Option<MessageProgress>> {
        let rows = sqlx::query("SELECT expanded, cancelled, hold, purged, body FROM message WHERE id = ?1")
            .bind(&id.uuid().as_bytes()[..])
            .fetch_all(&self.read)
            .await?;
        Ok(self.progress(rows).await?.pop())
    }

    async fn message_page(&self, after: Option<MessageId>, limit: usize) -> sqlx::Result<Vec<MessageProgress>> {
        let rows = sqlx::query(
            "SELECT expanded, cancelled, hold, purged, body FROM message WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
        )
        // 17 bytes sort after every id.
        .bind(after.map_or_else(|| vec![0xFF; 17], |id| id.uuid().as_bytes().to_vec()))
        .bind(rows_of(limit))
        .fetch_all(&self.read)
        .await?;
        self.progress(rows).await
    }

    async fn due_expansions(&self, now: Timestamp, limit: usize) -> sqlx::Result<Vec<Expansion>> {
        let rows = sqlx::query(
            "SELECT body, cursor FROM message WHERE expanded = 0 AND cancelled = 0 AND expand_at <= ?1
             ORDER BY expand_at, id LIMIT ?2",
        )
        .bind(now.as_millis())
        .bind(rows_of(limit))
        .fetch_all(&self.read)
        .await?;
        rows.iter().map(|row| Ok(Expansion { message: message_of(row)?, cursor: row.try_get("cursor")? })).collect()
    }

    async fn expansion_due(&self) -> sqlx::Result<Option<Timestamp>> {
        let due: Option<i64> =
            sqlx::query_scalar("SELECT min(expand_at) FROM message WHERE expanded = 0 AND cancelled = 0")
                .fetch_one(&self.read)
                .await?;
        Ok(due.map(Timestamp::from_millis))
    }

    async fn delivery_page(&self, message: MessageId, filter: &DeliveryFilter) -> sqlx::Result<Vec<Delivery>> {
        if self.tallied_none(message, filter).await? {
            return Ok(Vec::new());
        }
        let sql = match (filter.reference, filter.state) {
            (Some(_), _) => PAGE_OF_ONE,
            (None, Some(DeliveryState::Stopped | DeliveryState::Uncertain)) => PAGE_OF_MISSED,
            (None, _) => PAGE,
        };
        let page = sqlx::query(sql)
            .bind(&message.uuid().as_bytes()[..])
            .bind(filter.after.map(|id| id.uuid().as_bytes().to_vec()).unwrap_or_default())
            .bind(filter.state.map(Code::code))
            .bind(filter.reason.map(Code::code))
            .bind(rows_of(filter.limit));
        let page = match filter.reference {
            Some(reference) => page.bind(reference.uuid().as_bytes().to_vec()),
            None => page,
        };
        page.fetch_all(&self.read).await?.iter().map(delivery).collect()
    }

    async fn one_delivery(&self, id: DeliveryId) -> sqlx::Result<Option<Delivery>> {
        let row = sqlx::query(ONE_DELIVERY).bind(&id.uuid().as_bytes()[..]).fetch_optional(&self.read).await?;
        row.as_ref().map(delivery).transpose()
    }

    /// Whether the tallies say that nothing matches: then a large message is not read through in vain.
    async fn tallied_none(&self, message: MessageId, filter: &DeliveryFilter) -> sqlx::Result<bool> {
        let some: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM tally WHERE message = ?1 AND count > 0
                            AND (?2 IS NULL OR state = ?2) AND (?3 IS NULL OR reason = ?3))",
        )
        .bind(&message.uuid().as_bytes()[..])
        .bind(filter.state.map(Code::code))
        .bind(filter.reason.map(Code::code))
        .fetch_one(&self.read)
        .await?;
        Ok(!some)
    }
}

macro_rules! select_delivery {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.message, d.reference, d.address, r.scope, r.name, r.email, d.state, d.reason, d.detail,
                    d.attempts, d.doubted, d.due, d.updated_at, d.activity, d.thread_root ",
            $rest
        )
    };
}

const PAGE: &str = select_delivery!(
    "FROM delivery AS d INDEXED BY delivery_message LEFT JOIN reference AS r ON r.id = d.reference
     WHERE d.message = ?1 AND d.id > ?2 AND (?3 IS NULL OR d.state = ?3) AND (?4 IS NULL OR d.reason = ?4)
     ORDER BY d.id LIMIT ?5"
);

const PAGE_OF_MISSED: &str = select_delivery!(
    "FROM delivery AS d INDEXED BY delivery_missed LEFT JOIN reference AS r ON r.id = d.reference
     WHERE d.message = ?1 AND d.state >= 2 AND d.state = ?3 AND d.id > ?2 AND (?4 IS NULL OR d.reason = ?4)
     ORDER BY d.id LIMIT ?5"
);

// At most one row: nobody gets a message twice.
const PAGE_OF_ONE: &str = select_delivery!(
    "FROM delivery AS d INDEXED BY delivery_once LEFT JOIN reference AS r ON r.id = d.reference
     WHERE d.message = ?1 AND d.reference = coalesce((SELECT new FROM merged WHERE old = ?6), ?6)
           AND d.id > ?2 AND (?3 IS NULL OR d.state = ?3) AND (?4 IS NULL OR d.reason = ?4)
     LIMIT ?5"
);

// By key in each lane: an index of its own by id would cost every delivery some thirty bytes and a write.
const ONE_DELIVERY: &str = select_delivery!(
    "FROM lane AS l CROSS JOIN delivery AS d ON d.lane = l.id AND d.id = ?1
     LEFT JOIN reference AS r ON r.id = d.reference LIMIT 1"
);

#[async_trait]
impl MessageStore for SqliteStore {
    async fn accept(&self, message: &Message, idempotency: Option<&Idempotency>) -> Result<Accepted, StoreError> {
        self.accept_message(message, idempotency).await.map_err(failed("accepting a message"))
    }

    async fn repeated(&self, request: &Idempotency, now: Timestamp) -> Result<Option<Accepted>, StoreError> {
        self.repeated_request(request, now).await.map_err(failed("looking for an earlier request"))
    }

    async fn message(&self, id: MessageId) -> Result<Option<MessageProgress>, StoreError> {
        self.one_message(id).await.map_err(failed("reading a message"))
    }

    async fn messages(&self, after: Option<MessageId>, limit: usize) -> Result<Vec<MessageProgress>, StoreError> {
        self.message_page(after, limit).await.map_err(failed("listing messages"))
    }

    async fn expansions(&self, now: Timestamp, limit: usize) -> Result<Vec<Expansion>, StoreError> {
        self.due_expansions(now, limit).await.map_err(failed("looking for audiences to work out"))
    }

    async fn next_expansion(&self) -> Result<Option<Timestamp>, StoreError> {
        self.expansion_due().await.map_err(failed("looking for the next audience"))
    }

    async fn expand(
        &self,
        message: MessageId,
        deliveries: &[NewDelivery],
        cursor: Option<&str>,
        done: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.expand_chunk(message, deliveries, cursor, done, now).await.map_err(failed("adding deliveries"))
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.one_delivery(id).await.map_err(failed("reading a delivery"))
    }

    async fn deliveries(&self, message: MessageId, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreError> {
        self.delivery_page(message, filter).await.map_err(failed("listing deliveries"))
    }

    async fn cancel(&self, message: MessageId) -> Result<bool, StoreError> {
        self.cancel_message(message).await.map_err(failed("cancelling a message"))
    }

    async fn stop_cancelled(&self, limit: usize, now: Timestamp) -> Result<u64, StoreError> {
        self.stop_cancelled_deliveries(limit, now).await.map_err(failed("stopping cancelled deliveries"))
    }

    async fn hold(&self, message: MessageId, hold: Option<Hold>) -> Result<bool, StoreError> {
        self.hold_message(message, hold).await.map_err(failed("pausing or resuming a message"))
    }

    async fn reconsider(
        &self,
        message: MessageId,
        which: &Ended,
        verdict: Verdict,
        after: Option<DeliveryId>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Reconsidered, StoreError> {
        let changed = self.reconsider_deliveries(message, which, verdict, after, limit, now);
        changed.await.map_err(failed("deciding deliveries anew"))
    }

    async fn purge(&self, before: Timestamp, limit: usize) -> Result<u64, StoreError> {
        self.purge_deliveries(before, limit).await.map_err(failed("purging deliveries"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_delivery_is_found_by_key_however_many_there_are() {
        let home = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&home.path().join("pregon.db")).await.unwrap();
        for (sql, by) in [
            (ONE_DELIVERY, "d USING PRIMARY KEY (lane=? AND id=?)"),
            (PAGE_OF_ONE, "d USING INDEX delivery_once (message=? AND reference=?)"),
            (PAGE_OF_MISSED, "d USING INDEX delivery_missed (message=? AND state=? AND id>?)"),
            (PAGE, "d USING INDEX delivery_message (message=? AND id>?)"),
        ] {
            let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let plan = sqlx::query(explain).fetch_all(&store.read).await.unwrap();
            let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
            assert!(plan.iter().any(|step| step.contains(by)), "{plan:?}");
            assert!(plan.iter().all(|step| !step.contains("TEMP B-TREE")), "{plan:?}");
        }
    }
}
