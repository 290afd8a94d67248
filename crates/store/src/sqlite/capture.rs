//! Writing captures: loads the records they may be about, lets the book decide, writes what changed.

use std::collections::{BTreeMap, BTreeSet};

use pregon_domain::directory::{Capture, CaptureChange, Reference, Scope};
use pregon_domain::{LaneId, ReferenceId, Timestamp};
use serde_json::{Value, json};

use super::merge::follow;
use super::people::{reference_columns, reference_row};
use super::row::hex;
use super::{SqliteStore, Tx};
use crate::book::{Book, Scene, lower_object};
use crate::record::{lane_key, reference};
use crate::row::Columns;

impl SqliteStore {
    /// Writes captures of one lane; answers their records in the order given.
    pub(super) async fn write_captures(
        &self,
        tx: &mut Tx,
        lane: LaneId,
        captures: &[Capture],
        now: Timestamp,
    ) -> sqlx::Result<Vec<ReferenceId>> {
        if captures.is_empty() {
            return Ok(Vec::new());
        }
        let row = sqlx::query("SELECT bot, tenant FROM lane WHERE id = ?1").bind(lane.0).fetch_one(&mut **tx).await?;
        let key = lane_key(&row)?;
        let captures = resolve_teams(tx, captures).await?;
        let mut book = load(tx, lane, &captures).await?;
        let keys_before: BTreeMap<_, _> = book.all().map(|record| (record.id, keys(record))).collect();
        let covered = covered(tx, &book, &captures).await?;
        let scene = Scene { key: &key, covered: &covered, ids: &self.ids, now };
        let mut ids: Vec<_> = captures.iter().map(|capture| book.capture(capture, &scene)).collect();
        // A later capture may have found two earlier ones to be the same.
        for (gone, kept) in &book.merged {
            ids.iter_mut().filter(|id| *id == gone).for_each(|id| *id = *kept);
        }
        free_keys(tx, &book, &keys_before).await?;
        save(tx, &book).await?;
        for (gone, kept) in &book.merged {
            if keys_before.contains_key(gone) {
                follow(tx, *gone, *kept).await?;
            }
        }
        Ok(ids)
    }
}

/// The unique keys of a record.
fn keys(record: &Reference) -> [Option<String>; 3] {
    let person = record.person.as_ref();
    [
        record.conversation.as_ref().map(|id| id.as_str().to_owned()),
        person.and_then(|p| p.member_id.as_ref()).map(|id| id.as_str().to_owned()),
        person.and_then(|p| p.object_id.as_ref()).map(|id| id.as_str().to_owned()),
    ]
}

/// A caller may still hold the id of a team that was merged away.
async fn resolve_teams(tx: &mut Tx, captures: &[Capture]) -> sqlx::Result<Vec<Capture>> {
    let mut captures = captures.to_vec();
    for capture in &mut captures {
        if let Some(team) = capture.team {
            capture.team = Some(resolve(tx, team).await?);
        }
    }
    Ok(captures)
}

/// What an id once given out leads to now.
pub(super) async fn resolve(tx: &mut Tx, id: ReferenceId) -> sqlx::Result<ReferenceId> {
    let row = sqlx::query("SELECT new FROM merged WHERE old = ?1")
        .bind(&id.uuid().as_bytes()[..])
        .fetch_optional(&mut **tx)
        .await?;
    row.map_or(Ok(id), |row| row.reference("new"))
}

const LOAD: &str = concat!(
    "SELECT ",
    reference_columns!(),
    " FROM reference AS r JOIN lane AS l ON l.id = r.lane WHERE r.id IN (
        SELECT id FROM reference WHERE lane = ?1 AND conversation IN (SELECT value FROM json_each(?2))
        UNION
        SELECT id FROM reference WHERE lane = ?1 AND member_id IN (SELECT value FROM json_each(?3))
        UNION
        SELECT id FROM reference WHERE lane = ?1 AND object_id IN (SELECT value FROM json_each(?4))
        UNION
        SELECT id FROM reference WHERE lane = ?1 AND group_id IN (SELECT value FROM json_each(?5)))"
);

async fn load(tx: &mut Tx, lane: LaneId, captures: &[Capture]) -> sqlx::Result<Book> {
    let people = || captures.iter().filter_map(|capture| capture.person.as_ref());
    let conversations: Vec<_> = captures.iter().filter_map(|c| c.conversation.as_ref()).collect();
    let members: Vec<_> = people().filter_map(|person| person.member_id.as_ref()).collect();
    let objects: Vec<_> = people().filter_map(|person| person.object_id.as_ref().map(lower_object)).collect();
    // Only a team is found by its group, and then by reading the group's channels too: a handful.
    let teams = captures.iter().filter(|capture| capture.scope == Scope::Team);
    let groups: Vec<_> =
        teams.filter_map(|capture| capture.group.as_ref().map(|id| id.as_str().to_ascii_lowercase())).collect();
    let rows = sqlx::query(LOAD)
        .bind(lane.0)
        .bind(json!(conversations).to_string())
        .bind(json!(members).to_string())
        .bind(json!(objects).to_string())
        .bind(json!(groups).to_string())
        .fetch_all(&mut **tx)
        .await?;
    let mut book = Book::default();
    for row in &rows {
        book.load(reference(row)?);
    }
    Ok(book)
}

/// People of the book who are members of a team that has the app; asked only where it matters.
async fn covered(tx: &mut Tx, book: &Book, captures: &[Capture]) -> sqlx::Result<BTreeSet<ReferenceId>> {
    if captures.iter().all(|capture| capture.change != CaptureChange::Uninstalled) {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<_> = book.all().map(|record| hex(record.id.uuid())).collect();
    let rows = sqlx::query(
        "SELECT DISTINCT m.person FROM membership AS m JOIN reference AS t ON t.id = m.team
         WHERE m.person IN (SELECT unhex(value) FROM json_each(?1)) AND t.reach = 0",
    )
    .bind(json!(ids).to_string())
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| row.reference("person")).collect()
}

/// Takes the unique keys from records that lose them, so that the order in which rows are written
/// does not matter.
async fn free_keys(tx: &mut Tx, book: &Book, before: &BTreeMap<ReferenceId, [Option<String>; 3]>) -> sqlx::Result<()> {
    let loses = |(id, old): &(&ReferenceId, &[Option<String>; 3])| match book.get(**id) {
        None => true,
        Some(record) => keys(record).iter().zip(old.iter()).any(|(new, old)| old.is_some() && new != old),
    };
    let ids: Vec<_> = before.iter().filter(loses).map(|(id, _)| hex(id.uuid())).collect();
    if ids.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "UPDATE reference SET conversation = NULL, member_id = NULL, object_id = NULL
         WHERE id IN (SELECT unhex(value) FROM json_each(?1))",
    )
    .bind(json!(ids).to_string())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn save(tx: &mut Tx, book: &Book) -> sqlx::Result<()> {
    let rows: Vec<_> = book.dirty.iter().filter_map(|id| book.get(*id)).map(reference_row).collect();
    sqlx::query(
        "INSERT INTO reference (id, lane, scope, reach, installed, generation, seen_at, conversation, service_url,
             member_id, object_id, name, email, user_principal_name, guest, locale, timezone, team, group_id)
         SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13,
                value ->> 14, value ->> 15, value ->> 16, unhex(value ->> 17), value ->> 18
         FROM json_each(?1) WHERE true
         ON CONFLICT (id) DO UPDATE SET
             scope = excluded.scope, reach = excluded.reach, installed = excluded.installed,
             generation = excluded.generation, seen_at = excluded.seen_at, conversation = excluded.conversation,
             service_url = excluded.service_url, member_id = excluded.member_id, object_id = excluded.object_id,
             name = excluded.name, email = excluded.email, user_principal_name = excluded.user_principal_name,
             guest = excluded.guest, locale = excluded.locale, timezone = excluded.timezone, team = excluded.team,
             group_id = excluded.group_id",
    )
    .bind(Value::Array(rows).to_string())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
