//! Claiming: order, mark, and what a claim tells.

use std::collections::BTreeSet;

use pregon_domain::directory::{Capture, CaptureChange, Person, Reach, Scope};
use pregon_domain::message::{Learned, Message, NewDelivery, Outcome};
use pregon_domain::ports::Store;
use pregon_model::{ActivityId, ConversationId, ServiceUrl};

use super::scene::{START, Scene, at, capture, key, person, personal};

/// Lanes are made once.
pub async fn a_lane_keeps_its_id(store: &dyn Store) {
    let one = store.lane(&key("main", "contoso")).await.unwrap();
    let two = store.lane(&key("main", "fabrikam")).await.unwrap();
    assert_ne!(one, two);
    assert_eq!(store.lane(&key("main", "contoso")).await.unwrap(), one);
    let lanes = store.lanes().await.unwrap();
    assert_eq!(lanes, [(one, key("main", "contoso")), (two, key("main", "fabrikam"))]);
}

/// (due, id), whatever the order they were added in; nothing before its time.
pub async fn claims_come_in_the_order_of_due_times_and_no_more_than_asked(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(5).await;
    let message = scene.message();
    store.accept(&message, None).await.unwrap();
    let dues = [300, 100, 200, 100, 400];
    let chunk: Vec<_> =
        people.iter().zip(dues).map(|(id, due)| NewDelivery { due: at(due), ..scene.to(*id) }).collect();
    store.expand(message.id, &chunk, None, true, START).await.unwrap();
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(99), 9).await, []);
    let ids = |claimed: Vec<pregon_domain::message::Claimed>| claimed.into_iter().map(|one| one.id).collect::<Vec<_>>();
    assert_eq!(ids(scene.claim(epoch, at(350), 3).await), [chunk[1].id, chunk[3].id, chunk[2].id]);
    assert_eq!(ids(scene.claim(epoch, at(350), 3).await), [chunk[0].id]);
    assert_eq!(ids(scene.claim(epoch, at(350), 3).await), []);
    assert_eq!(ids(scene.claim(epoch, at(400), 3).await), [chunk[4].id]);
}

/// Neither before it is settled nor after.
pub async fn a_claimed_delivery_is_never_claimed_again(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(20).await;
    let message = scene.message();
    scene.send(&message, &people).await;
    let epoch = scene.take(START).await.epoch;
    let mut seen = BTreeSet::new();
    for round in 0..10 {
        for one in scene.claim(epoch, at(round), 3).await {
            assert!(seen.insert(one.id), "claimed twice");
            if round % 2 == 0 {
                scene.settle(epoch, at(round), &one, Outcome::Delivered(None)).await;
            }
        }
    }
    assert_eq!(seen.len(), 20);
}

/// A delivery added with a due time before its share's mark is due just after it; another message has
/// a mark of its own.
pub async fn what_comes_late_or_overdue_goes_after_the_mark(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(3).await;
    let (first, second) = (scene.message(), scene.message());
    store.accept(&first, None).await.unwrap();
    // The later chunk has the same due time as the mark, and an id that sorts before it.
    let (late, early) = (scene.to(people[1]), scene.to(people[0]));
    store.expand(first.id, &[early], Some("half"), false, START).await.unwrap();
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(50), 9).await.len(), 1);
    store.expand(first.id, &[late], None, true, START).await.unwrap();
    scene.send(&second, &people[2..]).await;
    let due = async |id| scene.deliveries(id).await.iter().map(|delivery| delivery.due).collect::<Vec<_>>();
    assert_eq!(due(first.id).await, [at(1), START]);
    assert_eq!(due(second.id).await, [START]);
    assert_eq!(scene.claim(epoch, at(50), 9).await.len(), 2);
}

/// The reference's facts and the delivery's own.
pub async fn a_claim_tells_all_that_sending_needs(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let ana = personal(scene.lane, "ana");
    let ana = Capture { service_url: Some(ServiceUrl::new("https://emea.example/")), ..ana };
    let ana_id = store.capture(&Capture { change: CaptureChange::Installed, ..ana.clone() }, START).await.unwrap();
    let team = Capture { name: Some("Sales".into()), ..capture(scene.lane, Scope::Team, Some("19:sales")) };
    let team_id = store.capture(&team, START).await.unwrap();
    let message = scene.message();
    store.accept(&message, None).await.unwrap();
    let to_ana = scene.to(ana_id);
    let to_team = NewDelivery {
        thread_root: Some(ActivityId::new("100")),
        activity: Some(ActivityId::new("200")),
        ..scene.to(team_id)
    };
    store.expand(message.id, &[to_ana, to_team], None, true, START).await.unwrap();
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(1), 9).await;
    let (one, two) = (&claimed[0], &claimed[1]);
    assert_eq!((one.message, one.cancelled, one.attempts, one.due), (message.id, false, 0, START));
    assert_eq!((&one.thread_root, &one.activity), (&None, &None));
    assert_eq!((one.target.reference, one.target.scope), (ana_id, Scope::Personal));
    assert_eq!((one.target.conversation.clone(), one.target.installed), (ana.conversation, true));
    assert_eq!((one.target.person.clone(), one.target.service_url.clone()), (ana.person, ana.service_url));
    assert_eq!((one.target.name.clone(), one.target.tenant.as_str()), (None, "contoso"));
    assert_eq!((two.target.name.as_deref(), two.target.person.clone()), (Some("Sales"), None));
    assert_eq!(two.thread_root, Some(ActivityId::new("100")));
    assert_eq!(two.activity, Some(ActivityId::new("200")));
}

/// Of the message's topic, not of another.
pub async fn a_claim_tells_whether_the_person_opted_out_of_the_topic(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(2).await;
    store.set_opt_out(people[0], "news", true, START).await.unwrap();
    store.set_opt_out(people[1], "other", true, START).await.unwrap();
    let (news, none) = (scene.message(), Message { topic: None, ..scene.message() });
    scene.send(&news, &people).await;
    scene.send(&none, &people).await;
    let epoch = scene.take(START).await.epoch;
    let out: Vec<_> = scene.claim(epoch, at(1), 9).await.iter().map(|one| one.opted_out).collect();
    assert_eq!(out, [true, false, false, false]);
}

/// So that nothing is sent where it is known to be in vain.
pub async fn a_claim_tells_of_guests_and_closed_references(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let guest = Person { guest: Some(true), ..person("gus") };
    let guest = Capture { person: Some(guest), ..personal(scene.lane, "gus") };
    let guest = store.capture(&guest, START).await.unwrap();
    let blocked = scene.person("bea").await;
    let epoch = scene.take(START).await.epoch;
    let learned = [Learned::Reach(blocked, Reach::Blocked)];
    assert!(store.settle(scene.lane, epoch, START, &[], &learned).await.unwrap());
    scene.send(&scene.message(), &[guest, blocked]).await;
    let claimed = scene.claim(epoch, at(1), 9).await;
    assert_eq!(claimed[0].target.person.as_ref().unwrap().guest, Some(true));
    assert_eq!((claimed[0].target.reach, claimed[1].target.reach), (Reach::Open, Reach::Blocked));
    assert_eq!(claimed[1].target.conversation, Some(ConversationId::new("a:bea")));
}

/// What is in flight is not due again.
pub async fn the_next_due_time_is_that_of_the_first_unclaimed_delivery(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(2).await;
    assert_eq!(store.next_due(scene.lane).await.unwrap(), None);
    let message = scene.message();
    store.accept(&message, None).await.unwrap();
    let later = NewDelivery { due: at(500), ..scene.to(people[1]) };
    store.expand(message.id, &[scene.to(people[0]), later], None, true, START).await.unwrap();
    assert_eq!(store.next_due(scene.lane).await.unwrap(), Some(START));
    let epoch = scene.take(START).await.epoch;
    let claimed = scene.claim(epoch, at(10), 9).await;
    assert_eq!(store.next_due(scene.lane).await.unwrap(), Some(at(500)));
    scene.settle(epoch, at(10), &claimed[0], Outcome::Pending(at(90), None)).await;
    assert_eq!(store.next_due(scene.lane).await.unwrap(), Some(at(90)));
}

/// Each lane has its own mark and owner.
pub async fn lanes_do_not_see_each_others_deliveries(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let other = store.lane(&key("main", "fabrikam")).await.unwrap();
    let here = scene.person("ana").await;
    let there = store.capture(&personal(other, "ana"), START).await.unwrap();
    let message = scene.message();
    store.accept(&message, None).await.unwrap();
    let to_other = NewDelivery { lane: other, ..scene.to(there) };
    store.expand(message.id, &[scene.to(here), to_other.clone()], None, true, START).await.unwrap();
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(1), 9).await.len(), 1);
    let lease = store.take(other, START).await.unwrap();
    assert_eq!((lease.key, lease.doubtful), (key("main", "fabrikam"), 0));
    let claimed = store.claim(other, lease.epoch, at(1), 9).await.unwrap().unwrap();
    assert_eq!(claimed.iter().map(|one| one.id).collect::<Vec<_>>(), [to_other.id]);
    assert_eq!(claimed[0].target.tenant.as_str(), "fabrikam");
}

/// The channel's word outlives the owner it was given to.
pub async fn a_closed_lane_is_closed_for_the_next_owner(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let first = scene.take(START).await;
    assert_eq!((first.closed_until, &first.key), (None, &key("main", "contoso")));
    store.close_lane(scene.lane, at(30_000)).await.unwrap();
    let second = scene.take(at(1)).await;
    assert_eq!((second.closed_until, second.epoch), (Some(at(30_000)), first.epoch + 1));
}
