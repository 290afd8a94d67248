//! What was learned of references while their deliveries were worked.

use std::collections::BTreeMap;

use pregon_domain::directory::{Capture, CaptureChange, Reach, Scope};
use pregon_domain::message::Learned;
use pregon_domain::{LaneId, ReferenceId, Timestamp};
use pregon_model::ConversationId;
use serde_json::{Value, json};
use sqlx::Row;

use super::people::{reference, reference_columns};
use super::row::{Columns, hex};
use super::{SqliteStore, Tx};
use crate::code::Code;

/// All that a batch learned of one reference; the last word counts.
#[derive(Default)]
struct Lesson {
    /// `Some(None)`: it has none any more.
    conversation: Option<Option<ConversationId>>,
    reach: Option<Reach>,
    installed: bool,
}

fn lessons(learned: &[Learned]) -> BTreeMap<ReferenceId, Lesson> {
    let mut lessons: BTreeMap<_, Lesson> = BTreeMap::new();
    for one in learned {
        match one {
            Learned::Conversation(id, conversation) => {
                lessons.entry(*id).or_default().conversation = Some(Some(conversation.clone()));
            }
            Learned::NoConversation(id) => lessons.entry(*id).or_default().conversation = Some(None),
            Learned::Reach(id, reach) => lessons.entry(*id).or_default().reach = Some(*reach),
            Learned::Installed(id) => {
                let lesson = lessons.entry(*id).or_default();
                lesson.installed = true;
                lesson.reach = Some(Reach::Open);
            }
        }
    }
    lessons
}

impl SqliteStore {
    pub(super) async fn write_learned(
        &self,
        tx: &mut Tx,
        lane: LaneId,
        learned: &[Learned],
        now: Timestamp,
    ) -> sqlx::Result<()> {
        let mut lessons = lessons(learned);
        if lessons.is_empty() {
            return Ok(());
        }
        self.settle_conflicts(tx, lane, &mut lessons, now).await?;
        let rows: Vec<_> = lessons.iter().map(lesson_row).collect();
        sqlx::query(
            "UPDATE reference SET
                 conversation = iif(s.changed, s.conversation, reference.conversation),
                 reach = coalesce(s.reach, reference.reach),
                 generation = generation + (s.installed AND NOT reference.installed),
                 installed = (reference.installed OR s.installed),
                 seen_at = ?2
             FROM (SELECT coalesce(g.new, unhex(value ->> 0)) AS id, value ->> 1 AS changed,
                          value ->> 2 AS conversation, value ->> 3 AS reach, value ->> 4 AS installed
                   FROM json_each(?1) LEFT JOIN merged AS g ON g.old = unhex(value ->> 0)) AS s
             WHERE reference.id = s.id",
        )
        .bind(Value::Array(rows).to_string())
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?;
        Ok(())
    }

    /// A conversation that another record has shows that the two are one person: that is written as a
    /// capture, which merges them. A conversation of another kind is not believed.
    async fn settle_conflicts(
        &self,
        tx: &mut Tx,
        lane: LaneId,
        lessons: &mut BTreeMap<ReferenceId, Lesson>,
        now: Timestamp,
    ) -> sqlx::Result<()> {
        const CONFLICTS: &str = concat!(
            "SELECT unhex(j.value ->> 0) AS asked, j.value ->> 1 AS wanted, ",
            reference_columns!(),
            " FROM json_each(?2) AS j
              LEFT JOIN merged AS g ON g.old = unhex(j.value ->> 0)
              CROSS JOIN reference AS r ON r.id = coalesce(g.new, unhex(j.value ->> 0))
              CROSS JOIN lane AS l ON l.id = r.lane
              WHERE j.value ->> 2 OR EXISTS (SELECT 1 FROM reference AS o
                                             WHERE o.conversation = j.value ->> 1 AND o.lane = ?1 AND o.id <> r.id)"
        );
        let met = |(id, lesson): (&ReferenceId, &Lesson)| Some((*id, lesson.conversation.clone().flatten()?));
        let met: Vec<_> = lessons.iter().filter_map(met).collect();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, conversation) in &met {
            *seen.entry(conversation.as_str()).or_default() += 1;
        }
        // Two records of one person may both have been worked in this batch.
        let twice = |conversation: &ConversationId| i64::from(seen[conversation.as_str()] > 1);
        let wanted: Vec<_> = met.iter().map(|(id, met)| json!([hex(id.uuid()), met, twice(met)])).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let rows =
            sqlx::query(CONFLICTS).bind(lane.0).bind(Value::Array(wanted).to_string()).fetch_all(&mut **tx).await?;
        let mut captures = Vec::new();
        for row in &rows {
            if let Some(lesson) = lessons.get_mut(&row.reference("asked")?) {
                lesson.conversation = None;
            }
            let record = reference(row)?;
            if record.scope == Scope::Personal {
                captures.push(Capture {
                    lane: record.lane,
                    scope: record.scope,
                    conversation: Some(ConversationId::new(row.try_get::<String, _>("wanted")?)),
                    service_url: None,
                    person: record.person,
                    name: None,
                    team: None,
                    group: None,
                    change: CaptureChange::Seen,
                });
            }
        }
        self.write_captures(tx, lane, &captures, now).await?;
        Ok(())
    }
}

fn lesson_row((id, lesson): (&ReferenceId, &Lesson)) -> Value {
    json!([
        hex(id.uuid()),
        i64::from(lesson.conversation.is_some()),
        lesson.conversation.clone().flatten(),
        lesson.reach.map(Code::code),
        i64::from(lesson.installed),
    ])
}
