//! What the builder writes, kind by kind.

use pregon_model::card::*;
use pregon_model::{Activity, MemberId, ObjectId};
use serde::Serialize;
use serde_json::{Value, json};

fn assert_json(built: &impl Serialize, expected: &Value) {
    assert_eq!(&serde_json::to_value(built).unwrap(), expected);
}

#[test]
fn a_card_is_written_with_its_type_first_and_its_schema_and_version() {
    let card = AdaptiveCard::new()
        .fallback_text("Build 412 is green")
        .text("Build **412** is green")
        .action(OpenUrl::new("Open", "https://ci.example/412"));
    let text = serde_json::to_string(&card).unwrap();
    assert!(text.starts_with(r#"{"type":"AdaptiveCard","$schema":""#), "{text}");
    assert!(text.contains(r#"{"type":"TextBlock","text":"#), "{text}");
    assert_json(
        &card,
        &json!({
            "type": "AdaptiveCard", "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "version": "1.0",
            "fallbackText": "Build 412 is green",
            "body": [{"type": "TextBlock", "text": "Build **412** is green", "wrap": true}],
            "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": "https://ci.example/412"}]
        }),
    );
}

#[test]
fn every_property_of_a_card_has_a_setter() {
    let card = AdaptiveCard::new()
        .version(Version::V1_5)
        .speak("Build 412")
        .lang("es")
        .background_image("https://a.example/b.png")
        .min_height(Length::pixels(80))
        .vertical_content_alignment(VerticalAlignment::CENTER)
        .rtl(true)
        .select_action(OpenUrl::new("Open", "https://a.example"))
        .refresh(Refresh::new(Execute::new("Refresh", "refresh")).user(MemberId::new("29:a")))
        .authentication(
            Authentication::new("sso")
                .text("Sign in")
                .token_exchange_resource(TokenExchangeResource::new("1", "api://bot", "entra"))
                .button(AuthButton::sign_in("Sign in", "https://a.example/sign-in")),
        )
        .full_width()
        .with("newMember", json!({"kept": true}));
    assert_json(
        &card,
        &json!({
            "type": "AdaptiveCard", "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "version": "1.5",
            "speak": "Build 412", "lang": "es", "backgroundImage": "https://a.example/b.png", "minHeight": "80px",
            "verticalContentAlignment": "Center", "rtl": true,
            "selectAction": {"type": "Action.OpenUrl", "title": "Open", "url": "https://a.example"},
            "refresh": {"action": {"type": "Action.Execute", "title": "Refresh", "verb": "refresh"},
                        "userIds": ["29:a"]},
            "authentication": {"connectionName": "sso", "text": "Sign in",
                "tokenExchangeResource": {"id": "1", "uri": "api://bot", "providerId": "entra"},
                "buttons": [{"type": "signin", "title": "Sign in", "value": "https://a.example/sign-in"}]},
            "msteams": {"width": "Full"}, "newMember": {"kept": true}
        }),
    );
    assert_json(
        &Refresh::new(Execute::new("R", "r")).manual(),
        &json!({"action": {"type": "Action.Execute", "title": "R", "verb": "r"}, "userIds": []}),
    );
}

#[test]
fn what_all_elements_have_is_set_the_same_way() {
    let block = TextBlock::new("x")
        .id("a")
        .spacing(Spacing::NONE)
        .separator(true)
        .is_visible(false)
        .height(Length::STRETCH)
        .requires([("acTest".to_owned(), "1.0".to_owned())])
        .fallback(TextBlock::new("y"));
    assert_json(
        &block,
        &json!({"type": "TextBlock", "text": "x", "id": "a", "spacing": "None", "separator": true, "isVisible": false,
            "height": "stretch", "requires": {"acTest": "1.0"}, "fallback": {"type": "TextBlock", "text": "y"}}),
    );
    assert_json(
        &Container::new().text("x").fallback(Fallback::Drop),
        &json!({"type": "Container", "items": [{"type": "TextBlock", "text": "x", "wrap": true}], "fallback": "drop"}),
    );
}

#[test]
fn texts() {
    assert_json(
        &TextBlock::new("x")
            .size(TextSize::EXTRA_LARGE)
            .weight(Weight::BOLDER)
            .color(Color::ATTENTION)
            .is_subtle(true)
            .font_type(FontType::MONOSPACE)
            .horizontal_alignment(HorizontalAlignment::RIGHT)
            .wrap(true)
            .max_lines(2)
            .style(TextStyle::HEADING),
        &json!({"type": "TextBlock", "text": "x", "size": "ExtraLarge", "weight": "Bolder", "color": "Attention",
            "isSubtle": true, "fontType": "Monospace", "horizontalAlignment": "Right", "wrap": true, "maxLines": 2,
            "style": "heading"}),
    );
    assert_json(
        &TextBlock::heading("x"),
        &json!({"type": "TextBlock", "text": "x", "size": "Medium", "weight": "Bolder", "wrap": true}),
    );
    let run = TextRun::new("b")
        .italic(true)
        .strikethrough(true)
        .underline(true)
        .highlight(true)
        .select_action(OpenUrl::new("Open", "https://a.example"));
    assert_json(
        &RichTextBlock::new().inline("a ").inline(run).horizontal_alignment(HorizontalAlignment::CENTER),
        &json!({"type": "RichTextBlock", "horizontalAlignment": "Center", "inlines": ["a ",
            {"type": "TextRun", "text": "b", "italic": true, "strikethrough": true, "underline": true,
             "highlight": true,
             "selectAction": {"type": "Action.OpenUrl", "title": "Open", "url": "https://a.example"}}]}),
    );
}

#[test]
fn images() {
    assert_json(
        &Image::new("https://a.example/x.png")
            .alt_text("A ship")
            .size(ImageSize::LARGE)
            .style(ImageStyle::PERSON)
            .width(Length::pixels(40))
            .height(Length::pixels(30))
            .background_color("#DDDDDD")
            .allow_expand(),
        &json!({"type": "Image", "url": "https://a.example/x.png", "altText": "A ship", "size": "Large",
            "style": "Person", "width": "40px", "height": "30px", "backgroundColor": "#DDDDDD",
            "msteams": {"allowExpand": true}}),
    );
    assert_json(
        &ImageSet::new().images(["https://a.example/1.png", "https://a.example/2.png"]).image_size(ImageSize::SMALL),
        &json!({"type": "ImageSet", "imageSize": "Small", "images": [
            {"type": "Image", "url": "https://a.example/1.png"}, {"type": "Image", "url": "https://a.example/2.png"}]}),
    );
    assert_json(
        &BackgroundImage::new("https://a.example/b.png")
            .fill_mode(FillMode::REPEAT)
            .horizontal_alignment(HorizontalAlignment::LEFT)
            .vertical_alignment(VerticalAlignment::TOP),
        &json!({"url": "https://a.example/b.png", "fillMode": "Repeat", "horizontalAlignment": "Left",
            "verticalAlignment": "Top"}),
    );
}

#[test]
fn containers_and_columns() {
    assert_json(
        &Container::new()
            .style(ContainerStyle::EMPHASIS)
            .bleed(true)
            .background_image(BackgroundImage::new("https://a.example/b.png"))
            .min_height(Length::pixels(50))
            .element(FactSet::new().fact("Build", "412").facts([Fact::new("Result", "green")])),
        &json!({"type": "Container", "style": "emphasis", "bleed": true, "minHeight": "50px",
            "backgroundImage": {"url": "https://a.example/b.png"},
            "items": [{"type": "FactSet", "facts": [
                {"title": "Build", "value": "412"}, {"title": "Result", "value": "green"}]}]}),
    );
    let widths = [Width::auto(), Width::stretch(), Width::pixels(50), Width::share(2)];
    assert_json(
        &ColumnSet::new().columns(widths.map(|width| Column::new().width(width).text("x"))),
        &json!({"type": "ColumnSet", "columns": [
            {"type": "Column", "width": "auto", "items": [{"type": "TextBlock", "text": "x", "wrap": true}]},
            {"type": "Column", "width": "stretch", "items": [{"type": "TextBlock", "text": "x", "wrap": true}]},
            {"type": "Column", "width": "50px", "items": [{"type": "TextBlock", "text": "x", "wrap": true}]},
            {"type": "Column", "width": 2, "items": [{"type": "TextBlock", "text": "x", "wrap": true}]}]}),
    );
}

#[test]
fn tables() {
    let cell = |text: &str| json!({"type": "TableCell", "items": [{"type": "TextBlock", "text": text, "wrap": true}]});
    assert_json(
        &Table::new([1, 2])
            .row(TableRow::texts(["Build", "Result"]).style(ContainerStyle::ACCENT))
            .row(TableRow::new().cell(TableCell::new().text("412")).cell(TableCell::new().text("green")))
            .first_row_as_header(true)
            .show_grid_lines(false)
            .grid_style(ContainerStyle::DEFAULT),
        &json!({"type": "Table", "columns": [{"width": 1}, {"width": 2}], "firstRowAsHeader": true,
            "showGridLines": false, "gridStyle": "default", "rows": [
                {"type": "TableRow", "style": "accent", "cells": [cell("Build"), cell("Result")]},
                {"type": "TableRow", "cells": [cell("412"), cell("green")]}]}),
    );
}

#[test]
fn inputs() {
    assert_json(
        &InputText::new("comment")
            .label("Comment")
            .is_required(true)
            .error_message("Say something")
            .placeholder("…")
            .value("x")
            .is_multiline(true)
            .max_length(500)
            .style(InputTextStyle::EMAIL)
            .regex(".+")
            .inline_action(Execute::new("Send", "send")),
        &json!({"type": "Input.Text", "id": "comment", "label": "Comment", "isRequired": true,
            "errorMessage": "Say something", "placeholder": "…", "value": "x", "isMultiline": true, "maxLength": 500,
            "style": "Email", "regex": ".+",
            "inlineAction": {"type": "Action.Execute", "title": "Send", "verb": "send"}}),
    );
    assert_json(
        &InputNumber::new("n").min(-1).max(2.5).value(1),
        &json!({"type": "Input.Number", "id": "n", "min": -1, "max": 2.5, "value": 1}),
    );
    assert_json(&InputNumber::new("n").max(f64::INFINITY), &json!({"type": "Input.Number", "id": "n"}));
    assert_json(
        &InputDate::new("d").min("2026-01-01").value("2026-09-21"),
        &json!({"type": "Input.Date", "id": "d", "min": "2026-01-01", "value": "2026-09-21"}),
    );
    assert_json(&InputTime::new("t").max("18:00"), &json!({"type": "Input.Time", "id": "t", "max": "18:00"}));
    assert_json(
        &InputToggle::new("on").title("Notify me").value("yes").value_on("yes").value_off("no").wrap(true),
        &json!({"type": "Input.Toggle", "id": "on", "title": "Notify me", "value": "yes", "valueOn": "yes",
            "valueOff": "no", "wrap": true}),
    );
    assert_json(
        &InputChoiceSet::new("colour")
            .choice("Red", "r")
            .choices([Choice::new("Blue", "b")])
            .is_multi_select(true)
            .style(ChoiceStyle::EXPANDED),
        &json!({"type": "Input.ChoiceSet", "id": "colour", "isMultiSelect": true, "style": "expanded",
            "choices": [{"title": "Red", "value": "r"}, {"title": "Blue", "value": "b"}]}),
    );
}

#[test]
fn what_a_submit_does_in_teams_is_said_in_its_data() {
    let data = |submit: Submit| serde_json::to_value(submit).unwrap()["data"].take();
    assert_eq!(data(Submit::new("x").data(json!({"a": 1}))), json!({"a": 1}));
    assert_eq!(data(Submit::new("x").im_back("help")), json!({"msteams": {"type": "imBack", "value": "help"}}));
    let message = MessageBack::new("help").display_text("I need help").value(json!({"from": "card"}));
    assert_eq!(
        data(Submit::new("x").data(json!({"a": 1})).message_back(message)),
        json!({"a": 1, "msteams": {"type": "messageBack", "text": "help", "displayText": "I need help",
            "value": {"from": "card"}}})
    );
    assert_eq!(
        data(Submit::new("x").sign_in("https://a.example")),
        json!({"msteams": {"type": "signin", "value": "https://a.example"}})
    );
    assert_eq!(data(Submit::new("x").invoke(json!([1]))), json!({"msteams": {"type": "invoke", "value": [1]}}));
    let in_either_order = json!({"a": 1, "msteams": {"type": "task/fetch"}});
    assert_eq!(data(Submit::new("x").data(json!({"a": 1})).task_fetch()), in_either_order);
    assert_eq!(data(Submit::new("x").task_fetch().data(json!({"a": 1}))), in_either_order);
}

#[test]
fn actions() {
    assert_json(
        &Execute::new("Confirm", "ack")
            .data(json!({"incident": 7}))
            .associated_inputs(AssociatedInputs::NONE)
            .or_submit(),
        &json!({"type": "Action.Execute", "title": "Confirm", "verb": "ack", "data": {"incident": 7},
            "associatedInputs": "none", "fallback": {"type": "Action.Submit", "title": "Confirm",
                "data": {"incident": 7, "verb": "ack"}}}),
    );
    assert_json(
        &ToggleVisibility::new("More").target("a").show("b").hide("c"),
        &json!({"type": "Action.ToggleVisibility", "title": "More", "targetElements": ["a",
            {"elementId": "b", "isVisible": true}, {"elementId": "c", "isVisible": false}]}),
    );
    assert_json(
        &OpenUrl::new("Open", "https://a.example")
            .id("open")
            .icon_url("https://a.example/i.png")
            .tooltip("Opens")
            .is_enabled(false)
            .mode(ActionMode::SECONDARY)
            .style(ActionStyle::DEFAULT)
            .fallback(Fallback::Drop),
        &json!({"type": "Action.OpenUrl", "title": "Open", "url": "https://a.example", "id": "open",
            "iconUrl": "https://a.example/i.png", "tooltip": "Opens", "isEnabled": false, "mode": "secondary",
            "style": "default", "fallback": "drop"}),
    );
    assert_json(
        &ActionSet::new().action(ShowCard::new("Comment", AdaptiveCard::new().element(InputText::new("c")))),
        &json!({"type": "ActionSet", "actions": [{"type": "Action.ShowCard", "title": "Comment",
            "card": {"type": "AdaptiveCard", "body": [{"type": "Input.Text", "id": "c"}]}}]}),
    );
}

#[test]
fn a_mention_is_written_in_the_text_and_among_the_cards_entities_once() {
    let ada = Mention::member(&MemberId::new("29:a"), "Ada");
    let boris = Mention::object(&ObjectId::new("41c8e6a0-92d7-4f3b-8e51-a7b0c3d9f264"), "Boris");
    let dora = Mention::user_principal_name("dora@contoso.com", "Dora");
    let inner = AdaptiveCard::new().text(Text::default().mention(dora));
    let card = AdaptiveCard::new()
        .full_width()
        .text(Text::new("Hi ").mention(ada.clone()).and(" and ").mention(ada))
        .element(Container::new().element(FactSet::new().fact("Owner", Text::default().mention(boris))))
        .action(ShowCard::new("More", inner));
    let json = serde_json::to_value(&card).unwrap();
    assert_eq!(json["body"][0]["text"], "Hi <at>Ada</at> and <at>Ada</at>");
    let mention = |id: &str, name: &str| json!({"type": "mention", "text": format!("<at>{name}</at>"), "mentioned": {"id": id, "name": name}});
    let mentions = [
        mention("29:a", "Ada"),
        mention("41c8e6a0-92d7-4f3b-8e51-a7b0c3d9f264", "Boris"),
        mention("dora@contoso.com", "Dora"),
    ];
    assert_eq!(json["msteams"], json!({"width": "Full", "entities": mentions}));
    assert!(json["actions"][0]["card"].get("msteams").is_none());
}

#[test]
fn raw_json_stands_wherever_a_typed_part_does() {
    let icon = json!({"type": "Icon", "name": "Airplane"});
    let popover = json!({"type": "Action.Popover", "title": "More"});
    assert_json(
        &Container::new().element(Element::raw(icon.clone())).select_action(Action::raw(popover.clone())),
        &json!({"type": "Container", "items": [icon], "selectAction": popover}),
    );
    let known = Element::raw(json!({"type": "TextBlock", "text": "x", "new": 1}));
    assert!(matches!(known, Element::TextBlock(block) if block.extra["new"] == 1));
}

#[test]
fn with_replaces_what_a_setter_said_and_a_setter_what_with_said() {
    let block = TextBlock::new("x").wrap(true).with("wrap", "yes");
    assert_json(&block, &json!({"type": "TextBlock", "text": "x", "wrap": "yes"}));
    assert_json(&block.clone().wrap(false), &json!({"type": "TextBlock", "text": "x", "wrap": false}));
    assert_eq!(block.with("wrap", false).wrap, Some(false));
    assert_json(&TextBlock::new("x").with("type", "Image"), &json!({"type": "TextBlock", "text": "x"}));
}

#[test]
fn a_card_becomes_an_attachment_and_a_message() {
    let message = Activity::adaptive_card(AdaptiveCard::new().text("x"), "x");
    assert_eq!(message.attachments, [AdaptiveCard::new().text("x").into()]);
}
