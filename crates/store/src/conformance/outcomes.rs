//! Settling, and what a new owner makes of what the former one left.

use std::time::Duration;

use pregon_domain::directory::{Capture, Person, Reach, Scope};
use pregon_domain::message::{Claimed, DeliveryPolicy, Learned, Message, NewDelivery, Operation, Outcome, Settlement};
use pregon_domain::ports::Store;
use pregon_domain::{DeliveryState, Reason};
use pregon_model::{ActivityId, ConversationId};

use super::scene::{START, Scene, at, capture, person, settlement};

/// State, reason, attempts, doubt, detail, activity, time.
pub async fn every_outcome_is_written_and_tallied(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(5).await;
    let message = scene.message();
    let ids = scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(1), 4).await;
    let batch = [
        settlement(&claimed[0], Outcome::Delivered(Some(ActivityId::new("17")))),
        Settlement {
            detail: Some("403 MessageWritesBlocked".into()),
            ..settlement(&claimed[1], Outcome::Stopped(Reason::Blocked))
        },
        Settlement { doubted: true, ..settlement(&claimed[2], Outcome::Uncertain(Reason::Unanswered)) },
        Settlement { attempts: 0, ..settlement(&claimed[3], Outcome::Pending(at(900), Some(Reason::Throttled))) },
    ];
    assert!(store.settle(scene.lane, epoch, at(7), &batch, &[]).await.unwrap());
    let written: Vec<_> = scene.deliveries(message.id).await;
    let states: Vec<_> = written.iter().map(|d| (d.state, d.reason, d.attempts, d.doubted, d.updated_at)).collect();
    let now = Some(at(7));
    assert_eq!(
        states,
        [
            (DeliveryState::Delivered, None, 1, false, now),
            (DeliveryState::Stopped, Some(Reason::Blocked), 1, false, now),
            (DeliveryState::Uncertain, Some(Reason::Unanswered), 1, true, now),
            (DeliveryState::Pending, Some(Reason::Throttled), 0, false, now),
            (DeliveryState::Pending, None, 0, false, None),
        ]
    );
    assert_eq!(written[0].activity, Some(ActivityId::new("17")));
    assert_eq!(written[1].detail.as_deref(), Some("403 MessageWritesBlocked"));
    assert_eq!((written[3].due, written[3].id), (at(900), ids[3]));
    scene.check_tallies(message.id).await;
}

/// A second settlement of the same delivery, or one of a delivery nobody claimed, changes nothing.
pub async fn a_settled_delivery_keeps_its_outcome(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(2).await;
    let message = scene.message();
    let ids = scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(1), 1).await;
    scene.settle(epoch, at(2), &claimed[0], Outcome::Delivered(Some(ActivityId::new("1")))).await;
    let before = scene.deliveries(message.id).await;
    scene.settle(epoch, at(3), &claimed[0], Outcome::Pending(at(4), Some(Reason::Retrying))).await;
    let unclaimed = Settlement { id: ids[1], ..settlement(&claimed[0], Outcome::Stopped(Reason::Refused)) };
    let same_twice = [unclaimed.clone(), unclaimed];
    assert!(store.settle(scene.lane, epoch, at(3), &same_twice, &[]).await.unwrap());
    assert_eq!(scene.deliveries(message.id).await, before);
    scene.check_tallies(message.id).await;
}

/// Even when its time has come already.
pub async fn a_retry_goes_after_the_mark(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(3).await;
    let message = scene.message();
    let ids = scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(5), 2).await;
    scene.settle(epoch, at(5), &claimed[0], Outcome::Pending(START, Some(Reason::Retrying))).await;
    assert_eq!(scene.delivery(message.id, ids[0]).await.due, at(1));
    let rest: Vec<_> = scene.claim(epoch, at(5), 9).await.iter().map(|one| (one.id, one.attempts)).collect();
    assert_eq!(rest, [(ids[2], 0), (ids[0], 1)]);
    scene.check_tallies(message.id).await;
}

/// The id in the answer to an edit is not the message's.
pub async fn an_edit_keeps_the_activity_it_changes(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let person = scene.person("ana").await;
    let first = scene.message();
    let edit = Message { operation: Operation::Edit(first.id), ..scene.message() };
    store.accept(&edit, None).await.unwrap();
    let target = NewDelivery { activity: Some(ActivityId::new("17")), ..scene.to(person) };
    store.expand(edit.id, &[target], None, true, START).await.unwrap();
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(1), 1).await;
    assert_eq!(claimed[0].activity, Some(ActivityId::new("17")));
    scene.settle(epoch, at(2), &claimed[0], Outcome::Delivered(Some(ActivityId::new("99")))).await;
    assert_eq!(scene.deliveries(edit.id).await[0].activity, Some(ActivityId::new("17")));
}

/// A higher epoch fences every write of the lower one.
pub async fn a_former_owner_claims_and_settles_nothing(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(2).await;
    let message = scene.message();
    scene.send(&message, &people).await;
    let former = scene.take(START).await.epoch;
    let claimed = scene.claim(former, at(1), 1).await;
    let epoch = scene.take(at(2)).await.epoch;
    let before = scene.deliveries(message.id).await;
    assert_eq!(store.claim(scene.lane, former, at(3), 9).await.unwrap(), None);
    let late = [settlement(&claimed[0], Outcome::Delivered(None))];
    let learned = [Learned::Reach(people[0], Reach::Blocked)];
    assert!(!store.settle(scene.lane, former, at(3), &late, &learned).await.unwrap());
    assert_eq!(scene.deliveries(message.id).await, before);
    assert_eq!(scene.reference(people[0]).await.reach, Reach::Open);
    assert_eq!(scene.claim(epoch, at(3), 9).await.len(), 2, "the mark did not move");
}

/// At least once: what was in flight goes again, marked as doubted; what waited is untouched.
pub async fn a_new_owner_repeats_what_may_be_repeated(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(3).await;
    let message = scene.message();
    scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(1), 2).await;
    scene.settle(epoch, at(1), &claimed[0], Outcome::Delivered(None)).await;
    let lease = scene.take(at(60)).await;
    assert_eq!(lease.doubtful, 1);
    let states: Vec<_> = scene.deliveries(message.id).await.iter().map(|d| (d.state, d.reason, d.doubted)).collect();
    let interrupted = (DeliveryState::Pending, Some(Reason::Interrupted), true);
    assert_eq!(states, [(DeliveryState::Delivered, None, false), interrupted, (DeliveryState::Pending, None, false)]);
    scene.check_tallies(message.id).await;
    let again: Vec<_> =
        scene.claim(lease.epoch, at(60), 9).await.iter().map(|c| (c.target.reference, c.attempts)).collect();
    assert_eq!(again, [(people[2], 0), (people[1], 1)]);
    assert_eq!(scene.take(at(61)).await.doubtful, 2, "they are in flight again");
}

/// At most once: a person decides.
pub async fn a_new_owner_leaves_at_most_once_messages_uncertain(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(2).await;
    let message = Message { policy: DeliveryPolicy::AtMostOnce, ..scene.message() };
    scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    scene.claim(epoch, at(1), 1).await;
    let lease = scene.take(at(60)).await;
    assert_eq!(lease.doubtful, 1);
    let first = &scene.deliveries(message.id).await[0];
    assert_eq!((first.state, first.reason), (DeliveryState::Uncertain, Some(Reason::Interrupted)));
    assert_eq!((first.doubted, first.updated_at), (true, Some(at(60))));
    scene.check_tallies(message.id).await;
    let rest: Vec<_> = scene.claim(lease.epoch, at(60), 9).await.iter().map(|one| one.target.reference).collect();
    assert_eq!(rest, [people[1]]);
}

/// Repeating an edit does no harm, whatever the policy.
pub async fn a_new_owner_always_repeats_edits_and_deletions(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let person = scene.person("ana").await;
    let first = scene.message();
    for operation in [Operation::Edit(first.id), Operation::Delete(first.id)] {
        let message = Message { operation, policy: DeliveryPolicy::AtMostOnce, ..scene.message() };
        scene.send(&message, &[person]).await;
    }
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(1), 9).await.len(), 2);
    let lease = scene.take(at(60)).await;
    assert_eq!(lease.doubtful, 2);
    assert_eq!(scene.claim(lease.epoch, at(60), 9).await.len(), 2);
}

/// In the same transaction; the last word about a reference counts.
pub async fn what_was_learned_is_written_with_the_outcomes(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let new = Capture { person: Some(person("new")), ..capture(scene.lane, Scope::Personal, None) };
    let new = store.capture(&new, START).await.unwrap();
    let people = scene.people(2).await;
    let epoch = scene.take(START).await.epoch;
    let learned = [
        Learned::Installed(new),
        Learned::Conversation(new, ConversationId::new("a:new")),
        Learned::NoConversation(people[0]),
        Learned::Reach(people[0], Reach::NotInstalled),
        Learned::NoConversation(people[1]),
        Learned::Conversation(people[1], ConversationId::new("a:fresh")),
        Learned::Reach(people[1], Reach::Blocked),
        Learned::Reach(people[1], Reach::TenantBlocked),
    ];
    assert!(store.settle(scene.lane, epoch, at(5), &[], &learned).await.unwrap());
    let new = scene.reference(new).await;
    assert_eq!((new.installed, new.generation, new.reach), (true, 1, Reach::Open));
    assert_eq!((new.conversation, new.seen_at), (Some(ConversationId::new("a:new")), at(5)));
    let one = scene.reference(people[0]).await;
    assert_eq!((one.conversation, one.reach), (None, Reach::NotInstalled));
    let two = scene.reference(people[1]).await;
    assert_eq!((two.conversation, two.reach), (Some(ConversationId::new("a:fresh")), Reach::TenantBlocked));
    assert!(store.settle(scene.lane, epoch, at(6), &[], &[Learned::Installed(new.id)]).await.unwrap());
    assert_eq!(scene.reference(new.id).await.generation, 1, "it was installed before");
}

/// One known by object id, one by member id: the channel gives both the same chat, in one batch or later.
pub async fn two_people_who_share_a_created_chat_are_one(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let epoch = scene.take(START).await.epoch;
    for (name, batches) in [("ana", 1), ("bea", 2)] {
        let whole = person(name);
        let by_object = Person { member_id: None, ..whole.clone() };
        let by_member = Person { object_id: None, ..whole.clone() };
        let mut ids = Vec::new();
        for half in [by_object, by_member] {
            let half = Capture { person: Some(half), ..capture(scene.lane, Scope::Personal, None) };
            ids.push(store.capture(&half, START).await.unwrap());
        }
        assert_ne!(ids[0], ids[1]);
        let met = |id| Learned::Conversation(id, ConversationId::new(format!("a:{name}")));
        let learned = [met(ids[0]), met(ids[1])];
        for batch in learned.chunks(2 / batches) {
            assert!(store.settle(scene.lane, epoch, at(1), &[], batch).await.unwrap());
        }
        let one = scene.reference(ids[0]).await;
        assert_eq!(one.conversation, Some(ConversationId::new(format!("a:{name}"))));
        assert_eq!(one.person, Some(whole));
        assert_eq!(scene.reference(ids[1]).await, one, "the other id leads to the same person");
    }
}

/// Attempts, not skips, of conversations that are crowded; an hour back, the longest window there is.
pub async fn recent_attempts_are_remembered_per_conversation(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(4).await;
    let epoch = scene.take(START).await.epoch;
    let settle = async |millis, claimed: &Claimed, outcome, crowded| {
        let settlement = Settlement { crowded, ..settlement(claimed, outcome) };
        assert!(store.settle(scene.lane, epoch, at(millis), &[settlement], &[]).await.unwrap());
    };
    let outcomes = [
        (100, Outcome::Delivered(None), true),
        (150, Outcome::Delivered(None), false),
        (200, Outcome::Stopped(Reason::Guest), true),
        (300, Outcome::Pending(at(9_999_999), Some(Reason::Throttled)), true),
        (3_600_050, Outcome::Delivered(None), true),
    ];
    for (millis, outcome, crowded) in outcomes {
        scene.send(&scene.message(), &people[..1]).await;
        let claimed = scene.claim(epoch, at(millis), 1).await;
        settle(millis, &claimed[0], outcome, crowded).await;
    }
    scene.send(&scene.message(), &people[1..]).await;
    for one in scene.claim(epoch, at(3_600_060), 9).await {
        settle(3_600_060, &one, Outcome::Uncertain(Reason::Unanswered), true).await;
    }
    let hour_ago = at(3_600_100) - Duration::from_hours(1);
    let starts = store.starts_since(scene.lane, &people[..2], hour_ago).await.unwrap();
    let expected = [(people[0], at(100)), (people[0], at(300)), (people[0], at(3_600_050)), (people[1], at(3_600_060))];
    assert_eq!(starts, expected);
    let starts = store.starts_since(scene.lane, &people[..1], at(301)).await.unwrap();
    assert_eq!(starts, [(people[0], at(3_600_050))]);
    assert_eq!(store.starts_since(scene.lane, &[], START).await.unwrap(), []);
}
