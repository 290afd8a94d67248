use pregon_model::card::*;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::any_card::{built_card, nearly_a_card};

fn again(card: &Value) -> Value {
    let read: AdaptiveCard = serde_json::from_value(card.clone()).unwrap();
    serde_json::to_value(&read).unwrap()
}

#[test]
fn a_card_from_elsewhere_is_read_with_its_types_and_written_back_the_same() {
    let card = json!({
        "$schema": "https://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.6",
        "metadata": {"webUrl": "https://a.example"},
        "body": [
            {"type": "TextBlock", "text": "Publish", "weight": "bolder", "size": "extraLarge", "wrap": null},
            {"type": "TextBlock", "text": "x", "wrap": "true", "maxLines": 2.0, "targetWidth": "narrow"},
            {"type": "ColumnSet", "columns": [{"width": "auto", "items": []},
                {"type": "Column", "width": 2, "fallback": "drop"}]},
            {"type": "Icon", "name": "Airplane"},
            {"type": "FactSet", "facts": [{"title": "a", "value": "b", "type": "Fact"}, {"title": 7}]},
            {"type": "RichTextBlock", "inlines": ["a", {"type": "TextRun", "text": "b"}, {"type": "CitationRun"}]},
            {"type": "Input.Number", "id": "n", "min": 1.0, "max": 3},
            "not an element", 7
        ],
        "actions": [{"type": "Action.Submit", "title": "OK", "data": null, "fallback": "Drop"}],
        "refresh": {"action": {"type": "Action.Execute", "verb": "r"}, "userIds": []},
        "msteams": {"width": "full", "entities": [{"type": "mention", "text": "<at>A</at>"}, {"no": "type"}]}
    });
    assert_eq!(again(&card), card);
    let read: AdaptiveCard = serde_json::from_value(card).unwrap();
    let body = read.body.unwrap();
    let Element::TextBlock(title) = &body[0] else { panic!("{:?}", body[0]) };
    assert_eq!(title.weight, Some(Weight::BOLDER));
    assert_eq!(title.size, Some(TextSize::EXTRA_LARGE));
    let Element::TextBlock(text) = &body[1] else { panic!("{:?}", body[1]) };
    assert_eq!((text.wrap, text.max_lines), (None, None));
    assert_eq!(text.extra["wrap"], "true");
    let Element::ColumnSet(columns) = &body[2] else { panic!("{:?}", body[2]) };
    assert_eq!(columns.columns.as_ref().unwrap()[1].width, Some(Width::share(2)));
    assert!(matches!(&body[3], Element::Raw(raw) if raw["name"] == "Airplane"));
    assert!(matches!(body[7], Element::Raw(_)));
    assert_eq!(read.refresh.unwrap().user_ids, Some(Vec::new()));
}

#[test]
fn a_card_without_a_version_is_not_given_one() {
    let card = json!({"type": "AdaptiveCard", "body": []});
    assert_eq!(again(&card), card);
}

#[test]
fn what_is_no_card_is_refused_and_told_why() {
    for (value, message) in [
        (json!([]), "AdaptiveCard must be an object"),
        (json!({"body": []}), "type must be \"AdaptiveCard\", but is null"),
        (json!({"type": "TextBlock"}), "type must be \"AdaptiveCard\", but is \"TextBlock\""),
    ] {
        assert_eq!(serde_json::from_value::<AdaptiveCard>(value).unwrap_err().to_string(), message);
    }
    assert!(serde_json::from_str::<TextBlock>(r#"{"type": "Image"}"#).is_err());
    assert!(serde_json::from_str::<Fact>(r#"{"title": "a"}"#).is_ok());
}

#[test]
fn nesting_beyond_all_measure_is_kept_as_it_is() {
    let mut element = json!({"type": "TextBlock", "text": "x"});
    for _ in 0..300 {
        element = json!({"type": "Container", "items": [element]});
    }
    let card = json!({"type": "AdaptiveCard", "body": [element]});
    assert_eq!(again(&card), card);
}

proptest! {
    #[test]
    fn a_built_card_is_read_and_written_without_loss(card in built_card()) {
        let written = serde_json::to_value(&card).unwrap();
        prop_assert_eq!(again(&written), written);
    }

    #[test]
    fn writing_text_and_writing_a_value_agree(card in built_card()) {
        let text = serde_json::to_string(&card).unwrap();
        prop_assert!(text.starts_with("{\"type\":\"AdaptiveCard\""), "{}", text);
        prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), serde_json::to_value(&card).unwrap());
    }

    #[test]
    fn any_object_of_type_card_is_read_and_written_without_loss(mut card in nearly_a_card()) {
        card["type"] = json!("AdaptiveCard");
        prop_assert_eq!(again(&card), card);
    }
}
