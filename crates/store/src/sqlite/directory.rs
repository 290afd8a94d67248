//! The port of references, people and teams.

use async_trait::async_trait;
use pregon_domain::directory::{Capture, Person, Reach, Reference, Scope};
use pregon_domain::ports::{DirectoryStore, StoreError};
use pregon_domain::{BotName, LaneId, ReferenceId, Timestamp};
use pregon_model::{ConversationId, GroupId, MemberId, ObjectId, ServiceUrl};
use serde_json::json;

use super::capture::resolve;
use super::people::reference_columns;
use super::row::hex;
use super::{SqliteStore, Tx, failed};
use crate::book::member_capture;
use crate::code::Code;
use crate::record::reference;
use crate::row::rows_of;
use crate::rules::REMEMBERED;

/// Old sights dropped with each new one: more than one, so that they shrink.
const PURGED_AT_ONCE: i64 = 64;

macro_rules! select_reference {
    ($rest:literal) => {
        concat!("SELECT ", reference_columns!(), " FROM reference AS r JOIN lane AS l ON l.id = r.lane ", $rest)
    };
}

impl SqliteStore {
    async fn capture_one(&self, capture: &Capture, now: Timestamp) -> sqlx::Result<ReferenceId> {
        let mut tx = self.begin().await?;
        let ids = self.write_captures(&mut tx, capture.lane, std::slice::from_ref(capture), now).await?;
        tx.commit().await?;
        ids.into_iter().next().ok_or(sqlx::Error::RowNotFound)
    }

    async fn capture_page(
        &self,
        lane: LaneId,
        team: ReferenceId,
        service_url: Option<&ServiceUrl>,
        people: &[Person],
        now: Timestamp,
    ) -> sqlx::Result<Vec<ReferenceId>> {
        let captures: Vec<_> = people.iter().map(|person| member_capture(lane, service_url, person)).collect();
        let mut tx = self.begin().await?;
        let ids = self.write_captures(&mut tx, lane, &captures, now).await?;
        let team = resolve(&mut tx, team).await?;
        let people = json!(ids.iter().map(|id| hex(id.uuid())).collect::<Vec<_>>()).to_string();
        sqlx::query("INSERT OR IGNORE INTO membership (team, person) SELECT ?1, unhex(value) FROM json_each(?2)")
            .bind(&team.uuid().as_bytes()[..])
            .bind(&people)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "UPDATE reference SET reach = ?2
             WHERE id IN (SELECT unhex(value) FROM json_each(?1)) AND reach IN (?3, ?4)",
        )
        .bind(&people)
        .bind(Reach::Open.code())
        .bind(Reach::LeftTeam.code())
        .bind(Reach::NotInstalled.code())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(ids)
    }

    async fn leave(&self, lane: LaneId, team: ReferenceId, member: &MemberId) -> sqlx::Result<()> {
        let mut tx = self.begin().await?;
        let team = resolve(&mut tx, team).await?;
        sqlx::query(
            "DELETE FROM membership WHERE team = ?1
             AND person = (SELECT id FROM reference WHERE member_id = ?2 AND lane = ?3)",
        )
        .bind(&team.uuid().as_bytes()[..])
        .bind(member.as_str())
        .bind(lane.0)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "UPDATE reference SET reach = ?3
             WHERE member_id = ?1 AND lane = ?2 AND reach = ?4 AND installed = 0 AND NOT EXISTS (
                 SELECT 1 FROM membership AS m JOIN reference AS t ON t.id = m.team
                 WHERE m.person = reference.id AND t.reach = ?4)",
        )
        .bind(member.as_str())
        .bind(lane.0)
        .bind(Reach::LeftTeam.code())
        .bind(Reach::Open.code())
        .execute(&mut *tx)
        .await?;
        tx.commit().await
    }

    async fn remove_team(&self, team: ReferenceId) -> sqlx::Result<()> {
        let mut tx = self.begin().await?;
        let team = resolve(&mut tx, team).await?;
        sqlx::query("UPDATE reference SET reach = ?2, installed = 0 WHERE id = ?1 OR team = ?1")
            .bind(&team.uuid().as_bytes()[..])
            .bind(Reach::NotInstalled.code())
            .execute(&mut *tx)
            .await?;
        close_members(&mut tx, team).await?;
        sqlx::query("DELETE FROM membership WHERE team = ?1")
            .bind(&team.uuid().as_bytes()[..])
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    async fn one_reference(&self, id: ReferenceId) -> sqlx::Result<Option<Reference>> {
        const ONE: &str = select_reference!("WHERE r.id = coalesce((SELECT new FROM merged WHERE old = ?1), ?1)");
        let row = sqlx::query(ONE).bind(&id.uuid().as_bytes()[..]).fetch_optional(&self.read).await?;
        row.as_ref().map(reference).transpose()
    }

    async fn reference_page(
        &self,
        bot: Option<&BotName>,
        scope: Option<Scope>,
        after: Option<ReferenceId>,
        limit: usize,
    ) -> sqlx::Result<Vec<Reference>> {
        const PAGE: &str = select_reference!(
            "WHERE r.id > ?1 AND (?2 IS NULL OR l.bot = ?2) AND (?3 IS NULL OR r.scope = ?3) ORDER BY r.id LIMIT ?4"
        );
        let rows = sqlx::query(PAGE)
            .bind(after.map(|id| id.uuid().as_bytes().to_vec()).unwrap_or_default())
            .bind(bot.map(BotName::as_str))
            .bind(scope.map(Code::code))
            .bind(rows_of(limit))
            .fetch_all(&self.read)
            .await?;
        rows.iter().map(reference).collect()
    }

    /// The oldest reference of a bot that `sql` finds by `key`.
    async fn find(&self, sql: &'static str, bot: &BotName, key: &str) -> sqlx::Result<Option<Reference>> {
        let row = sqlx::query(sql).bind(bot.as_str()).bind(key).fetch_optional(&self.read).await?;
        row.as_ref().map(reference).transpose()
    }

    async fn write_opt_out(&self, id: ReferenceId, topic: &str, out: bool, now: Timestamp) -> sqlx::Result<()> {
        let mut tx = self.begin().await?;
        let id = resolve(&mut tx, id).await?;
        let sql = if out {
            "INSERT OR IGNORE INTO opt_out (reference, topic, at) VALUES (?1, ?2, ?3)"
        } else {
            "DELETE FROM opt_out WHERE reference = ?1 AND topic = ?2 AND ?3 IS NOT NULL"
        };
        sqlx::query(sql).bind(&id.uuid().as_bytes()[..]).bind(topic).bind(now.as_millis()).execute(&mut *tx).await?;
        tx.commit().await
    }

    async fn has_sight(&self, lane: LaneId, key: &str, now: Timestamp) -> sqlx::Result<bool> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sight WHERE lane = ?1 AND key = ?2 AND at > ?3)")
            .bind(lane.0)
            .bind(key)
            .bind((now - REMEMBERED).as_millis())
            .fetch_one(&self.read)
            .await
    }

    async fn note_sight(&self, lane: LaneId, key: &str, now: Timestamp) -> sqlx::Result<bool> {
        let mut tx = self.begin().await?;
        sqlx::query(
            "DELETE FROM sight WHERE at <= (SELECT max(at) FROM (SELECT at FROM sight WHERE at <= ?1 ORDER BY at LIMIT ?2))",
        )
        .bind((now - REMEMBERED).as_millis())
        .bind(PURGED_AT_ONCE)
        .execute(&mut *tx)
        .await?;
        let noted = sqlx::query(
            "INSERT INTO sight (lane, key, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (lane, key) DO UPDATE SET at = excluded.at WHERE sight.at <= ?4",
        )
        .bind(lane.0)
        .bind(key)
        .bind(now.as_millis())
        .bind((now - REMEMBERED).as_millis())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(noted.rows_affected() > 0)
    }
}

/// Closes the members of a team who can be reached no other way; whoever was closed stays as they are.
async fn close_members(tx: &mut Tx, team: ReferenceId) -> sqlx::Result<()> {
    sqlx::query(
        "UPDATE reference SET reach = ?2
         WHERE id IN (SELECT person FROM membership WHERE team = ?1) AND reach = ?3 AND installed = 0
           AND NOT EXISTS (SELECT 1 FROM membership AS m JOIN reference AS t ON t.id = m.team
                           WHERE m.person = reference.id AND m.team <> ?1 AND t.reach = ?3)",
    )
    .bind(&team.uuid().as_bytes()[..])
    .bind(Reach::NotInstalled.code())
    .bind(Reach::Open.code())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[async_trait]
impl DirectoryStore for SqliteStore {
    async fn capture(&self, capture: &Capture, now: Timestamp) -> Result<ReferenceId, StoreError> {
        self.capture_one(capture, now).await.map_err(failed("capturing a reference"))
    }

    async fn capture_members(
        &self,
        lane: LaneId,
        team: ReferenceId,
        service_url: Option<&ServiceUrl>,
        people: &[Person],
        now: Timestamp,
    ) -> Result<Vec<ReferenceId>, StoreError> {
        self.capture_page(lane, team, service_url, people, now).await.map_err(failed("capturing a team's members"))
    }

    async fn member_left(&self, lane: LaneId, team: ReferenceId, member: &MemberId) -> Result<(), StoreError> {
        self.leave(lane, team, member).await.map_err(failed("removing a member from a team"))
    }

    async fn team_removed(&self, team: ReferenceId) -> Result<(), StoreError> {
        self.remove_team(team).await.map_err(failed("closing a team"))
    }

    async fn reference(&self, id: ReferenceId) -> Result<Option<Reference>, StoreError> {
        self.one_reference(id).await.map_err(failed("reading a reference"))
    }

    async fn references(
        &self,
        bot: Option<&BotName>,
        scope: Option<Scope>,
        after: Option<ReferenceId>,
        limit: usize,
    ) -> Result<Vec<Reference>, StoreError> {
        self.reference_page(bot, scope, after, limit).await.map_err(failed("listing references"))
    }

    async fn find_conversation(&self, bot: &BotName, id: &ConversationId) -> Result<Option<Reference>, StoreError> {
        const FIND: &str = select_reference!("WHERE r.conversation = ?2 AND l.bot = ?1 ORDER BY r.id LIMIT 1");
        self.find(FIND, bot, id.as_str()).await.map_err(failed("finding a conversation"))
    }

    async fn find_team_by_group(&self, bot: &BotName, group: &GroupId) -> Result<Option<Reference>, StoreError> {
        const FIND: &str =
            select_reference!("WHERE r.group_id = ?2 AND r.scope = 1 AND l.bot = ?1 ORDER BY r.id LIMIT 1");
        let group = group.as_str().to_ascii_lowercase();
        self.find(FIND, bot, &group).await.map_err(failed("finding a team"))
    }

    async fn find_email(&self, bot: &BotName, email: &str) -> Result<Option<Reference>, StoreError> {
        const FIND: &str = select_reference!(
            "WHERE (r.email = ?2 OR r.user_principal_name = ?2) AND l.bot = ?1 ORDER BY r.id LIMIT 1"
        );
        self.find(FIND, bot, &email.to_lowercase()).await.map_err(failed("finding a person by address"))
    }

    async fn find_object(&self, bot: &BotName, id: &ObjectId) -> Result<Option<Reference>, StoreError> {
        const FIND: &str = select_reference!("WHERE r.object_id = ?2 AND l.bot = ?1 ORDER BY r.id LIMIT 1");
        let id = id.as_str().to_ascii_lowercase();
        self.find(FIND, bot, &id).await.map_err(failed("finding a person by object id"))
    }

    async fn find_member(&self, bot: &BotName, id: &MemberId) -> Result<Option<Reference>, StoreError> {
        const FIND: &str = select_reference!("WHERE r.member_id = ?2 AND l.bot = ?1 ORDER BY r.id LIMIT 1");
        self.find(FIND, bot, id.as_str()).await.map_err(failed("finding a person by member id"))
    }

    async fn set_opt_out(
        &self,
        reference: ReferenceId,
        topic: &str,
        out: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write_opt_out(reference, topic, out, now).await.map_err(failed("writing an opt-out"))
    }

    async fn seen_before(&self, lane: LaneId, activity_key: &str, now: Timestamp) -> Result<bool, StoreError> {
        self.has_sight(lane, activity_key, now).await.map_err(failed("looking for an activity"))
    }

    async fn first_sight(&self, lane: LaneId, activity_key: &str, now: Timestamp) -> Result<bool, StoreError> {
        self.note_sight(lane, activity_key, now).await.map_err(failed("noting an activity"))
    }
}
