//! Documents pass through unchanged.

use pregon_model::{Activity, ActivityKind, BatchOperation, Entity};
use serde_json::{Value, json};

use crate::documents::{activities, documents};
use crate::every_type::{declared, pass_as};

#[test]
fn every_documented_object_is_written_as_it_was_read() {
    for (name, document) in documents() {
        assert_eq!(pass_as(&name, &document).unwrap().written, document, "{name}");
    }
}

#[test]
fn every_member_of_every_type_is_in_a_document() {
    let documents = documents();
    for (name, members) in declared() {
        for member in members {
            let found = documents.iter().any(|(document, value)| *document == name && value.get(&member).is_some());
            assert!(found, "{name}.{member}");
        }
    }
}

/// A document with a member in `extra` would prove nothing of the field that is missing.
#[test]
fn every_member_of_a_documented_activity_but_legacy_ids_has_a_field() {
    for activity in activities() {
        assert!(!matches!(activity.kind, ActivityKind::Other(_)), "{}", activity.kind);
        assert!(activity.extra.is_empty(), "{:?}", activity.extra);
        assert!(activity.from.is_none_or(|from| from.extra.is_empty()));
        assert!(activity.conversation.is_none_or(|conversation| conversation.extra.is_empty()));
        let data = activity.channel_data.unwrap();
        assert!(data.extra.keys().all(|name| name == "legacy"), "{:?}", data.extra);
        assert!(!activity.entities.iter().any(|entity| matches!(entity, Entity::Other(_))));
    }
}

#[test]
fn a_batch_call_is_answered_by_an_object_or_the_id_alone() {
    for body in [r#"{"operationId":"op"}"#, r#"{"Id":"op"}"#, r#""op""#] {
        assert_eq!(BatchOperation::parse(body.as_bytes()).unwrap().operation_id.as_str(), "op", "{body}");
    }
    for body in ["", "null", "{}", "\"\"", "[]"] {
        assert!(BatchOperation::parse(body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn a_batch_is_read_in_every_spelling_and_written_in_one() {
    let read = |name: &str, value: Value| pass_as(name, &value).unwrap().written;
    assert_eq!(read("BatchFailure", json!({"Id": "29:x", "Error": "403"})), json!({"entryId": "29:x", "error": "403"}));
    assert_eq!(read("BatchState", json!({"State": "completed"})), json!({"state": "Completed"}));
    assert_eq!(read("BatchParameters", json!({"Members": [{"id": "29:x"}]})), json!({"members": [{"id": "29:x"}]}));
}

#[test]
fn a_person_of_a_roster_has_their_object_id_under_both_names() {
    for name in ["objectId", "aadObjectId"] {
        let written = pass_as("TeamsChannelAccount", &json!({"id": "29:x", name: "o"})).unwrap().written;
        assert_eq!(written, json!({"id": "29:x", "aadObjectId": "o", "objectId": "o"}));
    }
    let null_first = json!({"id": "29:x", "aadObjectId": null, "objectId": "o"});
    assert_eq!(pass_as("TeamsChannelAccount", &null_first).unwrap().written["aadObjectId"], "o");
}

#[test]
fn an_entity_that_is_not_what_it_claims_to_be_is_kept_as_it_is() {
    for odd in [
        json!({"type": "mention", "mentioned": 7}),
        json!({"type": 7}),
        json!({}),
        json!({"type": "clientInfo", "locale": []}),
    ] {
        let activity: Activity = serde_json::from_value(json!({"type": "message", "entities": [odd.clone()]})).unwrap();
        assert!(matches!(activity.entities[0], Entity::Other(_)), "{odd}");
        assert_eq!(serde_json::to_value(&activity.entities[0]).unwrap(), odd);
    }
}
