//! Messages that share a lane: turns, pauses, canaries.

use std::collections::BTreeMap;

use pregon_domain::message::{AutoPause, Canary, Claimed, Hold, Message, MessageState, Outcome, Priority};
use pregon_domain::ports::Store;
use pregon_domain::{DeliveryState, MessageId, Reason};
use uuid::Uuid;

use super::scene::{START, Scene, at, key, personal};

fn by_message(claimed: &[Claimed]) -> BTreeMap<MessageId, usize> {
    let mut counts = BTreeMap::new();
    for one in claimed {
        *counts.entry(one.message).or_insert(0) += 1;
    }
    counts
}

/// However many each has, and also for one that comes when the other is half done.
pub async fn equal_messages_advance_alternately(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(30).await;
    let (large, small) = (scene.message(), scene.message());
    scene.send(&large, &people).await;
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(1), 10).await.len(), 10);
    scene.send(&small, &people[..4]).await;
    let next = by_message(&scene.claim(epoch, at(1), 6).await);
    assert_eq!((next[&large.id], next[&small.id]), (3, 3));
    assert_eq!(by_message(&scene.claim(epoch, at(1), 2).await), BTreeMap::from([(large.id, 1), (small.id, 1)]));
    assert_eq!(by_message(&scene.claim(epoch, at(1), 2).await), BTreeMap::from([(large.id, 2)]));
}

/// Urgent before all, bulk one turn in nine.
pub async fn priorities_decide_whose_turn_it_is(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(20).await;
    let of = |priority| Message { priority, ..scene.message() };
    let (bulk, normal, urgent) = (of(Priority::Bulk), of(Priority::Normal), of(Priority::Urgent));
    for message in [&bulk, &normal, &urgent] {
        scene.send(message, &people).await;
    }
    let epoch = scene.take(START).await.epoch;
    assert_eq!(by_message(&scene.claim(epoch, at(1), 15).await), BTreeMap::from([(urgent.id, 15)]));
    assert_eq!(by_message(&scene.claim(epoch, at(1), 6).await), BTreeMap::from([(urgent.id, 5)]));
    let rest = by_message(&scene.claim(epoch, at(1), 18).await);
    assert_eq!((rest[&normal.id], rest[&bulk.id]), (16, 2));
}

/// One message of many does not hide the others' work.
pub async fn many_small_messages_are_claimed_together(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(12).await;
    for person in &people {
        scene.send(&scene.message(), &[*person]).await;
    }
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(1), 8).await.len(), 8);
    assert_eq!(scene.claim(epoch, at(1), 8).await.len(), 4);
    assert_eq!(store.next_due(scene.lane).await.unwrap(), None);
}

/// Nothing is claimed while it rests; what is in flight ends; it goes on where it was.
pub async fn a_paused_message_rests_until_it_is_resumed(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(3).await;
    let message = scene.message();
    scene.send(&message, &people[..2]).await;
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(1), 1).await;
    assert!(!store.hold(MessageId::from_uuid(Uuid::from_u128(1)), Some(Hold::Paused)).await.unwrap());
    for _ in 0..2 {
        assert!(store.hold(message.id, Some(Hold::Paused)).await.unwrap(), "twice is no error");
    }
    let progress = scene.progress(message.id).await;
    assert_eq!((progress.hold, progress.state()), (Some(Hold::Paused), MessageState::Paused));
    assert_eq!(scene.claim(epoch, at(2), 9).await, []);
    assert_eq!(store.next_due(scene.lane).await.unwrap(), None);
    scene.settle(epoch, at(2), &claimed[0], Outcome::Delivered(None)).await;
    // Its audience may still grow.
    store.expand(message.id, &[scene.to(people[2])], None, true, at(2)).await.unwrap();
    assert_eq!(scene.claim(epoch, at(3), 9).await, []);
    for _ in 0..2 {
        assert!(store.hold(message.id, None).await.unwrap(), "twice is no error");
    }
    assert_eq!(scene.claim(epoch, at(3), 9).await.len(), 2);
    assert_eq!(scene.progress(message.id).await.state(), MessageState::Sending);
}

/// Only one that asked for it; and who resumes it has seen them.
pub async fn failures_pause_a_message_once(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let (plain, guarded) = (scene.message(), scene.message());
    let guarded = Message { auto_pause: Some(AutoPause { percent: 5, after: 20 }), ..guarded };
    for message in [&plain, &guarded] {
        store.accept(message, None).await.unwrap();
        assert!(store.hold(message.id, Some(Hold::Failures)).await.unwrap());
    }
    assert_eq!(scene.progress(plain.id).await.hold, None);
    assert_eq!(scene.progress(guarded.id).await.hold, Some(Hold::Failures));
    store.hold(guarded.id, None).await.unwrap();
    store.hold(guarded.id, Some(Hold::Failures)).await.unwrap();
    assert_eq!(scene.progress(guarded.id).await.hold, None);
}

/// What was paused before its audience was worked out rests too.
pub async fn a_message_paused_early_gives_nothing(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let person = scene.person("ana").await;
    let message = scene.message();
    store.accept(&message, None).await.unwrap();
    store.hold(message.id, Some(Hold::Paused)).await.unwrap();
    store.expand(message.id, &[scene.to(person)], None, true, START).await.unwrap();
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(1), 9).await, []);
    store.hold(message.id, None).await.unwrap();
    assert_eq!(scene.claim(epoch, at(1), 9).await.len(), 1);
}

/// A fifth of each lane, once the audience is complete; then it rests, retries aside.
pub async fn a_canary_goes_first_and_then_the_message_rests(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(10).await;
    let message = Message { canary: Some(Canary { percent: 20 }), ..scene.message() };
    store.accept(&message, None).await.unwrap();
    let all: Vec<_> = people.iter().map(|id| scene.to(*id)).collect();
    store.expand(message.id, &all[..5], Some("half"), false, START).await.unwrap();
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(1), 9).await, [], "its audience is not complete");
    assert_eq!(store.next_due(scene.lane).await.unwrap(), None);
    store.expand(message.id, &all[5..], None, true, START).await.unwrap();
    let canary = scene.claim(epoch, at(1), 9).await;
    assert_eq!(canary.len(), 2);
    let progress = scene.progress(message.id).await;
    assert_eq!((progress.hold, progress.state()), (Some(Hold::Canary), MessageState::Paused));
    assert_eq!(scene.claim(epoch, at(2), 9).await, []);
    scene.settle(epoch, at(2), &canary[0], Outcome::Delivered(None)).await;
    scene.settle(epoch, at(2), &canary[1], Outcome::Pending(at(3), Some(Reason::Retrying))).await;
    assert_eq!(scene.claim(epoch, at(9), 9).await.len(), 1, "what was put back of the canary is tried again");
    assert_eq!(scene.claim(epoch, at(9), 9).await, []);
    // A pause changes nothing of it, and resuming ends the canary.
    store.hold(message.id, Some(Hold::Paused)).await.unwrap();
    assert_eq!(scene.progress(message.id).await.hold, Some(Hold::Canary));
    store.hold(message.id, None).await.unwrap();
    assert_eq!(scene.claim(epoch, at(10), 99).await.len(), 8);
    assert_eq!(scene.progress(message.id).await.hold, None);
}

/// At least one of each lane, and a pause before it is sent does not end it.
pub async fn a_canary_is_at_least_one_and_survives_a_pause(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let other = store.lane(&key("main", "fabrikam")).await.unwrap();
    let here = scene.people(3).await;
    let there = store.capture(&personal(other, "ana"), START).await.unwrap();
    let message = Message { canary: Some(Canary { percent: 1 }), ..scene.message() };
    store.accept(&message, None).await.unwrap();
    let mut all: Vec<_> = here.iter().map(|id| scene.to(*id)).collect();
    all.push(pregon_domain::message::NewDelivery { lane: other, ..scene.to(there) });
    store.expand(message.id, &all, None, true, START).await.unwrap();
    store.hold(message.id, Some(Hold::Paused)).await.unwrap();
    store.hold(message.id, None).await.unwrap();
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(1), 9).await.len(), 1);
    assert_eq!(scene.claim(epoch, at(1), 9).await, []);
    let lease = store.take(other, START).await.unwrap();
    assert_eq!(store.claim(other, lease.epoch, at(1), 9).await.unwrap().unwrap().len(), 1);
    assert_eq!(scene.progress(message.id).await.count(DeliveryState::Pending), 4);
}
