//! The port of messages.

use std::collections::HashMap;

use async_trait::async_trait;
use pregon_domain::message::{Delivery, Hold, Message, MessageProgress, NewDelivery, Tally};
use pregon_domain::ports::{
    Accepted, DeliveryFilter, Ended, Expansion, Idempotency, MessageStore, Reconsidered, StoreError, Verdict,
};
use pregon_domain::{DeliveryId, DeliveryState, MessageId, Timestamp};
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use super::row::small;
use super::{PostgresStore, failed};
use crate::code::Code;
use crate::record::delivery;
use crate::row::{Columns, corrupt, rows_of};

fn message_of(row: &PgRow) -> sqlx::Result<Message> {
    serde_json::from_str(row.try_get("body")?).map_err(|_| corrupt("message.body", "holds no message of ours"))
}

impl PostgresStore {
    async fn progress(&self, rows: Vec<PgRow>) -> sqlx::Result<Vec<MessageProgress>> {
        let messages = rows.iter().map(message_of).collect::<sqlx::Result<Vec<_>>>()?;
        let ids: Vec<_> = messages.iter().map(|message| message.id.uuid()).collect();
        let counts = sqlx::query(
            "SELECT message, state, reason, sum(count)::bigint AS count FROM tally WHERE message = ANY ($1)
             GROUP BY message, state, reason HAVING sum(count) > 0 ORDER BY message, state, reason",
        )
        .bind(ids)
        .fetch_all(&self.pool)
        .await?;
        let mut tallies: HashMap<MessageId, Vec<Tally>> = HashMap::new();
        for row in &counts {
            let tally = Tally { state: row.code("state")?, reason: row.reason("reason")?, count: row.count("count")? };
            tallies.entry(row.message("message")?).or_default().push(tally);
        }
        let progress = |(message, row): (Message, &PgRow)| {
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
        let rows = sqlx::query("SELECT expanded, cancelled, hold, purged, body FROM message WHERE id = $1")
            .bind(id.uuid())
            .fetch_all(&self.pool)
            .await?;
        Ok(self.progress(rows).await?.pop())
    }

    async fn message_page(&self, after: Option<MessageId>, limit: usize) -> sqlx::Result<Vec<MessageProgress>> {
        let rows = sqlx::query(
            "SELECT expanded, cancelled, hold, purged, body FROM message WHERE id < $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(after.map_or(Uuid::max(), MessageId::uuid))
        .bind(rows_of(limit))
        .fetch_all(&self.pool)
        .await?;
        self.progress(rows).await
    }

    async fn due_expansions(&self, now: Timestamp, limit: usize) -> sqlx::Result<Vec<Expansion>> {
        let rows = sqlx::query(
            "SELECT body, cursor FROM message WHERE NOT expanded AND NOT cancelled AND expand_at <= $1
             ORDER BY expand_at, id LIMIT $2",
        )
        .bind(now.as_millis())
        .bind(rows_of(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| Ok(Expansion { message: message_of(row)?, cursor: row.try_get("cursor")? })).collect()
    }

    async fn expansion_due(&self) -> sqlx::Result<Option<Timestamp>> {
        let due: Option<i64> =
            sqlx::query_scalar("SELECT min(expand_at) FROM message WHERE NOT expanded AND NOT cancelled")
                .fetch_one(&self.pool)
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
            .bind(message.uuid())
            .bind(filter.after.map_or(Uuid::nil(), DeliveryId::uuid))
            .bind(filter.state.map(|state| small(state.code())))
            .bind(filter.reason.map(|reason| small(reason.code())))
            .bind(rows_of(filter.limit));
        let page = match filter.reference {
            Some(reference) => page.bind(reference.uuid()),
            None => page,
        };
        page.fetch_all(&self.pool).await?.iter().map(delivery).collect()
    }

    async fn one_delivery(&self, id: DeliveryId) -> sqlx::Result<Option<Delivery>> {
        let row = sqlx::query(ONE_DELIVERY).bind(id.uuid()).fetch_optional(&self.pool).await?;
        row.as_ref().map(delivery).transpose()
    }

    /// Whether the tallies say that nothing matches: then a large message is not read through in vain.
    async fn tallied_none(&self, message: MessageId, filter: &DeliveryFilter) -> sqlx::Result<bool> {
        let some: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM tally WHERE message = $1 AND count > 0
                            AND ($2::smallint IS NULL OR state = $2) AND ($3::smallint IS NULL OR reason = $3))",
        )
        .bind(message.uuid())
        .bind(filter.state.map(|state| small(state.code())))
        .bind(filter.reason.map(|reason| small(reason.code())))
        .fetch_one(&self.pool)
        .await?;
        Ok(!some)
    }
}

macro_rules! select_delivery {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.message, d.reference, d.address, r.scope, r.name, r.email, d.state, d.reason, d.detail,
                    d.attempts::bigint AS attempts, d.doubted, d.due, d.updated_at, d.activity, d.thread_root ",
            $rest
        )
    };
}

const PAGE: &str = select_delivery!(
    "FROM delivery AS d LEFT JOIN reference AS r ON r.id = d.reference
     WHERE d.message = $1 AND d.id > $2 AND ($3::smallint IS NULL OR d.state = $3)
           AND ($4::smallint IS NULL OR d.reason = $4)
     ORDER BY d.id LIMIT $5"
);

const PAGE_OF_MISSED: &str = select_delivery!(
    "FROM delivery AS d LEFT JOIN reference AS r ON r.id = d.reference
     WHERE d.message = $1 AND d.state >= 2 AND d.state = $3 AND d.id > $2
           AND ($4::smallint IS NULL OR d.reason = $4)
     ORDER BY d.id LIMIT $5"
);

// At most one row: nobody gets a message twice.
const PAGE_OF_ONE: &str = select_delivery!(
    "FROM delivery AS d LEFT JOIN reference AS r ON r.id = d.reference
     WHERE d.message = $1 AND d.reference = coalesce((SELECT new FROM merged WHERE old = $6), $6)
           AND d.id > $2 AND ($3::smallint IS NULL OR d.state = $3) AND ($4::smallint IS NULL OR d.reason = $4)
     LIMIT $5"
);

// By key in each lane: an index of its own by id would cost every delivery some thirty bytes and a write. As
// an array, for PostgreSQL then looks each up.
const ONE_DELIVERY: &str = select_delivery!(
    "FROM delivery AS d LEFT JOIN reference AS r ON r.id = d.reference
     WHERE d.lane = ANY (ARRAY (SELECT id FROM lane)) AND d.id = $1"
);

#[async_trait]
impl MessageStore for PostgresStore {
    async fn accept(&self, message: &Message, idempotency: Option<&Idempotency>) -> Result<Accepted, StoreError> {
        self.whole("accepting a message", || self.accept_message(message, idempotency)).await
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
        self.whole("adding deliveries", || self.expand_chunk(message, deliveries, cursor, done, now)).await
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        self.one_delivery(id).await.map_err(failed("reading a delivery"))
    }

    async fn deliveries(&self, message: MessageId, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreError> {
        self.delivery_page(message, filter).await.map_err(failed("listing deliveries"))
    }

    async fn cancel(&self, message: MessageId) -> Result<bool, StoreError> {
        self.whole("cancelling a message", || self.cancel_message(message)).await
    }

    async fn stop_cancelled(&self, limit: usize, now: Timestamp) -> Result<u64, StoreError> {
        self.whole("stopping cancelled deliveries", || self.stop_cancelled_deliveries(limit, now)).await
    }

    async fn hold(&self, message: MessageId, hold: Option<Hold>) -> Result<bool, StoreError> {
        self.whole("pausing or resuming a message", || self.hold_message(message, hold)).await
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
        let decide = || self.reconsider_deliveries(message, which, verdict, after, limit, now);
        self.whole("deciding deliveries anew", decide).await
    }

    async fn purge(&self, before: Timestamp, limit: usize) -> Result<u64, StoreError> {
        self.whole("purging deliveries", || self.purge_deliveries(before, limit)).await
    }
}

#[cfg(all(test, feature = "cluster"))]
mod tests {
    use super::*;
    use crate::postgres::plan::Planner;

    #[tokio::test]
    async fn deliveries_are_found_by_key_however_many_there_are() {
        let planner = Planner::new().await;
        let (id, none) = (Uuid::nil(), None::<i16>);
        for (sql, state, by) in [(PAGE, 1_i16, "delivery_message"), (PAGE_OF_MISSED, 3, "delivery_missed")] {
            let plan = planner.plan(sql, |query| query.bind(id).bind(id).bind(state).bind(none).bind(100_i64)).await;
            assert!(plan.contains(&format!("Index Scan using {by} on delivery")) && !plan.contains("Sort"), "{plan}");
        }
        let bind = |query: sqlx::query::Query<'static, _, _>| {
            query.bind(id).bind(id).bind(none).bind(none).bind(9_i64).bind(id)
        };
        let plan = planner.plan(PAGE_OF_ONE, bind).await;
        assert!(plan.contains("Index Scan using delivery_once on delivery"), "{plan}");
        let plan = planner.plan(ONE_DELIVERY, |query| query.bind(id)).await;
        assert!(plan.contains("using delivery_pkey on delivery") && plan.contains("lane = ANY"), "{plan}");
    }
}
