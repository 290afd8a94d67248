//! What a newer channel sends passes through unchanged.

use pregon_model::Activity;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::any_json;
use crate::documents::documents;
use crate::every_type::pass_as;

/// Members whose value is one of an open set.
const OPEN_SETS: &[&str] = &[
    "action",
    "attachmentLayout",
    "conversationType",
    "deliveryMode",
    "eventType",
    "importance",
    "inputHint",
    "platform",
    "state",
    "textFormat",
    "type",
    "userRole",
];

/// Puts a member into every object of a document.
fn put_everywhere(value: &mut Value, name: &str, new: &Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(|member| put_everywhere(member, name, new));
            members.insert(name.to_owned(), new.clone());
        }
        Value::Array(items) => items.iter_mut().for_each(|item| put_everywhere(item, name, new)),
        _ => {}
    }
}

/// Replaces the text of a member wherever there is one.
fn replace_everywhere(value: &mut Value, name: &str, new: &str) {
    match value {
        Value::Object(members) => members.iter_mut().for_each(|(key, member)| {
            if key == name && member.is_string() {
                *member = json!(new);
            }
            replace_everywhere(member, name, new);
        }),
        Value::Array(items) => items.iter_mut().for_each(|item| replace_everywhere(item, name, new)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn an_unknown_member_is_kept_at_every_level(name in "zz[a-zA-Z@.]{0,8}", new in any_json::json()) {
        for (kind, mut document) in documents() {
            // A map from status to count takes counts only.
            if kind == "BatchState" {
                document["statusMap"] = json!({});
                document.as_object_mut().unwrap().remove("statusMap");
            }
            put_everywhere(&mut document, &name, &new);
            prop_assert_eq!(pass_as(&kind, &document).unwrap().written, document, "{}", kind);
        }
    }

    #[test]
    fn an_unknown_number_is_the_same_after_reading_and_writing(number in any::<f64>().prop_filter("JSON has no other", |n| n.is_finite())) {
        let activity: Activity = serde_json::from_str(&format!(r#"{{"type":"message","new":{number:e}}}"#)).unwrap();
        prop_assert_eq!(activity.extra["new"].as_f64(), Some(number));
        let again: Activity = serde_json::from_str(&serde_json::to_string(&activity).unwrap()).unwrap();
        prop_assert_eq!(again, activity);
    }

    #[test]
    fn an_unknown_value_of_an_open_set_is_kept(new in "new[a-zA-Z0-9 ./-]{0,12}") {
        for (kind, document) in documents() {
            for name in OPEN_SETS {
                let mut document = document.clone();
                replace_everywhere(&mut document, name, &new);
                prop_assert_eq!(pass_as(&kind, &document).unwrap().written, document, "{} {}", kind, name);
            }
        }
    }
}
