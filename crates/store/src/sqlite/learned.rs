//! What was learned of references while their deliveries were worked.

use std::collections::{BTreeMap, BTreeSet};

use pregon_domain::message::Learned;
use pregon_domain::{LaneId, ReferenceId, Timestamp};
use pregon_model::ConversationId;
use serde_json::{Value, json};
use sqlx::Row;

use super::people::reference_columns;
use super::row::hex;
use super::{SqliteStore, Tx};
use crate::code::Code;
use crate::lesson::{Lesson, lessons, met, same_person};
use crate::record::reference;
use crate::row::Columns;

impl SqliteStore {
    pub(super) async fn write_learned(
        &self,
        tx: &mut Tx,
        lane: LaneId,
        learned: &[Learned],
        now: Timestamp,
    ) -> sqlx::Result<()> {
        if learned.is_empty() {
            return Ok(());
        }
        let settled = self.settle_conflicts(tx, lane, learned, now).await?;
        let merged = merged(tx, learned).await?;
        let lessons = lessons(learned, &settled, |id| merged.get(&id).copied().unwrap_or(id));
        let rows: Vec<_> = lessons.iter().map(lesson_row).collect();
        sqlx::query(
            "UPDATE reference SET
                 conversation = iif(s.changed, s.conversation, reference.conversation),
                 reach = coalesce(s.reach, reference.reach),
                 generation = generation + (s.installed AND NOT reference.installed),
                 installed = (reference.installed OR s.installed),
                 seen_at = ?2
             FROM (SELECT unhex(value ->> 0) AS id, value ->> 1 AS changed, value ->> 2 AS conversation,
                          value ->> 3 AS reach, value ->> 4 AS installed
                   FROM json_each(?1)) AS s
             WHERE reference.id = s.id",
        )
        .bind(Value::Array(rows).to_string())
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// Merges people whom the channel gave a conversation that another record has, and answers whose
    /// conversations need not be written any more.
    async fn settle_conflicts(
        &self,
        tx: &mut Tx,
        lane: LaneId,
        learned: &[Learned],
        now: Timestamp,
    ) -> sqlx::Result<BTreeSet<ReferenceId>> {
        const CONFLICTS: &str = concat!(
            "SELECT unhex(j.value ->> 0) AS asked, j.value ->> 1 AS met, ",
            reference_columns!(),
            " FROM json_each(?2) AS j
              LEFT JOIN merged AS g ON g.old = unhex(j.value ->> 0)
              CROSS JOIN reference AS r ON r.id = coalesce(g.new, unhex(j.value ->> 0))
              CROSS JOIN lane AS l ON l.id = r.lane
              WHERE j.value ->> 2 OR EXISTS (SELECT 1 FROM reference AS o
                                             WHERE o.conversation = j.value ->> 1 AND o.lane = ?1 AND o.id <> r.id)"
        );
        let row =
            |(id, met, twice): (ReferenceId, ConversationId, bool)| json!([hex(id.uuid()), met, i64::from(twice)]);
        let wanted: Vec<_> = met(learned).into_iter().map(row).collect();
        if wanted.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows =
            sqlx::query(CONFLICTS).bind(lane.0).bind(Value::Array(wanted).to_string()).fetch_all(&mut **tx).await?;
        let (mut settled, mut captures) = (BTreeSet::new(), Vec::new());
        for row in &rows {
            settled.insert(row.reference("asked")?);
            let conversation = ConversationId::new(row.try_get::<String, _>("met")?);
            captures.extend(same_person(&reference(row)?, &conversation));
        }
        self.write_captures(tx, lane, &captures, now).await?;
        Ok(settled)
    }
}

/// Where ids of merged records lead to.
async fn merged(tx: &mut Tx, learned: &[Learned]) -> sqlx::Result<BTreeMap<ReferenceId, ReferenceId>> {
    let ids = lessons(learned, &BTreeSet::new(), |id| id);
    let ids: Vec<_> = ids.keys().map(|id| hex(id.uuid())).collect();
    let rows = sqlx::query("SELECT old, new FROM merged WHERE old IN (SELECT unhex(value) FROM json_each(?1))")
        .bind(json!(ids).to_string())
        .fetch_all(&mut **tx)
        .await?;
    rows.iter().map(|row| Ok((row.reference("old")?, row.reference("new")?))).collect()
}

fn lesson_row((id, lesson): (&ReferenceId, &Lesson)) -> Value {
    json!([
        hex(id.uuid()),
        i64::from(lesson.chat.is_some()),
        lesson.met(),
        lesson.reach.map(Code::code),
        i64::from(lesson.installed),
    ])
}
