//! The counts of a message's deliveries, changed with every change of theirs.

use std::collections::BTreeMap;

use pregon_domain::{MessageId, Reason};
use serde_json::json;

use super::Tx;
use super::row::hex;
use crate::code::{Code, reason_code};
use pregon_domain::DeliveryState;

/// Changes to the counts of one transaction.
#[derive(Debug, Default)]
pub(super) struct Tallies(BTreeMap<(MessageId, i64, i64), i64>);

impl Tallies {
    /// So many more (or, negative, fewer) deliveries of a message stand there.
    pub(super) fn add(&mut self, message: MessageId, state: DeliveryState, reason: Option<Reason>, count: i64) {
        *self.0.entry((message, state.code(), reason_code(reason))).or_default() += count;
    }

    /// Writes the changes.
    pub(super) async fn write(self, tx: &mut Tx) -> sqlx::Result<()> {
        let rows: Vec<_> = (self.0.into_iter())
            .filter(|(_, count)| *count != 0)
            .map(|((message, state, reason), count)| json!([hex(message.uuid()), state, reason, count]))
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO tally (message, state, reason, count)
             SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3 FROM json_each(?1) WHERE true
             ON CONFLICT (message, state, reason) DO UPDATE SET count = count + excluded.count",
        )
        .bind(json!(rows).to_string())
        .execute(&mut **tx)
        .await?;
        Ok(())
    }
}
