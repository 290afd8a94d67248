//! References: capturing, finding, merging, opening and closing.

use pregon_domain::directory::{Capture, CaptureChange, Person, Reach, Reference, Scope};
use pregon_domain::message::{Learned, Message};
use pregon_domain::ports::{DeliveryFilter, Store};
use pregon_domain::{BotName, DeliveryState};
use pregon_model::{ConversationId, GroupId, MemberId, ObjectId, ServiceUrl};

use super::scene::{START, Scene, at, bot, capture, key, person, personal};

/// What is `None` in a later capture leaves what was known.
pub async fn a_capture_reads_back_and_nothing_missing_overwrites(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let whole = Person {
        user_principal_name: Some("Ana@Contoso.OnMicrosoft.com".into()),
        email: Some("Ana@Contoso.com".into()),
        guest: Some(false),
        locale: Some("es-ES".into()),
        timezone: Some("Europe/Madrid".into()),
        ..person("ana")
    };
    let first = Capture {
        person: Some(whole.clone()),
        service_url: Some(ServiceUrl::new("https://emea.example/")),
        ..personal(scene.lane, "ana")
    };
    let id = store.capture(&first, at(1)).await.unwrap();
    let stored = Reference {
        id,
        lane: scene.lane,
        bot: bot(),
        tenant: key("main", "contoso").tenant,
        scope: Scope::Personal,
        conversation: first.conversation.clone(),
        service_url: first.service_url.clone(),
        person: Some(Person {
            email: Some("ana@contoso.com".into()),
            user_principal_name: Some("ana@contoso.onmicrosoft.com".into()),
            ..whole
        }),
        name: None,
        team: None,
        group: None,
        reach: Reach::Open,
        installed: false,
        generation: 0,
        seen_at: at(1),
    };
    assert_eq!(scene.reference(id).await, stored);
    let bare = capture(scene.lane, Scope::Personal, Some("a:ana"));
    assert_eq!(store.capture(&bare, at(2)).await.unwrap(), id);
    assert_eq!(scene.reference(id).await, Reference { seen_at: at(2), ..stored.clone() });
    let moved = Capture { service_url: Some(ServiceUrl::new("https://amer.example/")), ..bare };
    store.capture(&moved, at(3)).await.unwrap();
    let expected = Reference { seen_at: at(3), service_url: moved.service_url, ..stored };
    assert_eq!(scene.reference(id).await, expected);
}

/// Conversation, address, sign-in name, object id, member id, group.
pub async fn a_person_is_found_by_any_key_in_any_case(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let ana = Person {
        email: Some("Ana.Ruiz@contoso.com".into()),
        user_principal_name: Some("ARUIZ@contoso.com".into()),
        object_id: Some(ObjectId::new("D04F7B28-6E15-4C93-B8A7-1F2E5D6C9038")),
        ..person("ana")
    };
    let id = store.capture(&Capture { person: Some(ana), ..personal(scene.lane, "ana") }, START).await.unwrap();
    scene.person("bea").await;
    let team = Capture { group: Some(GroupId::new("9B3E-group")), ..capture(scene.lane, Scope::Team, Some("19:t")) };
    let team = store.capture(&team, START).await.unwrap();
    let of = |found: Option<Reference>| found.map(|reference| reference.id);
    let bot = bot();
    for email in ["ana.ruiz@contoso.com", "Ana.Ruiz@Contoso.com", "aruiz@contoso.com"] {
        assert_eq!(of(store.find_email(&bot, email).await.unwrap()), Some(id), "{email}");
    }
    for object in ["d04f7b28-6e15-4c93-b8a7-1f2e5d6c9038", "D04F7B28-6E15-4C93-B8A7-1F2E5D6C9038"] {
        assert_eq!(of(store.find_object(&bot, &ObjectId::new(object)).await.unwrap()), Some(id));
    }
    assert_eq!(of(store.find_member(&bot, &MemberId::new("29:ana")).await.unwrap()), Some(id));
    assert_eq!(of(store.find_conversation(&bot, &ConversationId::new("a:ana")).await.unwrap()), Some(id));
    assert_eq!(of(store.find_conversation(&bot, &ConversationId::new("A:ana")).await.unwrap()), None);
    assert_eq!(of(store.find_team_by_group(&bot, &GroupId::new("9b3e-GROUP")).await.unwrap()), Some(team));
    assert_eq!(of(store.find_team_by_group(&bot, &GroupId::new("other")).await.unwrap()), None);
    assert_eq!(of(store.find_email(&bot, "eva@contoso.com").await.unwrap()), None);
}

/// The same person is another reference in another lane.
pub async fn another_bot_or_tenant_has_its_own_references(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let tenant = store.lane(&key("main", "fabrikam")).await.unwrap();
    let other = store.lane(&key("other", "contoso")).await.unwrap();
    let here = scene.person("ana").await;
    let there = store.capture(&personal(tenant, "bea"), START).await.unwrap();
    let elsewhere = store.capture(&personal(other, "ana"), START).await.unwrap();
    assert_ne!(here, elsewhere);
    let found = store.find_email(&BotName::new("other"), "ana@contoso.com").await.unwrap().unwrap();
    assert_eq!((found.id, found.bot.as_str()), (elsewhere, "other"));
    let found = store.find_email(&bot(), "bea@contoso.com").await.unwrap().unwrap();
    assert_eq!((found.id, found.tenant.as_str()), (there, "fabrikam"));
    assert_eq!(store.find_email(&BotName::new("other"), "bea@contoso.com").await.unwrap(), None);
}

fn half(scene: &Scene<'_>, person: Person, conversation: Option<&str>) -> Capture {
    Capture { person: Some(person), ..capture(scene.lane, Scope::Personal, conversation) }
}

/// One record from Graph (object id), one from a chat (member id): an activity shows both ids.
pub async fn partial_records_of_one_person_are_merged_and_everything_follows(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let whole = person("ana");
    let from_graph = Person { member_id: None, name: Some("Ana (Graph)".into()), ..whole.clone() };
    let from_chat = Person { object_id: None, email: None, ..whole.clone() };
    let older = store.capture(&half(&scene, from_graph, None), at(1)).await.unwrap();
    let newer = store.capture(&half(&scene, from_chat, Some("a:ana")), at(2)).await.unwrap();
    assert_ne!(older, newer);
    store.set_opt_out(newer, "news", true, at(3)).await.unwrap();
    let (one, two) = (scene.message(), scene.message());
    scene.send(&one, &[newer]).await;
    scene.send(&two, &[older]).await;
    let kept = store.capture(&half(&scene, whole.clone(), None), at(4)).await.unwrap();
    assert_eq!(kept, older, "the older id stays");
    let merged = scene.reference(older).await;
    assert_eq!(merged.person, Some(whole));
    assert_eq!(merged.conversation, Some(ConversationId::new("a:ana")));
    assert_eq!(scene.reference(newer).await, merged, "the id that was given out leads to the person");
    assert_eq!(store.references(None, None, None, 9).await.unwrap(), [merged]);
    assert_eq!(scene.deliveries(one.id).await[0].reference, Some(older));
    for id in [older, newer] {
        let filter = DeliveryFilter { reference: Some(id), limit: 9, ..DeliveryFilter::default() };
        assert_eq!(store.deliveries(one.id, &filter).await.unwrap(), scene.deliveries(one.id).await);
    }
    // Somebody may still hold the id that is gone.
    scene.send(&scene.message(), &[newer]).await;
    let epoch = scene.take(at(5)).await.epoch;
    let learned = [Learned::Reach(newer, Reach::Blocked)];
    assert!(store.settle(scene.lane, epoch, at(5), &[], &learned).await.unwrap());
    let claimed = scene.claim(epoch, at(5), 9).await;
    assert_eq!(claimed.len(), 3);
    assert!(claimed.iter().all(|one| one.target.reference == older && one.opted_out));
    assert!(claimed.iter().all(|one| one.target.reach == Reach::Blocked));
}

/// What waits is dropped, what is in flight cannot be called back.
pub async fn a_merged_person_gets_a_waiting_message_once(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let whole = person("ana");
    let older = half(&scene, Person { member_id: None, ..whole.clone() }, None);
    let older = store.capture(&older, START).await.unwrap();
    let newer = half(&scene, Person { object_id: None, ..whole.clone() }, Some("a:ana"));
    let newer = store.capture(&newer, START).await.unwrap();
    let (both, half_way, waiting) = (scene.message(), scene.message(), scene.message());
    scene.send(&both, &[older, newer]).await;
    scene.send(&half_way, &[older, newer]).await;
    let epoch = scene.take(START).await.epoch;
    assert_eq!(scene.claim(epoch, at(1), 3).await.len(), 3);
    scene.send(&waiting, &[older, newer]).await;
    store.capture(&half(&scene, whole, None), at(2)).await.unwrap();
    for (message, deliveries) in [(&both, 2), (&half_way, 1), (&waiting, 1)] {
        assert_eq!(scene.deliveries(message.id).await.len(), deliveries);
        assert_eq!(scene.deliveries(message.id).await[0].reference, Some(older));
        scene.check_tallies(message.id).await;
    }
    // Both copies of the first were under way; the second one is not tried again.
    let epoch = scene.take(at(3)).await.epoch;
    let again = scene.claim(epoch, at(9), 9).await;
    assert_eq!(again.len(), 3);
    let states: Vec<_> = scene.deliveries(both.id).await.iter().map(|one| one.state).collect();
    assert_eq!(states, [DeliveryState::Pending, DeliveryState::Stopped]);
    scene.check_tallies(both.id).await;
}

/// Installed again without having been removed is the same generation.
pub async fn a_welcome_generation_begins_with_each_installation(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let change = |change| Capture { change, ..personal(scene.lane, "ana") };
    let mut seen = Vec::new();
    for change in [
        change(CaptureChange::Seen),
        change(CaptureChange::Installed),
        change(CaptureChange::Installed),
        change(CaptureChange::Uninstalled),
        change(CaptureChange::Seen),
        change(CaptureChange::Installed),
    ] {
        let id = store.capture(&change, START).await.unwrap();
        let reference = scene.reference(id).await;
        seen.push((reference.generation, reference.installed, reference.reach));
    }
    let (open, closed) = (Reach::Open, Reach::NotInstalled);
    let expected =
        [(0, false, open), (1, true, open), (1, true, open), (1, false, closed), (1, false, closed), (2, true, open)];
    assert_eq!(seen, expected);
}

/// Being mentioned does not.
pub async fn an_activity_opens_what_was_closed(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let id = scene.person("ana").await;
    let epoch = scene.take(START).await.epoch;
    for reach in Reach::ALL {
        let learned = [Learned::Reach(id, reach)];
        assert!(store.settle(scene.lane, epoch, START, &[], &learned).await.unwrap());
        scene.person("ana").await;
        assert_eq!(scene.reference(id).await.reach, reach);
        let active = Capture { change: CaptureChange::Active, ..personal(scene.lane, "ana") };
        store.capture(&active, START).await.unwrap();
        assert_eq!(scene.reference(id).await.reach, Reach::Open);
    }
}

/// The bot still reaches members of a team that has the app.
pub async fn an_uninstalled_person_stays_open_through_a_team(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let team = capture(scene.lane, Scope::Team, Some("19:t"));
    let team = store.capture(&Capture { change: CaptureChange::Installed, ..team }, START).await.unwrap();
    let members = [person("ana")];
    store.capture_members(scene.lane, team, None, &members, START).await.unwrap();
    for change in [CaptureChange::Installed, CaptureChange::Uninstalled] {
        for name in ["ana", "bea"] {
            store.capture(&Capture { change, ..personal(scene.lane, name) }, START).await.unwrap();
        }
    }
    let ana = store.find_email(&bot(), "ana@contoso.com").await.unwrap().unwrap();
    let bea = store.find_email(&bot(), "bea@contoso.com").await.unwrap().unwrap();
    assert_eq!((ana.reach, ana.installed, ana.conversation.is_some()), (Reach::Open, false, true));
    assert_eq!((bea.reach, bea.installed), (Reach::NotInstalled, false));
    let gone = Capture { change: CaptureChange::Uninstalled, ..capture(scene.lane, Scope::Team, Some("19:t")) };
    store.capture(&gone, START).await.unwrap();
    assert_eq!(scene.reference(team).await.reach, Reach::NotInstalled);
}

/// The General channel of a team is the team.
pub async fn a_channel_met_before_its_team_becomes_the_team(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let id = store.capture(&capture(scene.lane, Scope::Channel, Some("19:t")), START).await.unwrap();
    let team = Capture {
        name: Some("Sales".into()),
        group: Some(GroupId::new("g")),
        ..capture(scene.lane, Scope::Team, Some("19:t"))
    };
    assert_eq!(store.capture(&team, START).await.unwrap(), id);
    let channel = Capture { team: Some(id), ..capture(scene.lane, Scope::Channel, Some("19:c")) };
    let channel = store.capture(&channel, START).await.unwrap();
    let again = capture(scene.lane, Scope::Channel, Some("19:t"));
    assert_eq!(store.capture(&again, START).await.unwrap(), id);
    let found = scene.reference(id).await;
    assert_eq!((found.scope, found.name.as_deref(), found.person), (Scope::Team, Some("Sales"), None));
    assert_eq!(scene.reference(channel).await.team, Some(id));
    // A team known by its group alone, because the app was installed through Graph, is found by it.
    let by_group = Capture { group: Some(GroupId::new("G")), ..capture(scene.lane, Scope::Team, None) };
    assert_eq!(store.capture(&by_group, START).await.unwrap(), id);
}

/// By bot, by scope, after an id.
pub async fn references_are_paged_oldest_first(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let people = scene.people(5).await;
    let team = store.capture(&capture(scene.lane, Scope::Team, Some("19:t")), START).await.unwrap();
    let other = store.lane(&key("other", "contoso")).await.unwrap();
    let elsewhere = store.capture(&personal(other, "ana"), START).await.unwrap();
    let bot = bot();
    let list = async |bot, scope, after, limit| -> Vec<_> {
        store.references(bot, scope, after, limit).await.unwrap().into_iter().map(|one| one.id).collect()
    };
    assert_eq!(list(Some(&bot), Some(Scope::Personal), None, 99).await, people);
    assert_eq!(list(Some(&bot), Some(Scope::Personal), Some(people[1]), 2).await, people[2..4]);
    assert_eq!(list(Some(&bot), Some(Scope::Team), None, 99).await, [team]);
    assert_eq!(list(None, None, Some(people[4]), 99).await, [team, elsewhere]);
    assert_eq!(list(Some(&BotName::new("none")), None, None, 99).await, []);
}

/// The channel may deliver an activity twice.
pub async fn an_activity_is_seen_first_once_in_24_hours(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let other = store.lane(&key("other", "contoso")).await.unwrap();
    let day = 86_400_000;
    let seen = async |lane, key: &str, millis| {
        let before = store.seen_before(lane, key, at(millis)).await.unwrap();
        let first = store.first_sight(lane, key, at(millis)).await.unwrap();
        assert_eq!(before, !first, "{key} at {millis}");
        first
    };
    assert!(seen(scene.lane, "f:1", 0).await);
    assert!(!seen(scene.lane, "f:1", 1).await);
    assert!(seen(scene.lane, "f:2", 1).await);
    assert!(seen(other, "f:1", 1).await);
    assert!(!seen(scene.lane, "f:1", day - 1).await);
    assert!(seen(scene.lane, "f:1", day).await);
    assert!(!seen(scene.lane, "f:1", day + 1).await);
}

/// Twice out is out once.
pub async fn an_opt_out_can_be_taken_back(store: &dyn Store) {
    let scene = Scene::new(store).await;
    let person = scene.person("ana").await;
    let epoch = scene.take(START).await.epoch;
    let mut out = Vec::new();
    for (round, change) in [(1, true), (2, true), (3, false), (4, false)] {
        store.set_opt_out(person, "news", change, at(round)).await.unwrap();
        let message = Message { topic: Some("news".into()), ..scene.message() };
        scene.send(&message, &[person]).await;
        out.push(scene.claim(epoch, at(round * 10), 1).await[0].opted_out);
    }
    assert_eq!(out, [true, true, false, false]);
}
