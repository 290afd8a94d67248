//! What was learned of references while their deliveries were worked.

use std::collections::{BTreeMap, BTreeSet};

use pregon_domain::message::Learned;
use pregon_domain::{LaneId, ReferenceId, Timestamp};
use pregon_model::ConversationId;
use sqlx::Row;

use super::people::reference_columns;
use super::row::{small, text};
use super::{PostgresStore, Tx};
use crate::code::Code;
use crate::lesson::{Lesson, lessons, met, same_person};
use crate::record::reference;
use crate::row::Columns;

impl PostgresStore {
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
        let met = |lesson: &Lesson| lesson.met().map(|conversation| text(conversation.as_str()).into_owned());
        sqlx::query(
            "UPDATE reference AS r SET
                 conversation = CASE WHEN s.changed THEN s.conversation ELSE r.conversation END,
                 reach = coalesce(s.reach, r.reach),
                 generation = r.generation + (s.installed AND NOT r.installed)::integer,
                 installed = r.installed OR s.installed,
                 seen_at = $1
             FROM unnest($2::uuid[], $3::boolean[], $4::text[], $5::smallint[], $6::boolean[])
                 AS s (id, changed, conversation, reach, installed)
             WHERE r.id = s.id",
        )
        .bind(now.as_millis())
        .bind(lessons.keys().map(|id| id.uuid()).collect::<Vec<_>>())
        .bind(lessons.values().map(|lesson| lesson.chat.is_some()).collect::<Vec<_>>())
        .bind(lessons.values().map(met).collect::<Vec<_>>())
        .bind(lessons.values().map(|lesson| lesson.reach.map(|reach| small(reach.code()))).collect::<Vec<_>>())
        .bind(lessons.values().map(|lesson| lesson.installed).collect::<Vec<_>>())
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
            "SELECT n.asked, n.met, ",
            reference_columns!(),
            " FROM unnest($2::uuid[], $3::text[], $4::boolean[]) AS n (asked, met, twice)
              LEFT JOIN merged AS g ON g.old = n.asked
              JOIN reference AS r ON r.id = coalesce(g.new, n.asked)
              JOIN lane AS l ON l.id = r.lane
              WHERE n.twice OR EXISTS (SELECT 1 FROM reference AS o
                                       WHERE o.conversation = n.met AND o.lane = $1 AND o.id <> r.id)
              ORDER BY n.asked"
        );
        let wanted = met(learned);
        if wanted.is_empty() {
            return Ok(BTreeSet::new());
        }
        let rows = sqlx::query(CONFLICTS)
            .bind(lane.0)
            .bind(wanted.iter().map(|(id, ..)| id.uuid()).collect::<Vec<_>>())
            .bind(wanted.iter().map(|(_, met, _)| text(met.as_str()).into_owned()).collect::<Vec<_>>())
            .bind(wanted.iter().map(|(.., twice)| *twice).collect::<Vec<_>>())
            .fetch_all(&mut **tx)
            .await?;
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
    let ids: Vec<_> = ids.keys().map(|id| id.uuid()).collect();
    let rows = sqlx::query("SELECT old, new FROM merged WHERE old = ANY ($1)").bind(ids).fetch_all(&mut **tx).await?;
    rows.iter().map(|row| Ok((row.reference("old")?, row.reference("new")?))).collect()
}
