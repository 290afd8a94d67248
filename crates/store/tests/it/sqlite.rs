use pregon_domain::DeliveryState;
use pregon_domain::message::Outcome;
use pregon_domain::ports::LaneStore;
use pregon_model::ActivityId;
use pregon_store::SqliteStore;
use pregon_store::conformance::Subject;
use pregon_store::conformance::scene::{START, Scene, at, settlement};

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
