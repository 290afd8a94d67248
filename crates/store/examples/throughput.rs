//! How fast a store takes deliveries in, and claims and settles them in batches of 256: an SQLite file, or
//! the empty PostgreSQL database of a URL.
//!
//! `cargo run --release -p pregon-store --example throughput [deliveries] [URL]`; 200 000 without a number.

use std::error::Error;
use std::time::Instant;

use pregon_domain::content::{Content, Format, Text};
use pregon_domain::directory::{Capture, CaptureChange, Person, Scope};
use pregon_domain::message::{Claimed, Message, NewDelivery, Outcome, Settlement};
use pregon_domain::ports::Store;
use pregon_domain::{BotName, Chance, DeliveryId, LaneId, LaneKey, MessageId, ReferenceId, Timestamp};
use pregon_model::{ActivityId, ConversationId, MemberId, ObjectId, ServiceUrl, TenantId};
use pregon_store::{PostgresStore, SqliteStore};

type Done<T> = Result<T, Box<dyn Error>>;

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const BATCH: usize = 256;
const CHUNK: usize = 1_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done<()> {
    let count = std::env::args().nth(1).map_or(Ok(200_000), |text| text.parse())?;
    match std::env::args().nth(2) {
        Some(url) => on_postgresql(&url, count).await,
        None => on_sqlite(count).await,
    }
}

async fn on_postgresql(url: &str, count: usize) -> Done<()> {
    let store = PostgresStore::connect(url, 4).await?;
    let (lane, people) = people(&store, count).await?;
    deliver(&store, lane, &people).await?;
    store.close().await;
    Ok(())
}

async fn on_sqlite(count: usize) -> Done<()> {
    let home = tempfile::tempdir()?;
    let file = home.path().join("pregon.db");
    let store = SqliteStore::open(&file).await?;
    let (lane, people) = people(&store, count).await?;
    store.close().await;
    drop(store);
    let before = file.metadata()?.len();
    let store = SqliteStore::open(&file).await?;
    deliver(&store, lane, &people).await?;
    store.close().await;
    println!("{:>12} bytes per delivery", (file.metadata()?.len() - before) / count as u64);
    Ok(())
}

async fn people(store: &dyn Store, count: usize) -> Done<(LaneId, Vec<ReferenceId>)> {
    let lane = store.lane(&LaneKey { bot: BotName::new("main"), tenant: TenantId::new("contoso") }).await?;
    Ok((lane, measured("members captured", count, capture(store, lane, count)).await?))
}

async fn deliver(store: &dyn Store, lane: LaneId, people: &[ReferenceId]) -> Done<()> {
    let (chance, count) = (Chance::new(1), people.len());
    let message = message(&chance);
    store.accept(&message, None).await?;
    measured("deliveries inserted", count, insert(store, lane, message.id, people, &chance)).await?;
    let settled = measured("claimed and settled", count, work(store, lane)).await?;
    assert_eq!(settled, count, "every delivery is claimed once");
    Ok(())
}

async fn measured<T>(what: &str, count: usize, work: impl Future<Output = Done<T>>) -> Done<T> {
    let begun = Instant::now();
    let result = work.await?;
    println!("{:>12.0} {what} a second", f64::from(u32::try_from(count)?) / begun.elapsed().as_secs_f64());
    Ok(result)
}

/// People as a roster tells them, with the ids and addresses of their usual length.
async fn capture(store: &dyn Store, lane: LaneId, count: usize) -> Done<Vec<ReferenceId>> {
    let team = Capture {
        lane,
        scope: Scope::Team,
        conversation: Some(ConversationId::new("19:team@thread.tacv2")),
        service_url: None,
        person: None,
        name: None,
        team: None,
        group: None,
        change: CaptureChange::Installed,
    };
    let team = store.capture(&team, NOW).await?;
    let url = ServiceUrl::new("https://smba.trafficmanager.net/emea/9b3e1c64-0f8d-4a72-95e6-d18c7a40f2b5/");
    let person = |number: usize| Person {
        member_id: Some(MemberId::new(format!("29:{number:0>64}"))),
        object_id: Some(ObjectId::new(format!("d04f7b28-6e15-4c93-b8a7-{number:012x}"))),
        name: Some(format!("Person Number {number}")),
        email: Some(format!("person.{number}@contoso.com")),
        user_principal_name: Some(format!("person.{number}@contoso.com")),
        ..Person::default()
    };
    let mut ids = Vec::new();
    while ids.len() < count {
        let page: Vec<_> = (ids.len()..count.min(ids.len() + CHUNK)).map(person).collect();
        ids.extend(store.capture_members(lane, team, Some(&url), &page, NOW).await?);
    }
    Ok(ids)
}

fn message(chance: &Chance) -> Message {
    let id = MessageId::from_uuid(chance.uuid(NOW));
    let content = Content::Text(Text { text: "hi".into(), format: Format::Plain });
    let not_after = Timestamp::from_millis(NOW.as_millis() + 1_000_000_000);
    let message = Message::send(id, BotName::new("main"), content, NOW, not_after);
    Message { to: vec!["everyone".into()], topic: Some("news".into()), ..message }
}

async fn insert(
    store: &dyn Store,
    lane: LaneId,
    message: MessageId,
    people: &[ReferenceId],
    chance: &Chance,
) -> Done<()> {
    for (number, chunk) in people.chunks(CHUNK).enumerate() {
        let now = Timestamp::from_millis(NOW.as_millis() + i64::try_from(number)?);
        let new = |reference: &ReferenceId| NewDelivery {
            id: DeliveryId::from_uuid(chance.uuid(now)),
            lane,
            reference: Some(*reference),
            address: "everyone".to_owned(),
            due: NOW,
            thread_root: None,
            activity: None,
            stopped: None,
        };
        let mut chunk: Vec<_> = chunk.iter().map(new).collect();
        chunk.sort_by_key(|new| new.id);
        store.expand(message, &chunk, Some("here"), false, now).await?;
    }
    Ok(())
}

async fn work(store: &dyn Store, lane: LaneId) -> Done<usize> {
    let epoch = store.take(lane, NOW).await?.epoch;
    let mut settled = 0;
    loop {
        let now = Timestamp::from_millis(NOW.as_millis() + i64::try_from(settled)?);
        let claimed = store.claim(lane, epoch, now, BATCH).await?.ok_or("another owner")?;
        if claimed.is_empty() {
            return Ok(settled);
        }
        let outcomes: Vec<_> = claimed.iter().map(delivered).collect();
        store.settle(lane, epoch, now, &outcomes, &[]).await?;
        settled += outcomes.len();
    }
}

fn delivered(claimed: &Claimed) -> Settlement {
    Settlement {
        id: claimed.id,
        message: claimed.message,
        before: claimed.reason,
        outcome: Outcome::Delivered(Some(ActivityId::new("1790000000123"))),
        attempts: 1,
        doubted: false,
        crowded: false,
        detail: None,
    }
}
