//! Nothing that can be read makes anything panic.

use pregon_model::{Activity, ActivityId, BatchOperation, ErrorBody};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::any_json;
use crate::documents::documents;
use crate::every_type::{NAMES, parse_as, pass_as};

/// Uses all an activity offers.
fn use_up(value: &Value) {
    let Ok(activity) = serde_json::from_value::<Activity>(value.clone()) else { return };
    for event in activity.events() {
        let _ = format!("{event:?}");
    }
    let _ = (activity.event(), activity.tenant_id(), activity.text_without_bot_mention(), activity.mentions_bot());
    let reply = activity.reply(Activity::plain("x"));
    if let Some(reference) = activity.reference() {
        let thread = reference.thread(&ActivityId::new("1"));
        let _ = (thread.channel().address(reply), reference.tenant_id(), reference.service_url.parsed());
    }
    for attachment in &activity.attachments {
        let _ = (attachment.html_text(), attachment.download());
    }
}

#[test]
fn every_type_reads_or_refuses_each_kind_of_value() {
    let nested = (0..100).fold(json!({}), |inner, _| json!({"channelData": [inner], "from": {"id": 1}}));
    let long = json!({"type": "x".repeat(100_000), "id": "y".repeat(100_000)});
    for name in NAMES {
        for value in [
            json!({}),
            json!(null),
            json!(7),
            json!(-1.5),
            json!(true),
            json!("text"),
            json!([]),
            json!([[]]),
            json!([{}]),
        ] {
            let read = pass_as(name, &value).is_ok();
            assert!(!read || value.is_object(), "{name} was read from {value}");
        }
        let _ = (pass_as(name, &nested), pass_as(name, &long));
    }
}

#[test]
fn nesting_without_end_is_an_error() {
    for name in NAMES {
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"channelData\":", "}"), ("{\"activity\":", "}")] {
            let text = format!("{{\"x\":{}1{}}}", open.repeat(100_000), close.repeat(100_000));
            assert!(parse_as(name, &text).is_err(), "{name} {open}");
            assert!(parse_as(name, &open.repeat(100_000)).is_err(), "{name} {open}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn reading_and_using_anything_never_panics_and_settles_at_once(value in any_json::json()) {
        use_up(&value);
        for name in NAMES {
            if let Ok(passed) = pass_as(name, &value) {
                prop_assert!(passed.settled, "{name} from {value}");
            }
        }
    }

    #[test]
    fn an_object_of_known_names_is_written_the_same_from_the_first_time_on(value in any_json::object()) {
        use_up(&value);
        for name in NAMES {
            if let Ok(passed) = pass_as(name, &value) {
                prop_assert!(passed.settled, "{name} from {value}");
            }
        }
    }

    #[test]
    fn a_document_with_one_value_replaced_is_read_or_refused(at in any::<prop::sample::Index>(), new in any_json::json()) {
        let (name, mut document) = at.get(&documents()).clone();
        let mut places = Vec::new();
        pointers(&document, String::new(), &mut places);
        *document.pointer_mut(at.get::<String>(&places)).unwrap() = new;
        use_up(&document);
        if let Ok(passed) = pass_as(&name, &document) {
            prop_assert!(passed.settled, "{name} from {document}");
        }
    }

    #[test]
    fn bytes_that_are_no_json_are_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = serde_json::from_slice::<Activity>(&bytes);
        let _ = (ErrorBody::parse(&bytes), ErrorBody::inner_code(&bytes), BatchOperation::parse(&bytes));
    }

    #[test]
    fn an_error_body_of_any_shape_is_read(value in any_json::json()) {
        for body in [value.clone(), json!({"error": value}), json!({"message": value.to_string(), "errorCode": value})] {
            let body = body.to_string();
            let _ = (ErrorBody::parse(body.as_bytes()), ErrorBody::inner_code(body.as_bytes()));
        }
    }
}

/// Every place in a document.
fn pointers(value: &Value, here: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            pointers(member, format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), places);
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers(item, format!("{here}/{index}"), places));
        }
        _ => {}
    }
    places.push(here);
}
