//! Every method of a handler, called for what happens in Teams.

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
async fn what_a_person_does_in_their_chat_is_told() {
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

    let chat = stage.bot.conversation(&reference_to_ada(&stage)).unwrap();
    let card = json!({"type": "AdaptiveCard", "version": "1.5", "actions": [
        {"type": "Action.Execute", "verb": "ack"}, {"type": "Action.Submit", "title": "Later", "data": {"hours": 2}},
    ]});
    let sent = chat.send().card(card, "A ship is in").await.unwrap().unwrap();
    ada.react(None, sent.as_str(), "like").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["reactions_added like"]);
    let answer = ada.press("ack").await.unwrap();
    assert_eq!((answer.status, answer.body), (200, json!({"by": "card_action"})));
    assert_eq!(told(&stage, &recorder).await, ["card_action ack"]);
    ada.press_on(None, None, "Later", Map::from_iter([("note".to_owned(), json!("busy"))])).await.unwrap();
    assert_eq!(told(&stage, &recorder).await, [r#"submitted {"hours":2,"note":"busy"}"#]);

    ada.uninstall();
    assert_eq!(told(&stage, &recorder).await, ["uninstalled new"]);
}

fn reference_to_ada(stage: &Stage) -> ConversationReference {
    let activity: Activity = serde_json::from_value(stage.activity("message", json!({}))).unwrap();
    activity.reference().unwrap()
}

#[tokio::test]
async fn what_happens_in_a_team_is_told() {
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
    stage.emulator.rename_team(&team, "Harbor Crew").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["team_renamed Harbor Crew"]);
    stage.emulator.create_channel(&team, "Quay").unwrap();
    assert_eq!(told(&stage, &recorder).await, ["channel_created Quay"]);
    stage.emulator.uninstall_from_team(&stage.app.app_id, &team).unwrap();
    assert_eq!(told(&stage, &recorder).await, ["bot_removed", "uninstalled new"]);
}

/// What the emulator cannot bring about is posted with its token.
#[tokio::test]
async fn whatever_teams_tells_has_its_method() {
    let recorder = Recorder::default();
    let stage = Stage::start(recorder.clone()).await;
    told(&stage, &recorder).await;
    for (kind, more, calls) in of_people().into_iter().chain(of_channels_and_teams()).chain(of_others()) {
        let activity = stage.activity(kind, more);
        assert_eq!(stage.post(&activity).await, (StatusCode::OK, Value::Null), "{activity}");
        assert_eq!(recorder.take(), calls, "{activity}");
    }
}

type Told = (&'static str, Value, &'static [&'static str]);

fn of_people() -> Vec<Told> {
    let both = json!({"reactionsAdded": [{"type": "like"}], "reactionsRemoved": [{"type": "sad"}, {"type": "heart"}]});
    let came_and_left =
        json!({"membersAdded": [{"id": "29:boris"}], "membersRemoved": [{"id": "29:c"}, {"id": "29:d"}]});
    let channel = |event: &str| json!({"eventType": event, "channel": {"id": "19:quay", "name": "Quay"}});
    let came = json!({"membersAdded": [{"id": "29:boris"}], "channelData": channel("channelMemberAdded")});
    let left = json!({"membersRemoved": [{"id": "29:boris"}], "channelData": channel("channelMemberRemoved")});
    vec![
        ("messageUpdate", json!({"channelData": {"eventType": "undeleteMessage"}}), &["message_undeleted"]),
        ("messageReaction", both, &["reactions_added like", "reactions_removed sad,heart"]),
        ("installationUpdate", json!({"action": "add-upgrade"}), &["installed upgrade"]),
        ("installationUpdate", json!({"action": "remove-upgrade"}), &["uninstalled upgrade"]),
        ("conversationUpdate", came_and_left, &["members_added 29:boris", "members_removed 29:c,29:d"]),
        ("conversationUpdate", came, &["channel_members_added Quay 29:boris"]),
        ("conversationUpdate", left, &["channel_members_removed Quay 29:boris"]),
        ("typing", json!({}), &["typing"]),
    ]
}

fn of_channels_and_teams() -> impl Iterator<Item = Told> {
    let calls: [(&str, &'static [&'static str]); 13] = [
        ("channelCreated", &["channel_created Quay"]),
        ("channelRenamed", &["channel_renamed Quay"]),
        ("channelDeleted", &["channel_deleted Quay"]),
        ("channelRestored", &["channel_restored Quay"]),
        ("channelShared", &["channel_shared Quay Partner"]),
        ("channelUnshared", &["channel_unshared Quay Pilots"]),
        ("teamRenamed", &["team_renamed Crew"]),
        ("teamArchived", &["team_archived Crew"]),
        ("teamUnarchived", &["team_unarchived Crew"]),
        ("teamRestored", &["team_restored Crew"]),
        ("teamDeleted", &["team_deleted Crew"]),
        ("teamHardDeleted", &["team_hard_deleted Crew"]),
        ("teamMerged", &["other_event teamMerged"]),
    ];
    calls.into_iter().map(|(event, calls)| {
        let data = json!({
            "eventType": event, "team": {"id": "19:crew", "name": "Crew"}, "channel": {"id": "19:quay", "name": "Quay"},
            "sharedWithTeams": [{"id": "19:partner", "name": "Partner"}],
            "unsharedFromTeams": [{"id": "19:pilots", "name": "Pilots"}],
        });
        ("conversationUpdate", json!({"channelData": data}), calls)
    })
}

fn of_others() -> Vec<Told> {
    let named = |name: &str, value: Value| json!({"name": format!("application/vnd.microsoft.{name}"), "value": value});
    let people = json!({"members": [{"user": {"id": "29:boris", "name": "Boris"}}]});
    vec![
        ("event", named("readReceipt", json!({"lastReadMessageId": "17"})), &["read_receipt 17"]),
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
async fn what_is_asked_is_answered_by_its_method() {
    let recorder = Recorder::default();
    let stage = Stage::start(recorder.clone()).await;
    told(&stage, &recorder).await;
    for (name, value, call) in [
        ("adaptiveCard/action", json!({"action": {"verb": "ack"}}), "card_action ack"),
        ("task/fetch", json!({"data": 7}), "dialog_fetch 7"),
        ("task/submit", json!({"data": 8}), "dialog_submit 8"),
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
