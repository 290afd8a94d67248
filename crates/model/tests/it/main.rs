//! Round trips over the documented activity payloads (identities are synthetic).

mod card;
mod events;
mod fixtures;

use pregon_model::{Activity, ActivityKind, ConversationReference};
use serde_json::{Value, json};

use fixtures::ACTIVITIES;

#[test]
fn every_documented_activity_round_trips_without_loss() {
    let mut seen = 0;
    for line in ACTIVITIES.lines() {
        let before: Value = serde_json::from_str(line).unwrap();
        let activity: Activity = serde_json::from_str(line).unwrap();
        assert!(!matches!(activity.kind, ActivityKind::Other(_)), "unknown kind in {line}");
        assert_eq!(serde_json::to_value(&activity).unwrap(), before);
        seen += 1;
    }
    assert!(seen > 30, "only {seen} fixtures");
}

#[test]
fn unknown_fields_and_kinds_are_kept_at_every_level() {
    let before = json!({
        "type": "somethingNew", "a": 1,
        "from": {"id": "29:x", "b": [1]},
        "conversation": {"id": "a:1", "conversationType": "huddle", "c": null},
        "channelData": {"d": {"e": true}, "team": {"id": "19:t", "f": "g"}},
        "attachments": [{"contentType": "x/y", "h": 1}],
        "entities": [{"type": "new", "i": 2}]
    });
    let activity: Activity = serde_json::from_value(before.clone()).unwrap();
    assert_eq!(serde_json::to_value(&activity).unwrap(), before);
}

#[test]
fn null_is_the_same_as_absent() {
    let activity: Activity =
        serde_json::from_value(json!({"type": "message", "attachments": null, "membersAdded": null, "from": null}))
            .unwrap();
    assert_eq!(serde_json::to_value(&activity).unwrap(), json!({"type": "message"}));
}

#[test]
fn a_reference_is_taken_from_an_activity_that_has_an_address() {
    let line = ACTIVITIES.lines().next().unwrap();
    let activity: Activity = serde_json::from_str(line).unwrap();
    let reference = activity.reference().unwrap();
    assert_eq!(Some(&reference.service_url), activity.service_url.as_ref());
    let text = serde_json::to_string(&reference).unwrap();
    assert_eq!(serde_json::from_str::<ConversationReference>(&text).unwrap(), reference);
    assert!(Activity::new(ActivityKind::Message).reference().is_none());
}

#[test]
fn the_bots_own_mention_is_not_part_of_a_command() {
    let activity: Activity = serde_json::from_value(json!({
        "type": "message", "text": "<at>Harbor</at> help <at>Ada</at>\n", "recipient": {"id": "28:bot"},
        "entities": [{"type": "mention", "mentioned": {"id": "28:bot"}, "text": "<at>Harbor</at>"},
                     {"type": "mention", "mentioned": {"id": "29:ada"}, "text": "<at>Ada</at>"}]
    }))
    .unwrap();
    assert_eq!(activity.text_without_bot_mention(), "help <at>Ada</at>");
}
