use pregon_model::MemberId;
use pregon_model::card::{self, *};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::any_card::{built_card, nearly_a_card};

#[test]
fn a_card_with_everything_teams_shows_has_no_findings() {
    let mention = Mention::member(&MemberId::new("29:a"), "Ada");
    let card = AdaptiveCard::new()
        .fallback_text("Build 412 is green")
        .heading("Build **412** is _green_")
        .text(Text::new("Thanks, ").mention(mention).and(". See [the log](https://ci.example/412):\r- one\r- two"))
        .element(Image::new("https://a.example/x.png").alt_text("A ship"))
        .element(Image::new("data:image/png;base64,AAAA"))
        .element(FactSet::new().fact("1 < 2", "5 > 3"))
        .element(ColumnSet::new().column(Column::new().width(Width::auto()).text("x").id("column")))
        .element(InputText::new("comment").label("Comment"))
        .element(InputChoiceSet::new("choice").choice("Red", "r"))
        .element(Element::raw(json!({"type": "Input.ChoiceSet", "id": "b", "choices.data": {"type": "Data.Query"}})))
        .element(Element::raw(json!({"type": "Icon", "fallback": {"type": "TextBlock", "text": "x", "id": "comment"}})))
        .actions([
            Action::from(OpenUrl::new("Open", "https://ci.example/412")),
            OpenUrl::new("Write", "mailto:ci@example.com").into(),
            OpenUrl::new("Call", "tel:+34600000000").into(),
            Execute::new("Confirm", "ack").data(json!({"of": "${x}"})).or_submit().into(),
            ShowCard::new("More", AdaptiveCard::new().text("x")).into(),
            ToggleVisibility::new("Hide").target("column").into(),
            Submit::new("Rarely").mode(ActionMode::other("Primary")).into(),
        ])
        .refresh(Refresh::new(Execute::new("Refresh", "refresh")).user(MemberId::new("29:a")));
    // The seventh button is one too many, and its mode is new in 1.5; without it nothing is left.
    let found: Vec<_> = card.check().iter().map(|finding| finding.rule).collect();
    assert_eq!(found, [Rule::RecentVersion, Rule::TooManyActions]);
    let mut card = card;
    card.actions.as_mut().unwrap().pop();
    assert_eq!(card.check(), []);
}

#[test]
fn a_mark_inside_an_element_of_teams_alone_counts_as_written() {
    let card = json!({"type": "AdaptiveCard", "version": "1.4", "fallbackText": "x",
        "body": [{"type": "Carousel", "pages": [{"items": [{"type": "TextBlock", "text": "<at>A</at>"}]}]}],
        "msteams": {"entities": [{"type": "mention", "text": "<at>A</at>", "mentioned": {"id": "29:a"}}]}});
    assert_eq!(card::check(&card).iter().map(|finding| finding.rule).collect::<Vec<_>>(), [Rule::TeamsOnly]);
}

#[test]
fn a_finding_reads_as_a_sentence_and_is_written_with_its_code() {
    let findings = card::check(&json!({"type": "AdaptiveCard", "version": "1.4", "fallbackText": "x",
        "body": [{"type": "Image"}]}));
    assert_eq!(
        findings[0].to_string(),
        "/body/0: Image has no url: phones show no card at all. Write it. (missing_member)"
    );
    let written = serde_json::to_value(&findings[0]).unwrap();
    assert_eq!(
        (&written["at"], &written["rule"], &written["severity"]),
        (&json!("/body/0"), &json!("missing_member"), &json!("rejected"))
    );
    assert!(Severity::Advice < Severity::NotShown && Severity::NotShown < Severity::Rejected);
}

#[test]
fn findings_are_limited_and_so_is_the_time_they_take() {
    let bad = json!({"type": "Image", "url": "http://a.example", "selectAction": {"type": "Action.ShowCard"}});
    let card = json!({"type": "AdaptiveCard", "body": vec![bad; 20_000]});
    assert_eq!(card::check(&card).len(), 100);
    let marks = "<at>".repeat(50_000) + &"${".repeat(50_000) + &"<b ".repeat(50_000) + &"![".repeat(50_000);
    let card = json!({"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": marks}]});
    assert!(card::check(&card).iter().any(|finding| finding.rule == Rule::TooLarge));
}

#[test]
fn a_card_deeper_than_any_stack_would_like_is_still_checked() {
    // Not with `json!`, which goes through the whole of what it is given.
    let mut element = Value::from(Vec::<Value>::new());
    for _ in 0..2_000 {
        let members = [("type".to_owned(), "Container".into()), ("items".to_owned(), Value::from(vec![element]))];
        element = Value::Object(members.into_iter().collect());
    }
    let mut card = json!({"type": "AdaptiveCard", "version": "1.0"});
    card.as_object_mut().unwrap().insert("body".to_owned(), Value::from(vec![element]));
    assert!(card::check(&card).iter().any(|finding| finding.rule == Rule::TooDeep));
}

proptest! {
    #[test]
    fn any_json_can_be_checked_and_every_place_found_is_there(value in nearly_a_card()) {
        for finding in card::check(&value) {
            prop_assert!(value.pointer(&finding.at).is_some(), "{:?} in {}", finding, value);
        }
    }

    #[test]
    fn any_built_card_can_be_checked_and_names_a_version_high_enough(card in built_card()) {
        let value = Value::from(card.clone());
        let findings = card.check();
        prop_assert_eq!(&findings, &card::check(&value));
        for finding in findings {
            prop_assert!(value.pointer(&finding.at).is_some(), "{:?}", finding);
            // Raw parts may hold anything, but what the builder wrote is in the version it chose.
            prop_assert_ne!(finding.rule, Rule::NewerThanVersion, "{:?}", finding);
        }
    }
}
