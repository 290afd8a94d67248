//! Tolerant on the way in, canonical on the way out.

use pregon_model::{Activity, ChannelAccount, ConversationReference, TeamDetails};
use serde_json::{Value, json};

use crate::every_type::pass_as;

fn canonical(value: &Value) -> Value {
    pass_as("Activity", value).unwrap().written
}

#[test]
fn an_id_or_text_that_is_a_number_becomes_its_text() {
    let odd = json!({"type": "message", "id": 1_790_000_000_123_u64, "text": 12.5, "name": true, "replyToId": -1});
    let read = json!({"type": "message", "id": "1790000000123", "text": "12.5", "name": "true", "replyToId": "-1"});
    assert_eq!(canonical(&odd), read);
}

#[test]
fn a_count_may_be_text_and_a_flag_too() {
    let team = json!({"id": "19:t", "channelCount": "6", "memberCount": 19.0});
    let team: TeamDetails = serde_json::from_value(team).unwrap();
    assert_eq!((team.channel_count, team.member_count), (Some(6), Some(19)));
    let group = |flag: Value| canonical(&json!({"type": "message", "conversation": {"id": "a", "isGroup": flag}}));
    assert_eq!(group(json!("True"))["conversation"]["isGroup"], true);
    assert_eq!(group(json!("false"))["conversation"]["isGroup"], false);
    for count in [json!("six"), json!(-1), json!(1.5), json!(1e300), json!(true)] {
        let team = serde_json::from_value::<TeamDetails>(json!({"id": "19:t", "channelCount": count}));
        assert!(team.unwrap_err().to_string().starts_with("channelCount: "));
    }
}

#[test]
fn null_is_absent_and_skipped_in_lists() {
    let odd = json!({
        "type": "message", "attachments": null, "from": null, "text": null, "channelData": {"tenant": null},
        "membersAdded": [null, {"id": "29:x", "name": null}, null], "entities": [null]
    });
    assert_eq!(canonical(&odd), json!({"type": "message", "channelData": {}, "membersAdded": [{"id": "29:x"}]}));
}

#[test]
fn a_missing_id_costs_nothing_but_itself() {
    let odd = json!({
        "type": "conversationUpdate", "from": {"name": "Ada"}, "recipient": {}, "conversation": {"isGroup": true},
        "membersAdded": [{}], "channelData": {"tenant": {}, "team": {"name": "T"}}
    });
    let activity: Activity = serde_json::from_value(odd.clone()).unwrap();
    assert_eq!(serde_json::to_value(&activity).unwrap(), odd);
    assert_eq!((activity.tenant_id(), activity.conversation_id()), (None, None));
    assert!(activity.reference().is_none());
    assert!(!activity.is_bot(&activity.members_added[0]), "an account without an id is nobody");
}

#[test]
fn an_activity_without_a_type_is_of_no_kind() {
    let activity: Activity = serde_json::from_value(json!({})).unwrap();
    assert_eq!(activity.kind.as_str(), "");
    assert_eq!(serde_json::to_value(&activity).unwrap(), json!({}));
}

#[test]
fn a_value_of_a_known_set_is_written_in_one_case() {
    let odd = json!({
        "type": "MESSAGE", "textFormat": "Markdown", "importance": "HIGH", "conversation": {"id": "a", "conversationType": "groupchat"},
        "entities": [{"type": "ClientInfo", "platform": "IOS"}]
    });
    let written = canonical(&odd);
    for (pointer, text) in [
        ("/type", "message"),
        ("/textFormat", "markdown"),
        ("/importance", "high"),
        ("/conversation/conversationType", "groupChat"),
        ("/entities/0/type", "clientInfo"),
        ("/entities/0/platform", "iOS"),
    ] {
        assert_eq!(written.pointer(pointer).unwrap(), text, "{pointer}");
    }
}

#[test]
fn an_error_names_the_member_at_fault() {
    let error = |value: Value| serde_json::from_value::<Activity>(value).unwrap_err().to_string();
    for (value, why) in [
        (json!({"from": "Ada"}), "from: invalid type: string \"Ada\", expected an object (ChannelAccount)"),
        (json!({"from": {"id": {}}}), "from: id: invalid type: map, expected text"),
        (json!({"membersAdded": {}}), "membersAdded: invalid type: map, expected an array"),
        (json!({"membersAdded": [{"name": []}]}), "membersAdded: 0: name: invalid type: sequence, expected text"),
        (
            json!({"conversation": {"isGroup": "maybe"}}),
            "conversation: isGroup: invalid value: string \"maybe\", expected true or false",
        ),
    ] {
        assert_eq!(error(value), why);
    }
    let text = "{\"type\":\"message\",\n\"from\":{\"id\":[]}}";
    let error = serde_json::from_str::<Activity>(text).unwrap_err();
    assert_eq!(error.line(), 2, "{error}");
}

#[test]
fn a_member_that_stands_twice_is_refused() {
    let error = |text: &str| serde_json::from_str::<Activity>(text).unwrap_err().to_string();
    let text = r#"{"type":"message","serviceUrl":"https://a/","serviceUrl":"https://b/"}"#;
    assert!(error(text).starts_with("duplicate field `serviceUrl`"));
    assert!(error(r#"{"type":"message","from":{"id":"a"},"from":null}"#).starts_with("duplicate field `from`"));
}

#[test]
fn what_is_useless_without_a_member_is_refused_by_its_name() {
    for (name, value, member) in [
        ("ConversationReference", json!({"conversation": {"id": "a:1"}}), "serviceUrl"),
        ("ConversationReference", json!({"serviceUrl": "https://a/"}), "conversation"),
        ("ConversationResourceResponse", json!({"id": ""}), "id"),
        ("BatchState", json!({"state": null}), "state"),
        ("BatchOperation", json!({}), "operationId"),
        ("TeamDetails", json!({"name": "T"}), "id"),
    ] {
        let error = pass_as(name, &value).unwrap_err().to_string();
        assert_eq!(error, format!("missing field `{member}`"), "{name}");
    }
}

#[test]
fn a_reference_of_a_newer_sdk_calls_the_bot_agent() {
    let reference = json!({"serviceUrl": "https://a/", "conversation": {"id": "a:1"}, "agent": {"id": "28:bot"}});
    let reference: ConversationReference = serde_json::from_value(reference).unwrap();
    assert_eq!(reference.bot, Some(ChannelAccount::new(pregon_model::MemberId::new("28:bot"))));
}
