//! Every method of a handler, called for what happens in Teams.

use pregon_emulator::ChannelKind;
use pregon_model::{Activity, ConversationReference};
use reqwest::StatusCode;
use serde_json::{Map, Value, json};

use crate::recorder::Recorder;
use crate::stage::Stage;

/// The calls since the last look, in the order of the alphabet: the emulator delivers side by side.
async fn told(stage: &Stage, recorder: &Recorder) -> Vec<String> {
    stage.emulator.delivered().await;
    let mut calls = recorder.take();
    calls.sort();
    calls
}

#[tokio::test]
async fn what_a_person_writes_and_installs_is_told() {
    let recorder = Recorder::default();
    let stage = Stage::start(recorder.clone()).await;
    let ada = stage.ada();
    let member = ada.view().bots[0].member_id.clone();
    assert_eq!(told(&stage, &recorder).await, ["bot_added", "installed new", &format!("members_added {member}")]);

    let message = ada.write("where is my ship?").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["message"]);
    ada.edit(None, &message, "where are my ships?").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["message_edited"]);
    ada.delete(None, &message).unwrap();
    assert_eq!(told(&stage, &recorder).await, ["message_deleted"]);
    ada.undelete(None, &message).unwrap();
    assert_eq!(told(&stage, &recorder).await, ["message_undeleted"]);
    ada.types(None).unwrap();
    assert_eq!(told(&stage, &recorder).await, ["typing"]);

    ada.uninstall();
    assert_eq!(told(&stage, &recorder).await, ["uninstalled new"]);
    ada.upgrade();
    assert_eq!(told(&stage, &recorder).await[1], "installed upgrade");
    ada.lose_by_upgrade();
    assert_eq!(told(&stage, &recorder).await, ["uninstalled upgrade"]);
}

#[tokio::test]
async fn what_a_person_does_with_a_card_is_told_and_answered() {
    let recorder = Recorder::default();
    let stage = Stage::start(recorder.clone()).await;
    told(&stage, &recorder).await;
    let ada = stage.ada();
    let chat = stage.bot.conversation(&reference_to_ada(&stage)).unwrap();
    let sent = chat.send().card(berth(), "A ship is in").await.unwrap().unwrap();
    ada.read(None).unwrap();
    assert_eq!(told(&stage, &recorder).await, [format!("read_receipt {sent}")]);
    ada.react(None, sent.as_str(), "like").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["reactions_added like"]);
    ada.unreact(None, sent.as_str(), "like").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["reactions_removed like"]);

    let answer = ada.press("ack").await.unwrap();
    assert_eq!((answer.status, answer.body), (200, json!({"by": "card_action"})));
    assert_eq!(told(&stage, &recorder).await, ["card_action ack"]);
    ada.look_at(None, sent.as_str()).await.unwrap();
    assert_eq!(told(&stage, &recorder).await, ["card_action look"]);
    ada.press_on(None, None, "Later", Map::from_iter([("note".to_owned(), json!("busy"))])).await.unwrap();
    assert_eq!(told(&stage, &recorder).await, [r#"submitted {"hours":2,"note":"busy"}"#]);
    ada.press("Choose").await.unwrap();
    assert_eq!(told(&stage, &recorder).await[0].split(' ').next(), Some("dialog_fetch"));
    ada.submit_dialog(None, json!({"berth": 7})).await.unwrap();
    assert_eq!(told(&stage, &recorder).await, [r#"dialog_submit {"berth":7}"#]);
}

fn berth() -> Value {
    json!({
        "type": "AdaptiveCard", "version": "1.5", "refresh": {"action": {"type": "Action.Execute", "verb": "look"}},
        "actions": [
            {"type": "Action.Execute", "verb": "ack"},
            {"type": "Action.Submit", "title": "Later", "data": {"hours": 2}},
            {"type": "Action.Submit", "title": "Choose", "data": {"msteams": {"type": "task/fetch"}}},
        ],
    })
}

fn reference_to_ada(stage: &Stage) -> ConversationReference {
    let activity: Activity = serde_json::from_value(stage.activity("message", json!({}))).unwrap();
    activity.reference().unwrap()
}

#[tokio::test]
async fn what_happens_in_a_team_and_a_group_chat_is_told() {
    let recorder = Recorder::default();
    let stage = Stage::start(recorder.clone()).await;
    told(&stage, &recorder).await;
    stage.install_in_team().await;
    assert_eq!(told(&stage, &recorder).await, ["bot_added", "installed new"]);

    let (team, boris) = (stage.team().id, stage.boris());
    let member = boris.view().bots[0].member_id.clone();
    boris.leave(None).unwrap();
    assert_eq!(told(&stage, &recorder).await, [format!("members_removed {member}")]);
    boris.join(None).unwrap();
    assert_eq!(told(&stage, &recorder).await, [format!("members_added {member}")]);
    boris.write_in_channel("Releases", None, "help").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["message"]);

    let team = stage.emulator.team(&team).unwrap();
    team.rename("Crew").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["team_renamed Crew"]);
    assert!(team.archive() && team.unarchive() && team.delete() && team.restore());
    let life = ["team_archived Crew", "team_deleted Crew", "team_restored Crew", "team_unarchived Crew"];
    assert_eq!(told(&stage, &recorder).await, life);
    team.uninstall(&stage.app.app_id).unwrap();
    assert_eq!(told(&stage, &recorder).await, ["bot_removed", "uninstalled new"]);

    let people = [stage.ada().view().id, boris.view().id];
    let chat = stage.emulator.create_group_chat(None, &[&people[0], &people[1]]).unwrap();
    stage.emulator.group_chat(&chat).unwrap().install(&stage.app.app_id).unwrap();
    assert_eq!(told(&stage, &recorder).await, ["bot_added", "installed new"]);
    stage.ada().write_in_group(&chat, "who has the key?").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["message"]);
}

#[tokio::test]
async fn what_happens_to_channels_is_told() {
    let recorder = Recorder::default();
    let stage = Stage::start(recorder.clone()).await;
    stage.install_in_team().await;
    told(&stage, &recorder).await;
    let team = stage.emulator.team(&stage.team().id).unwrap();
    let (ada, boris) = (stage.ada().view().id, stage.boris().view());

    let quay = team.create_channel_for("Dock", ChannelKind::Private, &[&ada]).unwrap();
    assert_eq!(told(&stage, &recorder).await, ["channel_created Dock"]);
    let quay = stage.emulator.channel(&quay).unwrap();
    quay.rename("Quay").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["channel_renamed Quay"]);
    quay.add(&boris.id).unwrap();
    let member = &boris.bots[0].member_id;
    assert_eq!(told(&stage, &recorder).await, [format!("channel_members_added Quay {member}")]);
    quay.remove(&boris.id).unwrap();
    assert_eq!(told(&stage, &recorder).await, [format!("channel_members_removed Quay {member}")]);
    quay.delete().unwrap();
    assert_eq!(told(&stage, &recorder).await, ["channel_deleted Quay"]);
    quay.restore().unwrap();
    assert_eq!(told(&stage, &recorder).await, ["channel_restored Quay"]);
}

/// What the emulator cannot bring about is posted with its token.
#[tokio::test]
async fn whatever_else_teams_tells_has_its_method() {
    let recorder = Recorder::default();
    let stage = Stage::start(recorder.clone()).await;
    told(&stage, &recorder).await;
    for (kind, more, calls) in changes().into_iter().chain(events()) {
        let activity = stage.activity(kind, more);
        assert_eq!(stage.post(&activity).await, (StatusCode::OK, Value::Null), "{activity}");
        assert_eq!(recorder.take(), calls, "{activity}");
    }
}

type Told = (&'static str, Value, &'static [&'static str]);

fn changes() -> Vec<Told> {
    let both = json!({"reactionsAdded": [{"type": "like"}], "reactionsRemoved": [{"type": "sad"}, {"type": "heart"}]});
    let came_and_left =
        json!({"membersAdded": [{"id": "29:boris"}], "membersRemoved": [{"id": "29:carla"}, {"id": "29:dora"}]});
    let change = |event: &str| {
        json!({"channelData": {
            "eventType": event, "team": {"id": "19:crew", "name": "Crew"}, "channel": {"id": "19:quay", "name": "Quay"},
            "sharedWithTeams": [{"id": "19:partner", "name": "Partner"}],
            "unsharedFromTeams": [{"id": "19:pilots", "name": "Pilots"}],
        }})
    };
    vec![
        ("messageReaction", both, &["reactions_added like", "reactions_removed sad,heart"]),
        ("conversationUpdate", came_and_left, &["members_added 29:boris", "members_removed 29:carla,29:dora"]),
        ("conversationUpdate", change("channelShared"), &["channel_shared Quay Partner"]),
        ("conversationUpdate", change("channelUnshared"), &["channel_unshared Quay Pilots"]),
        ("conversationUpdate", change("teamHardDeleted"), &["team_hard_deleted Crew"]),
        ("conversationUpdate", change("teamMerged"), &["other_event teamMerged"]),
    ]
}

fn events() -> Vec<Told> {
    let named = |name: &str, value: Value| json!({"name": format!("application/vnd.microsoft.{name}"), "value": value});
    let people = json!({"members": [{"user": {"id": "29:boris", "name": "Boris"}}]});
    vec![
        ("event", named("meetingStart", json!({"Title": "Stand-up"})), &["meeting_started Stand-up"]),
        ("event", named("meetingEnd", json!({"Title": "Stand-up"})), &["meeting_ended Stand-up"]),
        ("event", named("meetingParticipantJoin", people.clone()), &["meeting_participants_joined Boris"]),
        ("event", named("meetingParticipantLeave", people), &["meeting_participants_left Boris"]),
        ("event", json!({"name": "tide"}), &["other_event tide"]),
        ("endOfConversation", json!({}), &["end_of_conversation"]),
        ("suggestion", json!({}), &["other"]),
    ]
}

#[tokio::test]
async fn whatever_else_is_asked_is_answered_by_its_method() {
    let recorder = Recorder::default();
    let stage = Stage::start(recorder.clone()).await;
    told(&stage, &recorder).await;
    for (name, value, call) in [
        ("fileConsent/invoke", json!({"action": "accept"}), "file_consent accepted"),
        ("application/search", json!({"queryText": "nor"}), "search nor"),
        ("signin/verifyState", json!({"state": "123"}), "sign_in_verify_state 123"),
        ("signin/tokenExchange", json!({"id": "x1"}), "sign_in_token_exchange x1"),
        ("signin/failure", json!({"code": "resourcematchfailed"}), "sign_in_failure resourcematchfailed"),
        ("composeExtension/query", json!({}), "other_invoke ComposeExtension"),
        ("message/submitAction", json!({}), "other_invoke MessageSubmit"),
        ("tide/table", json!({}), "other_invoke Other"),
    ] {
        let activity = stage.activity("invoke", json!({"name": name, "value": value}));
        let method = call.split(' ').next();
        assert_eq!(stage.post(&activity).await, (StatusCode::OK, json!({"by": method})), "{activity}");
        assert_eq!(recorder.take(), [call], "{activity}");
    }
}
