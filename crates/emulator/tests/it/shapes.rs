//! Everything Teams is documented to tell a bot, told by the emulator, with every member documented.

use std::collections::BTreeSet;

use pregon_emulator::{ChannelKind, EmulatorConfig, Limits, TeamSpec, dev};
use pregon_model::Activity;
use serde_json::{Map, Value, json};

use crate::setup::{Setup, id};

/// One documented activity a line; identities are synthetic.
const DOCUMENTED: &str = include_str!("../../../model/tests/it/activities.jsonl");

const PARTNER: &str = "19:SynthPartner04@thread.tacv2";

#[tokio::test]
async fn every_documented_activity_is_told_with_all_its_members() {
    let setup = stage().await;
    installs(&setup);
    places(&setup);
    messages(&setup);
    buttons(&setup).await;
    setup.emulator.delivered().await;
    let told: Vec<Value> = setup.bot.take().into_iter().map(|received| received.activity).collect();
    for line in DOCUMENTED.lines() {
        let documented: Value = serde_json::from_str(line).unwrap();
        let alike: Vec<_> = told.iter().filter(|activity| kind(activity) == kind(&documented)).collect();
        assert!(!alike.is_empty(), "never told: {:?}", kind(&documented));
        let missing = alike.iter().map(|activity| missing(&documented, activity)).min_by_key(BTreeSet::len).unwrap();
        assert!(missing.is_empty(), "{:?} lacks {missing:?}", kind(&documented));
    }
    for activity in told {
        serde_json::from_value::<Activity>(activity).unwrap();
    }
}

async fn stage() -> Setup {
    let mut world = dev::world(1, 10);
    world.tenants[0].teams.push(TeamSpec {
        id: PARTNER.to_owned(),
        group_id: "0c7d5e92-a1b4-4836-9f20-e3c6b8d71f45".to_owned(),
        name: "Partner".to_owned(),
        channels: Vec::new(),
        members: None,
        bots: Vec::new(),
    });
    Setup::with(EmulatorConfig { limits: Limits::Lifted, ..EmulatorConfig::new(world) }).await
}

fn installs(setup: &Setup) {
    let (team, chat) =
        (setup.emulator.team(dev::TEAM_ID).unwrap(), setup.emulator.group_chat(dev::GROUP_CHAT_ID).unwrap());
    team.uninstall(dev::APP_ID).unwrap();
    team.install_in_channel(dev::APP_ID, dev::CHANNEL_ID).unwrap();
    chat.uninstall(dev::APP_ID).unwrap();
    chat.install(dev::APP_ID).unwrap();
    let ada = setup.emulator.person(dev::ADA).unwrap();
    assert!(ada.uninstall() && ada.install() && ada.lose_by_upgrade() && ada.upgrade());
}

fn places(setup: &Setup) {
    let (team, chat) =
        (setup.emulator.team(dev::TEAM_ID).unwrap(), setup.emulator.group_chat(dev::GROUP_CHAT_ID).unwrap());
    let boris = setup.emulator.person(dev::BORIS).unwrap();
    assert!(boris.leave(None).unwrap() && boris.join(None).unwrap());
    assert!(chat.remove(dev::BORIS).unwrap() && chat.add(dev::BORIS).unwrap());
    let weather = team.create_channel("Weather").unwrap();
    let weather = setup.emulator.channel(&weather).unwrap();
    weather.rename("Storms").unwrap();
    assert!(weather.delete().unwrap() && weather.restore().unwrap());
    let joint = team.create_channel_for("Joint", ChannelKind::Shared, &[dev::ADA]).unwrap();
    let joint = setup.emulator.channel(&joint).unwrap();
    assert!(joint.share_with(PARTNER).unwrap() && joint.unshare_from(PARTNER).unwrap());
    assert!(joint.add(dev::BORIS).unwrap() && joint.remove(dev::BORIS).unwrap());
    team.rename("Harbor Operations").unwrap();
    assert!(team.archive() && team.unarchive() && team.delete() && team.restore());
    let other = setup.emulator.team(PARTNER).unwrap();
    other.install(dev::APP_ID).unwrap();
    assert!(other.hard_delete());
}

fn messages(setup: &Setup) {
    let ada = setup.emulator.person(dev::ADA).unwrap();
    let own = ada.write("status of the port").unwrap();
    ada.write_in_channel(dev::CHANNEL_ID, None, "help").unwrap();
    ada.edit(None, &own, "status of the north port").unwrap();
    ada.delete(None, &own).unwrap();
    ada.undelete(None, &own).unwrap();
    ada.read(None).unwrap();
    ada.types(None).unwrap();
}

async fn buttons(setup: &Setup) {
    let ada = setup.emulator.person(dev::ADA).unwrap();
    let chat = setup.chat(&ada.view()).await;
    let content = json!({
        "type": "AdaptiveCard",
        "refresh": {"action": {"type": "Action.Execute", "title": "Update", "verb": "refresh", "data": {"incident": 7}}},
        "actions": [
            {"type": "Action.Execute", "id": "ok", "title": "Confirm", "verb": "ack", "data": {"incident": 7, "comment": "seen"}},
            {"type": "Action.Submit", "title": "Send", "data": {"verb": "ack", "incident": 7, "comment": "seen"}},
            {"type": "Action.Submit", "title": "Assign", "data": {"msteams": {"type": "task/fetch"}, "incident": 7}},
        ],
        "buttons": [{"type": "messageBack", "title": "Back", "text": "ack 7", "value": {"incident": 7}}],
    });
    let card = json!({"type": "message", "attachments": [{"contentType": "card", "content": content}]});
    let message = id(setup.send(&chat, &card).await).await;
    ada.react(None, &message, "like").unwrap();
    ada.unreact(None, &message, "like").unwrap();
    for button in ["Confirm", "Send", "Assign"] {
        ada.press(button).await.unwrap();
    }
    ada.look_at(None, &message).await.unwrap();
    ada.submit_dialog(None, json!({"incident": 7, "owner": "boris"})).await.unwrap();
    let root = id(setup.send(dev::CHANNEL_ID, &card).await).await;
    ada.press_on(Some(dev::CHANNEL_ID), Some(&root), "Back", Map::new()).await.unwrap();
}

/// What tells one documented activity from another.
fn kind(activity: &Value) -> [Value; 8] {
    let bots = |list: &str| {
        let members = activity[list].as_array().map_or(&[][..], Vec::as_slice);
        members.iter().map(|member| member["id"].as_str().unwrap().starts_with("28:")).collect::<Value>()
    };
    [
        activity["type"].clone(),
        activity["name"].clone(),
        activity["action"].clone(),
        activity["channelData"]["eventType"].clone(),
        activity["conversation"]["conversationType"].clone(),
        activity["value"]["trigger"].clone(),
        bots("membersAdded"),
        bots("membersRemoved"),
    ]
}

/// The members a documented activity has and the other has not.
fn missing(documented: &Value, told: &Value) -> BTreeSet<String> {
    let (mut expected, mut there) = (BTreeSet::new(), BTreeSet::new());
    paths(documented, "", &mut expected);
    paths(told, "", &mut there);
    &expected - &there
}

fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = format!("{path}/{name}");
                paths(value, &path, found);
                found.insert(path);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paths(item, path, found)),
        _ => {}
    }
}
