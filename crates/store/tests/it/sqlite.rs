use pregon_domain::DeliveryState;
use pregon_domain::message::Outcome;
use pregon_domain::ports::LaneStore;
use pregon_model::ActivityId;
use pregon_store::conformance::scene::{START, Scene, at, settlement};
use pregon_store::conformance::{Subject, random};
use pregon_store::{MemoryStore, SqliteStore};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;

async fn fresh() -> Subject {
    let home = tempfile::tempdir().unwrap();
    Subject::new(SqliteStore::open(&home.path().join("pregon.db")).await.unwrap(), home)
}

pregon_store::conformance_tests!(fresh);

#[tokio::test]
async fn claims_marks_and_outcomes_survive_a_kill() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("pregon.db");
    let store = SqliteStore::open(&file).await.unwrap();
    let scene = Scene::new(&store).await;
    let people = scene.people(6).await;
    let message = scene.message();
    scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    let first = scene.claim(epoch, at(10), 2).await;
    scene.settle(epoch, at(20), &first[0], Outcome::Delivered(Some(ActivityId::new("1")))).await;
    let second = scene.claim(epoch, at(10), 2).await;
    assert_eq!(second.len(), 2);

    // What a kill leaves behind: the file and its log, never closed.
    let after = home.path().join("after");
    std::fs::create_dir(&after).unwrap();
    for name in ["pregon.db", "pregon.db-wal"] {
        std::fs::copy(home.path().join(name), after.join(name)).unwrap();
    }
    let reopened = SqliteStore::open(&after.join("pregon.db")).await.unwrap();
    let scene = Scene::new(&reopened).await;
    let lease = scene.take(at(100)).await;
    assert_eq!((lease.epoch, lease.doubtful), (epoch + 1, 3));
    let states = scene.deliveries(message.id).await;
    assert_eq!(states[0].state, DeliveryState::Delivered);
    assert!(states[1].doubted && states[2].doubted && states[3].doubted);
    assert!(!states[4].doubted && !states[5].doubted);
    scene.check_tallies(message.id).await;
    let rest = scene.claim(lease.epoch, at(200), 100).await;
    assert_eq!(rest.len(), 5);
    let all: Vec<_> = rest.iter().map(|one| settlement(one, Outcome::Delivered(None))).collect();
    assert!(reopened.settle(scene.lane, lease.epoch, at(200), &all, &[]).await.unwrap());
    scene.check_tallies(message.id).await;
    assert_eq!(scene.progress(message.id).await.count(DeliveryState::Delivered), 6);
    assert_eq!(scene.claim(lease.epoch, at(100_000), 100).await, []);
}

#[tokio::test]
async fn it_agrees_with_the_memory_store_whatever_happens() {
    for seed in 0..6 {
        let subject = fresh().await;
        random::agree(&MemoryStore::default(), &*subject.store, seed, 300).await;
    }
}

#[tokio::test]
async fn a_second_process_is_told_who_is_there() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("data/pregon.db");
    let store = SqliteStore::open(&file).await.unwrap();
    let error = SqliteStore::open(&file).await.unwrap_err().to_string();
    let pid = std::process::id();
    let file_name = file.display();
    assert_eq!(
        error,
        format!("another pregon process (pid {pid}) is using {file_name}; stop it or give another data directory")
    );
    store.close().await;
    drop(store);
    SqliteStore::open(&file).await.unwrap();
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_is_named() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("file"), "").unwrap();
    let error = SqliteStore::open(&home.path().join("file/pregon.db")).await.unwrap_err().to_string();
    let directory = home.path().join("file").display().to_string();
    assert!(error.starts_with(&format!("cannot write to the data directory {directory}: ")), "{error}");
}

#[tokio::test]
async fn a_file_of_a_newer_version_or_of_another_program_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("pregon.db");
    SqliteStore::open(&file).await.unwrap().close().await;
    let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(&file)).await.unwrap();
    sqlx::query("INSERT INTO _sqlx_migrations SELECT 9999, 'later', installed_on, 1, x'00', 0 FROM _sqlx_migrations")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let error = SqliteStore::open(&file).await.unwrap_err().to_string();
    let newer = "was written by a newer pregon (migration 9999); run that version or give another data directory";
    assert_eq!(error, format!("{} {newer}", file.display()));
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, "no database at all, but long enough to have a header of some kind".repeat(9)).unwrap();
    let error = SqliteStore::open(&file).await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot open the database {}: ", file.display())), "{error}");
}
