//! Messages: accepting, expanding, listing, cancelling.

use pregon_domain::message::{Message, MessageProgress, MessageState, NewDelivery, Outcome};
use pregon_domain::ports::{Accepted, DeliveryFilter, Expansion, Idempotency, Store};
use pregon_domain::{DeliveryState, MessageId, Reason};
use pregon_model::ActivityId;
use uuid::Uuid;

use super::scene::{START, Scene, at, key, personal};

const DAY: i64 = 86_400_000;

fn request(key: &str, body: u8) -> Idempotency {
    Idempotency { owner: "key_1".into(), key: key.into(), body_hash: vec![body; 32] }
}

/// What was accepted is what is read.
pub async fn an_accepted_message_reads_back_as_it_was(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let message = scene.message();
    assert_eq!(store.message(message.id).await.unwrap(), None);
    assert_eq!(store.accept(&message, None).await.unwrap(), Accepted::New);
    let stored = MessageProgress {
        message: message.clone(),
        expanded: false,
        cancelled: false,
        hold: None,
        purged: false,
        tallies: vec![],
    };
    assert_eq!(store.message(message.id).await.unwrap(), Some(stored));
    assert!(store.accept(&message, None).await.is_err(), "an id is one message");
}

/// A key belongs to its owner and to one body.
pub async fn the_same_request_is_one_message_and_another_body_a_conflict(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let (one, two) = (scene.message(), scene.message());
    assert_eq!(store.accept(&one, Some(&request("a", 1))).await.unwrap(), Accepted::New);
    assert_eq!(store.repeated(&request("b", 1), two.created_at).await.unwrap(), None);
    assert_eq!(store.repeated(&request("a", 1), two.created_at).await.unwrap(), Some(Accepted::Same(one.id)));
    assert_eq!(store.repeated(&request("a", 2), two.created_at).await.unwrap(), Some(Accepted::Conflict));
    assert_eq!(store.accept(&two, Some(&request("a", 1))).await.unwrap(), Accepted::Same(one.id));
    assert_eq!(store.accept(&two, Some(&request("a", 2))).await.unwrap(), Accepted::Conflict);
    assert_eq!(store.message(two.id).await.unwrap(), None);
    let other_owner = Idempotency { owner: "key_2".into(), ..request("a", 2) };
    assert_eq!(store.accept(&two, Some(&other_owner)).await.unwrap(), Accepted::New);
}

/// One millisecond short of a day it is the same request, at a day a new one.
pub async fn an_idempotency_key_is_forgotten_after_24_hours(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let made = |millis| Message { created_at: at(millis), ..scene.message() };
    let first = made(0);
    store.accept(&first, Some(&request("a", 1))).await.unwrap();
    assert_eq!(store.accept(&made(DAY - 1), Some(&request("a", 1))).await.unwrap(), Accepted::Same(first.id));
    let later = made(DAY);
    assert_eq!(store.accept(&later, Some(&request("a", 2))).await.unwrap(), Accepted::New);
    assert_eq!(store.accept(&made(DAY + 1), Some(&request("a", 2))).await.unwrap(), Accepted::Same(later.id));
}

/// Each page goes on where the last ended.
pub async fn messages_are_listed_newest_first_in_pages(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        let message = scene.message();
        store.accept(&message, None).await.unwrap();
        ids.insert(0, message.id);
    }
    let person = scene.person("ana").await;
    store.expand(ids[1], &[scene.to(person)], None, true, START).await.unwrap();
    let mut listed = Vec::new();
    while listed.len() < 5 {
        let page = store.messages(listed.last().copied(), 2).await.unwrap();
        assert!(!page.is_empty() && page.len() <= 2);
        for progress in page {
            assert_eq!(progress.total(), u64::from(progress.message.id == ids[1]));
            listed.push(progress.message.id);
        }
    }
    assert_eq!(listed, ids);
    assert_eq!(store.messages(listed.last().copied(), 2).await.unwrap(), []);
}

/// Audiences wait for `send_at`; an interrupted one goes on at its cursor; a finished one is gone.
pub async fn an_audience_is_worked_out_when_its_time_comes_and_goes_on_at_its_cursor(store: &dyn Store) {
    let scene = Scene::new(store).await;
    assert_eq!(store.next_expansion().await.unwrap(), None);
    let later = Message { send_at: Some(at(1_000)), ..scene.message() };
    let now = scene.message();
    store.accept(&later, None).await.unwrap();
    assert_eq!(store.next_expansion().await.unwrap(), Some(at(1_000)));
    store.accept(&now, None).await.unwrap();
    assert_eq!(store.next_expansion().await.unwrap(), Some(START));
    let begun = |message: &Message, cursor: Option<&str>| Expansion {
        message: message.clone(),
        cursor: cursor.map(str::to_owned),
    };
    assert_eq!(store.expansions(at(999), 9).await.unwrap(), [begun(&now, None)]);
    assert_eq!(store.expansions(at(1_000), 9).await.unwrap(), [begun(&now, None), begun(&later, None)]);
    assert_eq!(store.expansions(at(1_000), 1).await.unwrap(), [begun(&now, None)]);
    let people = scene.people(2).await;
    store.expand(now.id, &[scene.to(people[0])], Some("team 2"), false, at(1)).await.unwrap();
    assert_eq!(store.expansions(at(999), 9).await.unwrap(), [begun(&now, Some("team 2"))]);
    assert_eq!(scene.progress(now.id).await.state(), MessageState::Preparing);
    store.expand(now.id, &[scene.to(people[1])], None, true, at(2)).await.unwrap();
    assert_eq!(store.expansions(at(999), 9).await.unwrap(), []);
    assert_eq!(store.next_expansion().await.unwrap(), Some(at(1_000)));
    assert_eq!(scene.progress(now.id).await.state(), MessageState::Sending);
    store.cancel(later.id).await.unwrap();
    assert_eq!(store.expansions(at(2_000), 9).await.unwrap(), []);
    assert_eq!(store.next_expansion().await.unwrap(), None);
}

/// Within a chunk and across chunks.
pub async fn nobody_gets_a_message_twice_and_only_added_deliveries_are_tallied(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(3).await;
    let (message, other) = (scene.message(), scene.message());
    scene.send(&other, &people).await;
    store.accept(&message, None).await.unwrap();
    let first: Vec<_> = [0, 1, 0].map(|person| scene.to(people[person])).into();
    store.expand(message.id, &first, Some("1"), false, START).await.unwrap();
    let second: Vec<_> = [1, 2].map(|person| scene.to(people[person])).into();
    store.expand(message.id, &second, None, true, START).await.unwrap();
    // A chunk that is added again adds nothing.
    store.expand(message.id, &second, None, true, START).await.unwrap();
    let kept: Vec<_> = scene.deliveries(message.id).await.iter().map(|delivery| delivery.id).collect();
    assert_eq!(kept, [first[0].id, first[1].id, second[1].id]);
    scene.check_tallies(message.id).await;
    assert_eq!(scene.progress(message.id).await.count(DeliveryState::Pending), 3);
}

/// Addresses that led nowhere are deliveries too.
pub async fn a_delivery_stopped_from_the_start_is_listed_with_its_reason(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let message = scene.message();
    store.accept(&message, None).await.unwrap();
    let nobody = |address: &str, stopped| NewDelivery {
        reference: None,
        address: address.to_owned(),
        stopped,
        ..scene.to(somebody_unknown())
    };
    let person = scene.person("ana").await;
    let chunk = [
        nobody("eva@contoso.com", Some(Reason::NotFound)),
        nobody("ivo@contoso.com", Some(Reason::NotFound)),
        NewDelivery { stopped: Some(Reason::Guest), ..scene.to(person) },
        // To somebody the store does not know: it must not wait for ever.
        scene.to(somebody_unknown()),
    ];
    store.expand(message.id, &chunk, None, true, at(5)).await.unwrap();
    let deliveries = scene.deliveries(message.id).await;
    let reasons: Vec<_> = deliveries.iter().map(|delivery| delivery.reason.unwrap()).collect();
    assert_eq!(reasons, [Reason::NotFound, Reason::NotFound, Reason::Guest, Reason::NotFound]);
    assert_eq!((deliveries[0].reference, deliveries[0].address.as_str()), (None, "eva@contoso.com"));
    assert_eq!((deliveries[0].scope, deliveries[0].updated_at), (None, Some(at(5))));
    assert_eq!(deliveries[2].name.as_deref(), Some("ana"));
    scene.check_tallies(message.id).await;
    let epoch = scene.take(at(10)).await.epoch;
    assert_eq!(scene.claim(epoch, at(10), 9).await, []);
    assert_eq!(store.next_due(scene.lane).await.unwrap(), None);
}

fn somebody_unknown() -> pregon_domain::ReferenceId {
    pregon_domain::ReferenceId::from_uuid(Uuid::from_u128(99))
}

/// By state, by reason, by both; after an id; at most so many.
pub async fn deliveries_are_filtered_and_paged_in_the_order_of_ids(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(6).await;
    let message = scene.message();
    let ids = scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(1), 4).await;
    let outcomes = [
        Outcome::Delivered(Some(ActivityId::new("1"))),
        Outcome::Stopped(Reason::Blocked),
        Outcome::Stopped(Reason::Guest),
        Outcome::Stopped(Reason::Blocked),
    ];
    for (one, outcome) in claimed.iter().zip(outcomes) {
        scene.settle(epoch, at(2), one, outcome).await;
    }
    let list = async |state, reason, after, limit| -> Vec<_> {
        let filter = DeliveryFilter { state, reason, after, limit, reference: None };
        store.deliveries(message.id, &filter).await.unwrap().into_iter().map(|delivery| delivery.id).collect()
    };
    assert_eq!(list(None, None, None, 99).await, ids);
    assert_eq!(list(None, None, Some(ids[1]), 2).await, ids[2..4]);
    assert_eq!(list(Some(DeliveryState::Stopped), None, None, 99).await, ids[1..4]);
    assert_eq!(list(Some(DeliveryState::Stopped), Some(Reason::Blocked), None, 99).await, [ids[1], ids[3]]);
    assert_eq!(list(None, Some(Reason::Blocked), Some(ids[1]), 99).await, [ids[3]]);
    assert_eq!(list(Some(DeliveryState::Uncertain), None, None, 99).await, []);
    assert_eq!(list(None, None, None, 0).await, []);
}

/// By its id in whatever lane it is; by whom it is for.
pub async fn one_delivery_is_found_by_its_id_and_by_its_recipient(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let other = store.lane(&key("main", "fabrikam")).await.unwrap();
    let mut people = scene.people(2).await;
    people.push(store.capture(&personal(other, "zoe"), START).await.unwrap());
    let (message, later) = (scene.message(), scene.message());
    store.accept(&message, None).await.unwrap();
    let mut chunk: Vec<_> = people.iter().map(|id| scene.to(*id)).collect();
    chunk[2].lane = other;
    store.expand(message.id, &chunk, None, true, START).await.unwrap();
    scene.send(&later, &people[..1]).await;
    for (new, listed) in chunk.iter().zip(scene.deliveries(message.id).await) {
        assert_eq!(store.delivery(new.id).await.unwrap(), Some(listed));
    }
    assert_eq!(store.delivery(scene.delivery_id()).await.unwrap(), None);
    let found = async |reference, state| -> Vec<_> {
        let filter = DeliveryFilter { reference: Some(reference), state, limit: 9, ..DeliveryFilter::default() };
        store.deliveries(message.id, &filter).await.unwrap().into_iter().map(|delivery| delivery.id).collect()
    };
    assert_eq!(found(people[1], None).await, [chunk[1].id]);
    assert_eq!(found(people[2], Some(DeliveryState::Pending)).await, [chunk[2].id]);
    assert_eq!(found(people[2], Some(DeliveryState::Delivered)).await, []);
    assert_eq!(found(scene.person("nobody").await, None).await, []);
}

/// What is in flight ends as it ends; nothing more is claimed, and what waits is stopped in steps.
pub async fn cancelling_stops_what_is_not_in_flight_in_steps(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(5).await;
    let message = scene.message();
    scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(1), 2).await;
    assert!(!store.cancel(MessageId::from_uuid(Uuid::from_u128(1))).await.unwrap());
    assert!(store.cancel(message.id).await.unwrap());
    assert!(store.cancel(message.id).await.unwrap(), "twice is no error");
    assert_eq!(scene.progress(message.id).await.state(), MessageState::Cancelled);
    assert_eq!(scene.claim(epoch, at(2), 9).await, []);
    assert_eq!(store.next_due(scene.lane).await.unwrap(), None);
    assert_eq!(store.stop_cancelled(2, at(2)).await.unwrap(), 2);
    assert_eq!(store.stop_cancelled(9, at(3)).await.unwrap(), 1);
    assert_eq!(store.stop_cancelled(9, at(3)).await.unwrap(), 0);
    let states: Vec<_> = scene.deliveries(message.id).await.iter().map(|d| (d.state, d.reason, d.updated_at)).collect();
    let waits = (DeliveryState::Pending, None, None);
    let stopped = |millis| (DeliveryState::Stopped, Some(Reason::Cancelled), Some(at(millis)));
    assert_eq!(states, [waits, waits, stopped(2), stopped(2), stopped(3)]);
    scene.check_tallies(message.id).await;
    // One was delivered; the other goes back and is stopped in the next step.
    scene.settle(epoch, at(4), &claimed[0], Outcome::Delivered(None)).await;
    scene.settle(epoch, at(4), &claimed[1], Outcome::Pending(at(5), Some(Reason::Retrying))).await;
    assert_eq!(scene.claim(epoch, at(9), 9).await, []);
    assert_eq!(store.stop_cancelled(9, at(9)).await.unwrap(), 1);
    let progress = scene.progress(message.id).await;
    assert_eq!((progress.count(DeliveryState::Delivered), progress.count(DeliveryState::Stopped)), (1, 4));
    assert!(progress.cancelled);
    scene.check_tallies(message.id).await;
}

/// The chunk that was under way when the message was cancelled.
pub async fn an_audience_worked_out_after_cancelling_is_stopped(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let person = scene.person("ana").await;
    let message = scene.message();
    store.accept(&message, None).await.unwrap();
    store.cancel(message.id).await.unwrap();
    store.expand(message.id, &[scene.to(person)], None, true, START).await.unwrap();
    let delivery = &scene.deliveries(message.id).await[0];
    assert_eq!((delivery.state, delivery.reason), (DeliveryState::Stopped, Some(Reason::Cancelled)));
    scene.check_tallies(message.id).await;
}
