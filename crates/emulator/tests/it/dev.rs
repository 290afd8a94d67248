use pregon_emulator::{EmulatorConfig, dev};
use serde_json::Value;

use crate::setup::{Setup, encoded, refusal};

#[tokio::test]
async fn the_fixed_bot_can_write_at_once_and_nobody_is_told() {
    let setup = Setup::with(EmulatorConfig::new(dev::world(1, 10))).await;
    assert_eq!((setup.app.app_id.as_str(), setup.app.secret.as_str()), (dev::APP_ID, dev::SECRET));
    assert_eq!(setup.tenant, dev::TENANT_ID);
    let id = setup.say(dev::CHANNEL_ID, "hello").await;
    assert_eq!(setup.emulator.conversation(dev::CHANNEL_ID)[0].id, id);
    let team: Value = setup.get(&format!("teams/{}", encoded(dev::TEAM_ID))).await.json().await.unwrap();
    assert_eq!(team["aadGroupId"], dev::GROUP_ID);

    let ada = setup.post("conversations", &setup.create_body(dev::ADA)).await;
    assert_eq!(ada.status(), 201, "Ada has the bot");
    let boris = setup.post("conversations", &setup.create_body(dev::BORIS)).await;
    assert_eq!(refusal(boris).await, (403, "ForbiddenOperationException".to_owned()));
    setup.chat(&setup.emulator.person(dev::BORIS).unwrap().view()).await;
    assert_eq!(setup.emulator.stats().outgoing.queued, 0);
}

#[tokio::test]
async fn a_world_that_names_an_unknown_bot_is_refused_with_the_app_id() {
    let mut world = dev::world(1, 3);
    world.tenants[0].teams[0].bots = vec!["nobody".to_owned()];
    let error = pregon_emulator::Emulator::start(EmulatorConfig::new(world)).await.unwrap_err();
    assert!(error.to_string().contains("\"nobody\""), "{error}");
}
