//! What the documented activities tell.

use pregon_model::{Activity, ActivityKind, ChannelAccount, Event, EventType, Invoke, MemberId, Trigger};
use serde_json::{Value, json};

use crate::documents::activities;

fn read(value: Value) -> Activity {
    serde_json::from_value(value).unwrap()
}

/// The names of all an activity tells, without what they carry.
fn told(activity: &Activity) -> Vec<String> {
    let name = |event: Event<'_>| format!("{event:?}").chars().take_while(char::is_ascii_alphanumeric).collect();
    activity.events().map(name).collect()
}

#[test]
fn every_documented_activity_tells_what_its_page_says() {
    let expected = [
        "BotAdded",
        "MembersAdded",
        "BotAdded MembersAdded",
        "BotAdded",
        "MembersRemoved",
        "ChannelCreated",
        "TeamRenamed",
        "ChannelShared",
        "ChannelMembersAdded",
        "Installed",
        "Uninstalled",
        "Message",
        "Message",
        "Submitted",
        "Message",
        "ReactionsAdded",
        "MessageEdited",
        "MessageDeleted",
        "ReadReceipt",
        "Typing",
        "Invoke",
        "Invoke",
        "Invoke",
        "ChannelRenamed",
        "ChannelDeleted",
        "ChannelRestored",
        "TeamArchived",
        "TeamUnarchived",
        "TeamRestored",
        "TeamDeleted",
        "TeamHardDeleted",
        "ChannelUnshared",
        "ChannelMembersRemoved",
        "BotRemoved",
        "MembersAdded",
        "Installed",
        "Installed",
        "Uninstalled",
        "ReactionsRemoved",
        "MessageUndeleted",
        "Invoke",
    ];
    let told: Vec<_> = activities().map(|activity| told(&activity).join(" ")).collect();
    assert_eq!(told, expected);
}

#[test]
fn an_upgrade_is_told_apart_from_an_install() {
    let of = |action: &str| read(json!({"type": "installationUpdate", "action": action}));
    assert_eq!(of("Add").event(), Event::Installed { upgrade: false });
    assert_eq!(of("add-upgrade").event(), Event::Installed { upgrade: true });
    assert_eq!(of("REMOVE").event(), Event::Uninstalled { upgrade: false });
    assert_eq!(of("remove-upgrade").event(), Event::Uninstalled { upgrade: true });
    assert!(matches!(of("paused").event(), Event::Other(_)));
}

#[test]
fn the_bot_is_told_by_its_id_and_never_by_its_name() {
    let activity = read(json!({
        "type": "conversationUpdate", "recipient": {"id": "28:BOT", "name": "Harbor"},
        "membersAdded": [{"id": "29:x", "name": "Harbor"}, {"id": "28:other", "name": "Harbor"}, {"id": "28:bot"}]
    }));
    assert_eq!(told(&activity), ["BotAdded", "MembersAdded"]);
    let Some(Event::MembersAdded(people)) = activity.events().nth(1) else { panic!() };
    assert_eq!(people.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["29:x", "28:other"]);
}

#[test]
fn one_activity_may_tell_several_things() {
    let reactions = json!([{"type": "like"}]);
    let both = read(json!({"type": "messageReaction", "reactionsAdded": reactions, "reactionsRemoved": reactions}));
    assert_eq!(told(&both), ["ReactionsAdded", "ReactionsRemoved"]);
    let people = json!([{"id": "29:x"}]);
    let all = read(json!({
        "type": "conversationUpdate", "membersAdded": people, "membersRemoved": people,
        "channelData": {"eventType": "teamRenamed", "team": {"id": "19:t"}}
    }));
    assert_eq!(told(&all), ["MembersAdded", "MembersRemoved", "TeamRenamed"]);
}

#[test]
fn the_type_of_a_change_is_read_in_any_case_and_written_in_one() {
    let activity = read(json!({
        "type": "ConversationUpdate", "channelData": {"eventType": "TEAMrestored", "team": {"id": "19:t"}}
    }));
    assert!(matches!(activity.event(), Event::TeamRestored(team) if team.id.as_str() == "19:t"));
    let written = serde_json::to_value(&activity).unwrap();
    assert_eq!(
        (&written["type"], &written["channelData"]["eventType"]),
        (&json!("conversationUpdate"), &json!("teamRestored"))
    );
}

#[test]
fn what_has_no_variant_is_told_by_its_name() {
    let change = |data: Value| read(json!({"type": "conversationUpdate", "channelData": data}));
    assert_eq!(change(json!({"eventType": "teamMoved"})).event(), Event::OtherEvent("teamMoved"));
    assert_eq!(change(json!({"eventType": "channelCreated"})).event(), Event::OtherEvent("channelCreated"));
    assert_eq!(change(json!({"eventType": "teamMemberAdded"})).event(), Event::OtherEvent("teamMemberAdded"));
    assert_eq!(change(json!({})).event(), Event::Other(&ActivityKind::ConversationUpdate));
    let event = |name: &str| read(json!({"type": "event", "name": name, "value": {}}));
    assert_eq!(event("x/y").event(), Event::OtherEvent("x/y"));
    let receipt = "application/vnd.microsoft.readReceipt";
    assert_eq!(event(receipt).event(), Event::OtherEvent(receipt));
    assert!(matches!(read(json!({"type": "huddle"})).event(), Event::Other(kind) if kind.as_str() == "huddle"));
    assert!(matches!(read(json!({"type": "messageReaction"})).event(), Event::Other(_)));
}

#[test]
fn a_meeting_tells_of_its_start_and_its_people() {
    let event = |name: &str, value: Value| {
        read(json!({"type": "event", "name": format!("application/vnd.microsoft.{name}"), "value": value}))
    };
    let start = event("meetingStart", json!({"Id": "m", "Title": "T", "StartTime": "2026-09-21T14:13:20Z"}));
    let Event::MeetingStarted(meeting) = start.event() else { panic!() };
    assert_eq!((meeting.id, meeting.title, meeting.time), (Some("m"), Some("T"), Some("2026-09-21T14:13:20Z")));
    let people = json!([{"user": {"id": "29:x"}, "meeting": {"role": "Attendee", "inMeeting": true}}, 7]);
    let join = event("meetingParticipantJoin", json!({"members": people}));
    let Event::MeetingParticipantsJoined(people) = join.event() else { panic!() };
    assert_eq!(people.len(), 1);
    assert_eq!(people[0].meeting.as_ref().unwrap().in_meeting, Some(true));
}

#[test]
fn an_invoke_is_read_by_its_name_in_any_case() {
    for (name, value, shape) in [
        ("adaptivecard/ACTION", json!({"action": {"verb": "v"}}), "CardAction"),
        ("task/fetch", json!({}), "DialogFetch"),
        ("task/submit", json!({}), "DialogSubmit"),
        ("fileConsent/invoke", json!({}), "FileConsent"),
        ("application/search", json!({}), "Search"),
        ("signin/verifyState", json!({}), "SignInVerifyState"),
        ("signin/tokenExchange", json!({}), "SignInTokenExchange"),
        ("signin/failure", json!({}), "SignInFailure"),
        ("composeExtension/queryLink", json!({}), "ComposeExtension"),
        ("message/submitAction", json!({}), "MessageSubmit"),
        ("message/fetchTask", json!({}), "MessageFetchTask"),
        ("suggestedActions/submit", json!({}), "SuggestedActionSubmit"),
        ("config/fetch", json!({}), "ConfigFetch"),
        ("config/submit", json!({}), "ConfigSubmit"),
        ("tab/fetch", json!({}), "TabFetch"),
        ("tab/submit", json!({}), "TabSubmit"),
        ("actionableMessage/executeAction", json!({}), "ExecuteAction"),
        ("handoff/action", json!({}), "Handoff"),
        ("something/new", json!({}), "Other"),
    ] {
        for value in [value, json!(null), json!(7), json!([])] {
            let activity = read(json!({"type": "invoke", "name": name, "value": value}));
            let Event::Invoke(invoke) = activity.event() else { panic!("{name}") };
            assert!(format!("{invoke:?}").starts_with(shape), "{name}: {invoke:?}");
        }
    }
}

fn with_invoke(name: &str, value: Value, check: impl FnOnce(Invoke<'_>)) {
    let asked = Activity { name: Some(name.to_owned()), value: Some(value), ..Activity::new(ActivityKind::Invoke) };
    match asked.event() {
        Event::Invoke(invoke) => check(invoke),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_parts_of_an_invoke_are_at_hand() {
    let value = json!({"action": {"id": "b", "verb": "ack", "data": {"n": 1}}, "trigger": "Automatic"});
    with_invoke("adaptiveCard/action", value, |invoke| {
        let Invoke::CardAction(action) = invoke else { panic!() };
        assert_eq!((action.verb, action.id, &action.data["n"]), ("ack", Some("b"), &json!(1)));
        assert_eq!(action.trigger, Some(Trigger::Automatic));
        assert!(action.is_refresh());
    });
    let info = json!({"name": "a.txt", "uploadUrl": "https://up.example/", "uniqueId": "u", "fileType": "txt"});
    let value = json!({"type": "fileUpload", "action": "accept", "context": {"n": 2}, "uploadInfo": info});
    with_invoke("fileConsent/invoke", value, |invoke| {
        let Invoke::FileConsent(consent) = invoke else { panic!() };
        assert!(consent.accepted);
        assert_eq!(consent.context["n"], 2);
        assert_eq!(consent.upload.unwrap().upload_url, "https://up.example/");
    });
    let value = json!({"queryText": "ne", "queryOptions": {"skip": 5, "top": 15}, "dataset": "people"});
    with_invoke("application/search", value, |invoke| {
        let Invoke::Search(search) = invoke else { panic!() };
        assert_eq!((search.query, search.dataset, search.skip, search.top), ("ne", "people", 5, Some(15)));
    });
    let feedback = json!({"reaction": "like", "feedback": "{\"feedbackText\":\"good\"}"});
    with_invoke("message/submitAction", json!({"actionName": "feedback", "actionValue": feedback}), |invoke| {
        let Invoke::MessageSubmit(action) = invoke else { panic!() };
        assert_eq!((action.reaction(), action.feedback_text().as_deref()), (Some("like"), Some("good")));
    });
    with_invoke("composeExtension/Query", json!({"commandId": "c"}), |invoke| {
        assert!(matches!(invoke, Invoke::ComposeExtension { operation: "Query", value } if value["commandId"] == "c"));
    });
}

#[test]
fn what_lets_somebody_in_stays_out_of_logs() {
    let upload = json!({"action": "accept", "uploadInfo": {"name": "a.txt", "uploadUrl": "s3cret"}});
    let card = json!({"action": {"verb": "ack"}, "authentication": {"token": "s3cret"}});
    for (name, value) in [
        ("signin/tokenExchange", json!({"id": "i", "connectionName": "c", "token": "s3cret"})),
        ("SignIn/verifyState", json!({"state": "s3cret"})),
        ("fileConsent/invoke", upload),
        ("adaptiveCard/action", card),
    ] {
        let asked = Activity { name: Some(name.to_owned()), value: Some(value), ..Activity::new(ActivityKind::Invoke) };
        assert!(!format!("{asked:?}{:?}", asked.event()).contains("s3cret"), "{name}");
    }
    with_invoke("signin/tokenExchange", json!({"token": "s3cret"}), |invoke| {
        assert!(matches!(invoke, Invoke::SignInTokenExchange(exchange) if exchange.token == "s3cret"));
    });
    with_invoke("signin/verifyState", json!({"state": "123456"}), |invoke| {
        assert!(matches!(invoke, Invoke::SignInVerifyState(verify) if verify.state == "123456"));
    });
    let file = json!({"contentType": "application/vnd.microsoft.teams.file.download.info", "content": {"downloadUrl": "s3cret"}});
    let message = read(json!({"type": "message", "attachments": [file]}));
    assert!(!format!("{message:?}{:?}", message.attachments[0].download()).contains("s3cret"));
}

#[test]
fn an_object_is_shown_as_the_json_it_is() {
    let account = ChannelAccount::new(MemberId::new("29:x")).with_name("Ada");
    assert_eq!(format!("{account:?}"), r#"ChannelAccount {"id":"29:x","name":"Ada"}"#);
    assert!(format!("{account:#?}").contains('\n'));
}

#[test]
fn every_type_of_change_is_known() {
    for activity in activities() {
        if let Some(kind) = activity.event_type() {
            assert!(!matches!(kind, EventType::Other(_)), "{kind}");
        }
    }
}
