use pregon_model::card::{self, AdaptiveCard, Image};
use pregon_model::{Activity, TextFormat};
use proptest::prelude::*;
use serde_json::{Value, json};

fn text_message(text: &str) -> usize {
    card::size(&Activity::text(text, TextFormat::Plain))
}

#[test]
fn size_is_counted_in_utf_16() {
    let ascii = text_message("aaaa");
    assert_eq!(text_message("aaaaa"), ascii + 2);
    assert_eq!(text_message("éé€€"), ascii);
    assert_eq!(text_message("🙂🙂"), ascii);
    assert_eq!(card::size(&json!({"a": "é\n🙂"})), 2 * r#"{"a":"é\n12"}"#.chars().count());
}

#[test]
fn images_in_base64_are_not_counted() {
    let with = |url: &str| card::size(&json!({"url": url}));
    assert_eq!(with(&format!("data:image/png;base64,{}", "A".repeat(4000))), with("data:image/png;base64,"));
    for counted in ["data:text/plain;base64,AAAA", "https://a.example/AAAA", "see data:image/png;base64,AAAA"] {
        assert_eq!(with(counted), with("") + 2 * counted.len(), "{counted}");
    }
    assert_eq!(with("\ndata:image/png;base64,AAAA"), with("") + 2 * r"\ndata:image/png;base64,AAAA".len());
}

#[test]
fn a_card_is_measured_as_the_message_that_carries_it() {
    let built = AdaptiveCard::new().text("Hi").element(Image::new("https://a.example/x.png"));
    let mut message = Activity::adaptive_card(built.clone(), "");
    message.summary = None;
    assert_eq!(built.message_size(), card::size(&message));
    assert_eq!(card::message_size(&Value::from(built)), card::size(&message));
}

proptest! {
    #[test]
    fn size_is_twice_the_utf_16_length_of_the_json(text in ".*") {
        let value = json!({"text": text, "n": [1, null, 2.5]});
        prop_assert_eq!(card::size(&value), value.to_string().encode_utf16().count() * 2);
    }
}
