use std::collections::BTreeSet;
use std::sync::Arc;

use pregon_domain::directory::{Capture, CaptureChange, Person, Scope};
use pregon_domain::message::{Hold, Message, NewDelivery, Outcome};
use pregon_domain::ports::{DirectoryStore, LaneStore, MessageStore};
use pregon_domain::{DeliveryState, LaneId, ReferenceId};
use pregon_model::{ConversationId, ObjectId};
use pregon_store::cluster::Schema;
use pregon_store::conformance::scene::{START, Scene, at, bot, capture, key, person, personal, settlement};
use pregon_store::conformance::{Subject, random};
use pregon_store::{MemoryStore, PostgresStore};
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;

async fn connect(schema: &Schema) -> PostgresStore {
    PostgresStore::connect(&schema.url(), 4).await.unwrap()
}

async fn fresh() -> Subject {
    let schema = Schema::fresh();
    Subject::new(connect(&schema).await, schema)
}

pregon_store::conformance_tests!(fresh);

#[tokio::test]
async fn it_agrees_with_the_memory_store_whatever_happens() {
    for seed in 0..2 {
        let subject = fresh().await;
        random::agree(&MemoryStore::default(), &*subject.store, seed, 300).await;
    }
}

#[tokio::test]
async fn one_of_two_processes_that_start_at_once_makes_the_tables() {
    let schema = Schema::fresh();
    let (one, two) = tokio::join!(connect(&schema), connect(&schema));
    assert_eq!(one.migrated().len() + two.migrated().len(), 1, "{:?} {:?}", one.migrated(), two.migrated());
    assert_eq!(connect(&schema).await.migrated(), []);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused() {
    let schema = Schema::fresh();
    connect(&schema).await;
    let mut connection = PgConnection::connect(&schema.url()).await.unwrap();
    sqlx::query("INSERT INTO _sqlx_migrations SELECT 9999, 'later', installed_on, true, '', 0 FROM _sqlx_migrations")
        .execute(&mut connection)
        .await
        .unwrap();
    let error = PostgresStore::connect(&schema.url(), 1).await.unwrap_err().to_string();
    let newer = "was written by a newer pregon (migration 9999); run that version or give another database";
    assert!(error.starts_with("pregon@/") && error.ends_with(newer), "{error}");
}

#[tokio::test]
async fn a_database_that_cannot_be_reached_is_told_without_the_password() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgres://ana:s3cr3t@127.0.0.1:{port}/pregon");
    let error = PostgresStore::connect(&url, 1).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with(&format!("cannot connect to the database ana@127.0.0.1:{port}/pregon: ")), "{text}");
    assert!(text.contains("refused") && !format!("{text} {error:?}").contains("s3cr3t"), "{text}");
}

#[tokio::test]
async fn what_is_no_url_of_a_database_is_told_without_being_shown() {
    for url in ["mysql://ana:s3cr3t@host/pregon", "ana:s3cr3t@host", "postgres://ana:s3cr3t@host:port/pregon", ""] {
        let error = PostgresStore::connect(url, 1).await.unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("the database's URL cannot be read ("), "{text}");
        assert!(!format!("{text} {error:?}").contains("s3cr3t"), "{text}");
    }
}

#[tokio::test]
async fn a_nul_character_which_postgresql_has_not_is_left_out() {
    let schema = Schema::fresh();
    let store = connect(&schema).await;
    let scene = Scene::new(&store).await;
    let ana = Capture { name: Some("A\0na".into()), ..capture(scene.lane, Scope::GroupChat, Some("19:\0a")) };
    let ana = store.capture(&ana, START).await.unwrap();
    let found = store.find_conversation(&bot(), &ConversationId::new("19:\0a")).await.unwrap().unwrap();
    assert_eq!((found.id, found.name.as_deref()), (ana, Some("Ana")));
    let message = Message { to: vec!["\0".into()], topic: Some("ne\0ws".into()), ..scene.message() };
    store.set_opt_out(ana, "ne\0ws", true, START).await.unwrap();
    scene.send(&message, &[ana]).await;
    assert_eq!(scene.progress(message.id).await.message, message);
    let epoch = scene.take(START).await.epoch;
    assert!(scene.claim(epoch, START, 9).await[0].opted_out);
}

/// Two processes, each with its own connections.
struct Processes([Arc<PostgresStore>; 2]);

impl Processes {
    async fn start(schema: &Schema) -> Self {
        Self([Arc::new(connect(schema).await), Arc::new(connect(schema).await)])
    }

    /// One of the two, turn by turn.
    fn of(&self, number: usize) -> Arc<PostgresStore> {
        Arc::clone(&self.0[number % 2])
    }
}

const PEOPLE: usize = 24;

/// What one source knows of a person: two of three keys.
fn partly(lane: LaneId, number: usize, source: usize) -> Capture {
    let name = format!("p{number}");
    let whole = person(&name);
    let known = match source % 3 {
        0 => Person { object_id: None, ..whole },
        1 => Person { member_id: None, ..whole },
        _ => whole,
    };
    let conversation = source.is_multiple_of(3).then(|| ConversationId::new(format!("a:{name}")));
    Capture { person: Some(known), conversation, ..personal(lane, &name) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn people_captured_by_several_processes_at_once_are_one_record_each() {
    let schema = Schema::fresh();
    let processes = Processes::start(&schema).await;
    let lane = processes.of(0).lane(&key("main", "contoso")).await.unwrap();
    let team = capture(lane, Scope::Team, Some("19:team"));
    let team = processes.of(0).capture(&Capture { change: CaptureChange::Installed, ..team }, START).await.unwrap();
    let mut sources = JoinSet::new();
    for source in 0..6 {
        let store = processes.of(source);
        sources.spawn(async move {
            for step in 0..PEOPLE {
                // Each source begins elsewhere, every other one goes backwards.
                let number = (source * 5 + if source % 2 == 0 { step } else { PEOPLE - step }) % PEOPLE;
                store.capture(&partly(lane, number, source), START).await.unwrap();
                let page: Vec<_> = (number..number + 4).map(|n| person(&format!("p{}", n % PEOPLE))).collect();
                store.capture_members(lane, team, None, &page, START).await.unwrap();
            }
        });
    }
    while let Some(source) = sources.join_next().await {
        source.unwrap();
    }
    let people = processes.of(1).references(None, Some(Scope::Personal), None, usize::MAX).await.unwrap();
    let objects: BTreeSet<_> =
        people.iter().filter_map(|one| one.person.as_ref()?.object_id.clone()).collect::<BTreeSet<ObjectId>>();
    assert_eq!((people.len(), objects.len()), (PEOPLE, PEOPLE));
    assert!(people.iter().all(|one| one.conversation.is_some()));
}

/// A tenant of the concurrent run.
struct Tenant {
    lane: LaneId,
    people: Vec<ReferenceId>,
}

async fn tenant(store: &PostgresStore, name: &str) -> Tenant {
    let lane = store.lane(&key("main", name)).await.unwrap();
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(store.capture(&personal(lane, &format!("p{number}")), START).await.unwrap());
    }
    Tenant { lane, people }
}

/// Adds the deliveries of a message to every tenant, a few at a time; `reverse` begins at the other end.
async fn expand(store: Arc<PostgresStore>, message: Message, mut chunk: Vec<NewDelivery>, reverse: bool) {
    if reverse {
        chunk.reverse();
    }
    for part in chunk.chunks(7) {
        store.expand(message.id, part, Some("here"), false, START).await.unwrap();
    }
    store.expand(message.id, &[], None, true, START).await.unwrap();
}

/// Works a lane until `messages` are done: each delivery goes back once and is delivered then.
async fn work(store: Arc<PostgresStore>, lane: LaneId, messages: Vec<Message>) {
    let epoch = store.take(lane, START).await.unwrap().epoch;
    for round in 1..5_000 {
        let now = 10 * round;
        let claimed = store.claim(lane, epoch, at(now), 9).await.unwrap().unwrap();
        let outcome = |attempts| match attempts {
            0 => Outcome::Pending(at(now), None),
            _ => Outcome::Delivered(None),
        };
        let batch: Vec<_> = claimed.iter().map(|one| settlement(one, outcome(one.attempts))).collect();
        assert!(store.settle(lane, epoch, at(now), &batch, &[]).await.unwrap());
        store.stop_cancelled(5, at(now)).await.unwrap();
        let mut open = false;
        for message in &messages {
            let progress = store.message(message.id).await.unwrap().unwrap();
            open |= !progress.expanded || progress.count(DeliveryState::Pending) > 0;
        }
        if !open {
            return;
        }
    }
    panic!("a delivery is neither claimed nor ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lanes_worked_while_audiences_grow_and_messages_rest_end_with_the_right_tallies() {
    let schema = Schema::fresh();
    let processes = Processes::start(&schema).await;
    let store = processes.of(0);
    let scene = Scene::new(&*store).await;
    let tenants = [tenant(&store, "contoso").await, tenant(&store, "fabrikam").await, tenant(&store, "tailspin").await];
    let messages: Vec<_> = (0..4).map(|_| scene.message()).collect();
    let mut running = JoinSet::new();
    for (number, message) in messages.iter().enumerate() {
        store.accept(message, None).await.unwrap();
        let to = |tenant: &Tenant| {
            let lane = tenant.lane;
            tenant.people.iter().map(|id| NewDelivery { lane, ..scene.to(*id) }).collect::<Vec<_>>()
        };
        // Lanes in turn, so that each chunk has some of each.
        let per_tenant: Vec<_> = tenants.iter().map(to).collect();
        let chunk = (0..PEOPLE).flat_map(|n| per_tenant.iter().map(move |of| of[n].clone())).collect();
        running.spawn(expand(processes.of(number), message.clone(), chunk, number % 2 == 1));
    }
    for (number, tenant) in tenants.iter().enumerate() {
        running.spawn(work(processes.of(number), tenant.lane, messages.clone()));
    }
    let (resting, cancelled, store) = (messages[0].id, messages[1].id, processes.of(1));
    running.spawn(async move {
        for _ in 0..10 {
            store.hold(resting, Some(Hold::Paused)).await.unwrap();
            store.hold(resting, None).await.unwrap();
        }
        store.cancel(cancelled).await.unwrap();
    });
    let (store, lane) = (processes.of(0), tenants[0].lane);
    running.spawn(async move {
        for number in 0..PEOPLE {
            store.capture(&partly(lane, number, number), START).await.unwrap();
        }
    });
    while let Some(task) = running.join_next().await {
        task.unwrap();
    }
    for (number, message) in messages.iter().enumerate() {
        scene.check_tallies(message.id).await;
        let progress = scene.progress(message.id).await;
        let ended = progress.count(DeliveryState::Delivered) + progress.count(DeliveryState::Stopped);
        assert_eq!(ended, 3 * PEOPLE as u64);
        assert!(number == 1 || progress.count(DeliveryState::Stopped) == 0, "{:?}", progress.tallies);
    }
    assert_eq!(scene.store.purge(at(1_000_000), 10_000).await.unwrap(), 4 * 3 * PEOPLE as u64);
}
