//! Teams: rosters, members who leave, apps that are removed.

use pregon_domain::ReferenceId;
use pregon_domain::directory::{Capture, CaptureChange, Person, Reach, Scope};
use pregon_domain::ports::Store;
use pregon_model::{MemberId, ObjectId, ServiceUrl};

use super::scene::{START, Scene, at, bot, capture, person, personal};

async fn team(scene: &Scene<'_>, conversation: &str) -> ReferenceId {
    let team = capture(scene.lane, Scope::Team, Some(conversation));
    scene.store.capture(&Capture { change: CaptureChange::Installed, ..team }, START).await.unwrap()
}

async fn roster(scene: &Scene<'_>, team: ReferenceId, names: &[&str]) -> Vec<ReferenceId> {
    let people: Vec<_> = names.iter().map(|name| person(name)).collect();
    scene.store.capture_members(scene.lane, team, None, &people, START).await.unwrap()
}

/// New people, known people, and one named twice.
pub async fn a_roster_is_returned_in_its_order_and_repeats_nothing(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let sales = team(&scene, "19:sales").await;
    let bea = scene.person("bea").await;
    let url = ServiceUrl::new("https://emea.example/");
    let page = [person("ana"), person("bea"), person("eva"), person("ana")];
    let ids = store.capture_members(scene.lane, sales, Some(&url), &page, at(1)).await.unwrap();
    assert_eq!((ids.len(), ids[1], ids[3]), (4, bea, ids[0]));
    let eva = scene.reference(ids[2]).await;
    assert_eq!((eva.scope, eva.person, eva.conversation), (Scope::Personal, Some(person("eva")), None));
    assert_eq!((eva.service_url, eva.seen_at, eva.installed), (Some(url), at(1), false));
    assert_eq!(scene.reference(bea).await.conversation.unwrap().as_str(), "a:bea");
    assert_eq!(store.capture_members(scene.lane, sales, None, &page, at(2)).await.unwrap(), ids);
    assert_eq!(store.references(None, Some(Scope::Personal), None, 99).await.unwrap().len(), 3);
    assert_eq!(store.capture_members(scene.lane, sales, None, &[], at(3)).await.unwrap(), []);
}

/// And a roster that names them again opens them.
pub async fn a_member_who_left_the_last_team_is_out_of_reach_until_back(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let sales = team(&scene, "19:sales").await;
    let ids = roster(&scene, sales, &["ana", "bea"]).await;
    store.member_left(scene.lane, sales, &MemberId::new("29:ana")).await.unwrap();
    store.member_left(scene.lane, sales, &MemberId::new("29:nobody")).await.unwrap();
    assert_eq!(scene.reference(ids[0]).await.reach, Reach::LeftTeam);
    assert_eq!(scene.reference(ids[1]).await.reach, Reach::Open);
    roster(&scene, sales, &["ana"]).await;
    assert_eq!(scene.reference(ids[0]).await.reach, Reach::Open);
}

/// Another team with the app, or the app of their own; and who blocked the bot stays blocked.
pub async fn a_member_with_another_way_stays_open(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let (sales, lab) = (team(&scene, "19:sales").await, team(&scene, "19:lab").await);
    let ids = roster(&scene, sales, &["ana", "bea", "eva"]).await;
    roster(&scene, lab, &["ana"]).await;
    let installed = Capture { change: CaptureChange::Installed, ..personal(scene.lane, "bea") };
    store.capture(&installed, START).await.unwrap();
    let epoch = scene.take(START).await.epoch;
    let learned = [pregon_domain::message::Learned::Reach(ids[2], Reach::Blocked)];
    assert!(store.settle(scene.lane, epoch, START, &[], &learned).await.unwrap());
    for name in ["ana", "bea", "eva"] {
        store.member_left(scene.lane, sales, &MemberId::new(format!("29:{name}"))).await.unwrap();
    }
    let mut reach = Vec::new();
    for id in &ids {
        reach.push(scene.reference(*id).await.reach);
    }
    assert_eq!(reach, [Reach::Open, Reach::Open, Reach::Blocked]);
    store.team_removed(lab).await.unwrap();
    assert_eq!(scene.reference(ids[0]).await.reach, Reach::NotInstalled, "that was the last way");
}

/// Those with another way stay open; a later roster opens the others again.
pub async fn a_removed_team_closes_its_channels_and_those_reached_through_it_alone(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let (sales, lab) = (team(&scene, "19:sales").await, team(&scene, "19:lab").await);
    let channel = Capture { team: Some(sales), ..capture(scene.lane, Scope::Channel, Some("19:leads")) };
    let channel = store.capture(&channel, START).await.unwrap();
    let ids = roster(&scene, sales, &["ana", "bea", "eva"]).await;
    roster(&scene, lab, &["bea"]).await;
    let installed = Capture { change: CaptureChange::Installed, ..personal(scene.lane, "eva") };
    store.capture(&installed, START).await.unwrap();
    store.team_removed(sales).await.unwrap();
    for (id, reach) in [
        (sales, Reach::NotInstalled),
        (channel, Reach::NotInstalled),
        (lab, Reach::Open),
        (ids[0], Reach::NotInstalled),
        (ids[1], Reach::Open),
        (ids[2], Reach::Open),
    ] {
        assert_eq!(scene.reference(id).await.reach, reach);
    }
    assert!(!scene.reference(sales).await.installed);
    assert_eq!(team(&scene, "19:sales").await, sales);
    assert_eq!(scene.reference(sales).await.generation, 2);
    roster(&scene, sales, &["ana"]).await;
    assert_eq!(scene.reference(ids[0]).await.reach, Reach::Open);
}

/// Even two people of the same page, when a third entry shows that they are one.
pub async fn a_roster_merges_partial_records(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let sales = team(&scene, "19:sales").await;
    let by_object = Person { object_id: Some(ObjectId::new("object-ana")), ..Person::default() };
    let by_member = Person { member_id: Some(MemberId::new("29:ana")), ..Person::default() };
    let known = Capture { person: Some(by_object.clone()), ..capture(scene.lane, Scope::Personal, None) };
    let known = store.capture(&known, START).await.unwrap();
    let page = [by_member.clone(), by_object, person("ana"), person("bea")];
    let ids = store.capture_members(scene.lane, sales, None, &page, at(1)).await.unwrap();
    assert_eq!(ids[..3], [known, known, known]);
    assert_ne!(ids[3], known);
    let fresh = [
        Person { member_id: Some(MemberId::new("29:eva")), ..Person::default() },
        Person { object_id: Some(ObjectId::new("object-eva")), ..Person::default() },
        person("eva"),
    ];
    let ids = store.capture_members(scene.lane, sales, None, &fresh, at(2)).await.unwrap();
    assert_eq!(ids, [ids[0]; 3]);
    assert_eq!(store.find_email(&bot(), "eva@contoso.com").await.unwrap().unwrap().id, ids[0]);
    assert_eq!(store.references(None, Some(Scope::Personal), None, 99).await.unwrap().len(), 3);
    // One whose ids are told anew keeps the record of the member id; the old object id is free again.
    let renewed = Person { object_id: Some(ObjectId::new("object-new")), ..person("bea") };
    let heir = Person { member_id: Some(MemberId::new("29:heir")), ..person("bea") };
    let ids = store.capture_members(scene.lane, sales, None, &[renewed, heir], at(3)).await.unwrap();
    assert_ne!(ids[0], ids[1]);
}
