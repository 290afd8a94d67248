//! What is done with deliveries that ended: deciding anew, purging.

use pregon_domain::message::{Message, MessageState, Outcome};
use pregon_domain::ports::{Ended, Reconsidered, Store, Verdict};
use pregon_domain::{DeliveryId, DeliveryState, Reason};
use pregon_model::ActivityId;

use super::scene::{START, Scene, at};

/// Five deliveries: delivered, exhausted, blocked, and two uncertain.
async fn ended(scene: &Scene<'_>) -> (Message, i64, Vec<DeliveryId>) {
    let people = scene.people(5).await;
    let message = scene.message();
    let ids = scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(1), 9).await;
    let outcomes = [
        Outcome::Delivered(Some(ActivityId::new("1"))),
        Outcome::Stopped(Reason::Exhausted),
        Outcome::Stopped(Reason::Blocked),
        Outcome::Uncertain(Reason::Unanswered),
        Outcome::Uncertain(Reason::Interrupted),
    ];
    for (one, outcome) in claimed.iter().zip(outcomes) {
        scene.settle(epoch, at(2), one, outcome).await;
    }
    (message, epoch, ids)
}

/// Those that stopped for a reason that may have passed, once, with new attempts.
pub async fn failed_deliveries_are_sent_again_once(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let (message, epoch, ids) = ended(&scene).await;
    let failed = Ended::Stopped(vec![Reason::Exhausted, Reason::ServerError]);
    let done = store.reconsider(message.id, &failed, Verdict::Send, None, 9, at(3)).await.unwrap();
    assert_eq!(done, Reconsidered { count: 1, next: None });
    assert_eq!(scene.progress(message.id).await.state(), MessageState::Sending);
    scene.check_tallies(message.id).await;
    assert_eq!(store.reconsider(message.id, &failed, Verdict::Send, None, 9, at(3)).await.unwrap().count, 0);
    let again = scene.claim(epoch, at(4), 9).await;
    assert_eq!(again.iter().map(|one| (one.id, one.attempts)).collect::<Vec<_>>(), [(ids[1], 0)]);
    scene.settle(epoch, at(5), &again[0], Outcome::Delivered(None)).await;
    assert_eq!(scene.progress(message.id).await.count(DeliveryState::Delivered), 2);
    scene.check_tallies(message.id).await;
}

/// All of them or one, as arrived, as not arrived, or to be sent again.
pub async fn uncertain_deliveries_are_decided(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let (message, epoch, ids) = ended(&scene).await;
    let one = |id| Ended::One(id);
    let decide = async |which: Ended, verdict| {
        store.reconsider(message.id, &which, verdict, None, 9, at(3)).await.unwrap().count
    };
    assert_eq!(decide(one(ids[0]), Verdict::Send).await, 0, "that one is certain");
    assert_eq!(decide(one(ids[3]), Verdict::Delivered).await, 1);
    assert_eq!(decide(one(ids[3]), Verdict::Delivered).await, 0);
    assert_eq!(decide(one(ids[3]), Verdict::Send).await, 0, "it was decided");
    assert_eq!(decide(Ended::Uncertain, Verdict::Send).await, 1);
    scene.check_tallies(message.id).await;
    let again = scene.claim(epoch, at(4), 9).await;
    assert_eq!(again.iter().map(|one| one.id).collect::<Vec<_>>(), [ids[4]]);
    scene.settle(epoch, at(5), &again[0], Outcome::Uncertain(Reason::Unanswered)).await;
    assert_eq!(decide(Ended::Uncertain, Verdict::Stopped).await, 1);
    let delivery = scene.delivery(message.id, ids[4]).await;
    assert_eq!((delivery.state, delivery.reason), (DeliveryState::Stopped, Some(Reason::Unanswered)));
    scene.check_tallies(message.id).await;
}

/// In steps, each going on where the last ended.
pub async fn deciding_anew_goes_in_steps(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let (message, _, ids) = ended(&scene).await;
    let step = async |after| {
        store.reconsider(message.id, &Ended::Uncertain, Verdict::Delivered, after, 1, at(3)).await.unwrap()
    };
    let first = step(None).await;
    assert_eq!(first, Reconsidered { count: 1, next: Some(ids[3]) });
    assert_eq!(step(first.next).await, Reconsidered { count: 1, next: Some(ids[4]) });
    assert_eq!(step(Some(ids[4])).await, Reconsidered { count: 0, next: None });
}

/// The oldest first, in steps, and only what has ended; tallies stay.
pub async fn old_deliveries_are_purged_and_their_tallies_stay(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let (old, epoch, _) = ended(&scene).await;
    let tallies = scene.progress(old.id).await.tallies;
    let person = scene.person("zoe").await;
    let waiting = scene.message();
    scene.send(&waiting, &[person]).await;
    assert_eq!(store.purge(START, 9).await.unwrap(), 0, "nothing is as old");
    assert_eq!(store.purge(at(60_000), 3).await.unwrap(), 3);
    assert!(!scene.progress(old.id).await.purged);
    assert_eq!(store.purge(at(60_000), 3).await.unwrap(), 2);
    assert_eq!(store.purge(at(60_000), 3).await.unwrap(), 0);
    let progress = scene.progress(old.id).await;
    assert_eq!((progress.purged, progress.tallies), (true, tallies));
    assert_eq!(scene.deliveries(old.id).await, []);
    let still = scene.claim(epoch, at(4), 9).await;
    assert_eq!(still.len(), 1, "what has not ended stays");
    scene.settle(epoch, at(5), &still[0], Outcome::Delivered(None)).await;
    assert_eq!(store.purge(at(60_000), 9).await.unwrap(), 1);
}
