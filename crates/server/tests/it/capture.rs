use serde_json::{Value, json};

use crate::world::World;

#[tokio::test]
async fn a_team_install_is_captured_and_welcomed_once() {
    let world = World::start().await;
    world.install_in_team().await;
    let team = world.team();

    let own = world.own_messages().await;
    assert_eq!(own.len(), 1, "two events, one welcome: {own:#?}");
    let welcome = world.get(&format!("/api/v1/messages/{}", own[0]["id"].as_str().unwrap())).await;
    assert_eq!(welcome["to"], json!([format!("conversation:{}", team.id)]));
    assert_eq!(welcome["data"]["team"], team.name);
    world.own_messages_done().await;
    let said = world.emulator.conversation(&team.id);
    assert_eq!(said.len(), 1);
    assert!(said[0].activity["attachments"][0]["content"].to_string().contains(&team.name), "{said:#?}");

    let references = world.references("scope=team").await;
    assert_eq!(references.len(), 1);
    assert_eq!(references[0]["conversation"], team.id);
    assert_eq!(references[0]["group"], team.group_id);
    assert_eq!(references[0]["name"], team.name);
    assert_eq!((&references[0]["reach"], &references[0]["generation"]), (&json!("open"), &json!(1)));
    // Channels follow in the background.
    let channels = |page: &Value| page["data"].as_array().unwrap().len() == team.channels.len() - 1;
    world.until("/api/v1/references?scope=channel", channels).await;
    world.stop().await;
}

#[tokio::test]
async fn a_second_install_is_a_new_generation_with_a_welcome_of_its_own() {
    let world = World::start().await;
    let ada = world.person(0);
    let actor = world.emulator.person(&ada.id).unwrap();
    for generation in 1..=2 {
        assert!(actor.install());
        world.emulator.delivered().await;
        assert_eq!(world.own_messages_done().await, generation);
        assert_eq!(actor.received().len(), generation);
        let reference = &world.references("scope=personal").await[0];
        assert_eq!((&reference["installed"], &reference["generation"]), (&json!(true), &json!(generation)));
        assert_eq!(reference["person"]["object_id"], ada.id);
        actor.uninstall();
        world.emulator.delivered().await;
        let reference = &world.references("scope=personal").await[0];
        assert_eq!((&reference["installed"], &reference["reach"]), (&json!(false), &json!("not_installed")));
    }
    world.stop().await;
}

#[tokio::test]
async fn no_welcome_is_sent_where_it_is_switched_off() {
    let world = World::with(3, "[bots.welcome]\nenabled = false").await;
    world.install_in_team().await;
    assert_eq!(world.own_messages().await, Vec::<Value>::new());
    world.stop().await;
}

#[tokio::test]
async fn writing_tells_language_and_zone_and_help_is_answered_in_it() {
    let world = World::with(30, "").await;
    let people = world.emulator.people();
    let spanish = people.iter().find(|person| person.locale.starts_with("es")).expect("the demo world speaks Spanish");
    let actor = world.emulator.person(&spanish.id).unwrap();
    actor.install();
    actor.write("ayuda").unwrap();
    actor.write("nothing the bot knows").unwrap();
    world.emulator.delivered().await;
    assert_eq!(world.own_messages_done().await, 2, "a welcome and an answer");
    let said: Vec<_> = actor.received().into_iter().filter(|message| message.written_by.is_none()).collect();
    assert!(said.iter().any(|message| message.activity["text"].as_str().is_some_and(|text| text.contains("**baja**"))));
    assert!(said.iter().any(|message| message.activity.to_string().contains("Recibes esto")));
    let person = &world.references("scope=personal").await[0]["person"];
    assert_eq!(person["locale"], spanish.locale);
    assert_eq!(person["timezone"], spanish.time_zone);
    world.stop().await;
}

#[tokio::test]
async fn a_mention_in_a_channel_is_answered_in_its_thread() {
    let world = World::start().await;
    world.install_in_team().await;
    world.own_messages_done().await;
    let channel = world.team().channels[1].id.clone();
    let ada = world.person(0);
    let root = world.emulator.person(&ada.id).unwrap().write_in_channel(&channel, None, "help").unwrap();
    world.emulator.delivered().await;
    world.own_messages_done().await;
    let answer = world.emulator.conversation(&channel).into_iter().find(|message| message.written_by.is_none());
    assert_eq!(answer.expect("an answer").thread_root, Some(root));
    world.stop().await;
}

#[tokio::test]
async fn whoever_joins_is_known_and_whoever_leaves_is_out_of_reach() {
    let world = World::start().await;
    let ada = world.emulator.person(&world.person(0).id).unwrap();
    ada.leave(None).unwrap();
    world.install_in_team().await;
    ada.join(Some(&world.team().id)).unwrap();
    world.emulator.delivered().await;
    let reach = |references: Vec<Value>| {
        let own = references.into_iter().find(|reference| reference["person"]["object_id"] == ada.view().id);
        own.map(|reference| reference["reach"].as_str().unwrap().to_owned())
    };
    assert_eq!(reach(world.references("scope=personal").await).as_deref(), Some("open"));
    ada.leave(Some(&world.team().id)).unwrap();
    world.emulator.delivered().await;
    assert_eq!(reach(world.references("scope=personal").await).as_deref(), Some("left_team"));
    world.stop().await;
}

#[tokio::test]
async fn a_team_without_the_app_is_out_of_reach() {
    let world = World::start().await;
    world.install_in_team().await;
    world.own_messages_done().await;
    world.emulator.uninstall_from_team(&world.app().app_id, &world.team().id).unwrap();
    world.emulator.delivered().await;
    let team = &world.references("scope=team").await[0];
    assert_eq!((&team["installed"], &team["reach"]), (&json!(false), &json!("not_installed")));
    world.stop().await;
}
