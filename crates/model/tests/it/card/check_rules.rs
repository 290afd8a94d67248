//! One smallest card for each rule, and what the rule says of it.

use pregon_model::card::{self, Finding, Rule, Severity};
use pregon_model::{Activity, Attachment, TextFormat};
use serde_json::{Value, json};

use Severity::{Advice, NotShown, Rejected};

/// A card that has all it needs but what is in it.
fn card(members: Value) -> Value {
    let mut card = json!({"type": "AdaptiveCard", "version": "1.4", "fallbackText": "x"});
    let Value::Object(members) = members else { panic!("{members}") };
    card.as_object_mut().unwrap().extend(members);
    card
}

/// A card with one thing in a list of it.
fn with_one(list: &str, item: Value) -> Value {
    card(Value::Object([(list.to_owned(), Value::from(vec![item]))].into_iter().collect()))
}

fn body(element: Value) -> Value {
    with_one("body", element)
}

fn text(text: &str) -> Value {
    body(json!({"type": "TextBlock", "text": text}))
}

fn action(action: Value) -> Value {
    with_one("actions", action)
}

fn image(url: &str) -> Value {
    body(json!({"type": "Image", "url": url}))
}

fn open(url: &str) -> Value {
    action(json!({"type": "Action.OpenUrl", "url": url}))
}

fn opening(inner: &Value) -> Value {
    json!({"type": "Action.ShowCard", "card": {"type": "AdaptiveCard", "actions": inner}})
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!([]), |inner, _| json!([inner]))
}

/// A card that breaks one rule once, in one place.
type Case = (Value, Rule, Severity, &'static str);

fn cases() -> Vec<Case> {
    [of_the_whole(), of_versions(), of_members(), of_elements(), of_texts(), of_actions(), of_addresses()].concat()
}

fn of_the_whole() -> Vec<Case> {
    let execute = json!({"type": "Action.Execute", "verb": "v", "fallback": {"type": "Action.Submit"}});
    let user_ids: Vec<_> = (0..61).map(|n| format!("29:{n}")).collect();
    vec![
        (json!([]), Rule::NotACard, Rejected, ""),
        (json!({"contentType": "application/vnd.microsoft.card.adaptive"}), Rule::NotACard, Rejected, ""),
        (action(json!({"type": "Action.ShowCard", "card": {"body": []}})), Rule::NotACard, Rejected, "/actions/0/card"),
        (card(json!({"contentUrl": "https://a.example"})), Rule::ContentUrl, Advice, "/contentUrl"),
        (json!({"type": "AdaptiveCard", "version": "1.0"}), Rule::NoFallbackText, Advice, ""),
        (
            card(json!({"refresh": {"action": execute, "userIds": user_ids}})),
            Rule::TooManyUserIds,
            NotShown,
            "/refresh/userIds",
        ),
        (card(json!({"speak": "x".repeat(15_000)})), Rule::TooLarge, Advice, ""),
        (card(json!({"speak": "x".repeat(52_000)})), Rule::TooLarge, Rejected, ""),
    ]
}

fn of_versions() -> Vec<Case> {
    vec![
        (card(json!({"version": "1.6"})), Rule::UnsupportedVersion, NotShown, "/version"),
        (card(json!({"version": "one"})), Rule::UnsupportedVersion, Rejected, "/version"),
        (card(json!({"version": "1.5"})), Rule::RecentVersion, Advice, "/version"),
        (body(json!({"type": "Table", "columns": [{}], "rows": [{}]})), Rule::NewerThanVersion, NotShown, "/body/0"),
        (
            body(json!({"type": "Table", "columns": [{}], "rows": [{}], "fallback": "drop"})),
            Rule::NewerThanVersion,
            Advice,
            "/body/0",
        ),
        (
            body(json!({"type": "TextBlock", "text": "x", "style": "heading"})),
            Rule::NewerThanVersion,
            NotShown,
            "/body/0/style",
        ),
        (
            body(json!({"type": "Input.Text", "id": "a", "style": "password"})),
            Rule::NewerThanVersion,
            NotShown,
            "/body/0/style",
        ),
    ]
}

fn of_members() -> Vec<Case> {
    vec![
        (card(json!({"version": null})), Rule::MissingMember, Rejected, ""),
        (body(json!({"type": "Image"})), Rule::MissingMember, Rejected, "/body/0"),
        (body(json!({"text": "x"})), Rule::MissingMember, Rejected, "/body/0"),
        (body(json!({"type": "TextBlock"})), Rule::MissingMember, NotShown, "/body/0"),
        (body(json!({"type": "FactSet", "facts": [{"title": "a"}]})), Rule::MissingMember, NotShown, "/body/0/facts/0"),
        (body(json!({"type": "Input.Date"})), Rule::MissingMember, Rejected, "/body/0"),
        (action(json!({"type": "Action.OpenUrl", "url": null})), Rule::MissingMember, Rejected, "/actions/0"),
        (
            action(json!({"type": "Action.ToggleVisibility", "targetElements": []})),
            Rule::MissingMember,
            Rejected,
            "/actions/0/targetElements",
        ),
        (
            card(json!({"body": [{"type": "TextBlock", "text": "<at>A</at>"}],
                "msteams": {"entities": [{"type": "mention", "text": "<at>A</at>"}]}})),
            Rule::MissingMember,
            NotShown,
            "/msteams/entities/0",
        ),
        (card(json!({"version": 1.4})), Rule::WrongType, Rejected, "/version"),
        (card(json!({"body": {}})), Rule::WrongType, Rejected, "/body"),
        (card(json!({"body": ["x"]})), Rule::WrongType, Rejected, "/body/0"),
        (body(json!({"type": "TextBlock", "text": "x", "wrap": "true"})), Rule::WrongType, Rejected, "/body/0/wrap"),
        (
            body(json!({"type": "TextBlock", "text": "x", "maxLines": -1})),
            Rule::WrongType,
            Rejected,
            "/body/0/maxLines",
        ),
        (body(json!({"type": 7})), Rule::WrongType, Rejected, "/body/0/type"),
    ]
}

fn of_elements() -> Vec<Case> {
    vec![
        (body(json!({"type": "textBlock", "text": "x"})), Rule::UnknownElement, NotShown, "/body/0"),
        (body(json!({"type": "CodeBlock"})), Rule::TeamsOnly, Advice, "/body/0"),
        (action(json!({"type": "Action.Popover"})), Rule::TeamsOnly, Advice, "/actions/0"),
        (body(json!({"type": "Chart.Line"})), Rule::TeamsOnly, Advice, "/body/0"),
        (body(json!({"type": "Media", "sources": []})), Rule::Media, NotShown, "/body/0"),
        (body(json!({"type": "Media", "sources": [], "fallback": "drop"})), Rule::Media, Advice, "/body/0"),
        (
            card(json!({"body": [{"type": "Input.Text", "id": "a"}, {"type": "Input.Date", "id": "a"}]})),
            Rule::DuplicateId,
            Rejected,
            "/body/1/id",
        ),
        (
            body(json!({"type": "ColumnSet", "id": "a", "columns": [{"id": "a"}]})),
            Rule::DuplicateId,
            Rejected,
            "/body/0/columns/0/id",
        ),
        (body(json!({"type": "Input.ChoiceSet", "id": "a", "choices": []})), Rule::NoChoices, NotShown, "/body/0"),
    ]
}

fn of_texts() -> Vec<Case> {
    let mention = |text: &str| json!({"type": "mention", "text": text, "mentioned": {"id": "29:a", "name": "Ada"}});
    vec![
        (text("a<br>b"), Rule::Html, NotShown, "/body/0/text"),
        (body(json!({"type": "RichTextBlock", "inlines": ["<b>a</b>"]})), Rule::Html, NotShown, "/body/0/inlines/0"),
        (
            body(json!({"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "<b>a</b>"}]})),
            Rule::Html,
            NotShown,
            "/body/0/inlines/0/text",
        ),
        (text("# Title"), Rule::Markdown, NotShown, "/body/0/text"),
        (
            body(json!({"type": "FactSet", "facts": [{"title": "a", "value": "`b`"}]})),
            Rule::Markdown,
            NotShown,
            "/body/0/facts/0/value",
        ),
        (text("Build ${build.number}"), Rule::Template, NotShown, "/body/0/text"),
        (body(json!({"type": "TextBlock", "text": "x", "$when": true})), Rule::Template, NotShown, "/body/0/$when"),
        (card(json!({"a/b~": "${x}"})), Rule::Template, NotShown, "/a~1b~0"),
        (
            card(json!({"msteams": {"entities": [{"type": "other"}, mention("<at>Ada</at>")]}})),
            Rule::MentionNotInText,
            NotShown,
            "/msteams/entities/1",
        ),
        (
            card(json!({"body": [{"type": "TextBlock", "text": "<at>General</at>"}], "msteams": {"entities": [
                {"type": "mention", "text": "<at>General</at>", "mentioned": {"id": "19:a@thread.tacv2"}}]}})),
            Rule::ChannelMention,
            NotShown,
            "/msteams/entities/0",
        ),
        (text("Hi <at>Ada</at>"), Rule::MarkWithoutMention, NotShown, "/body/0/text"),
    ]
}

fn of_actions() -> Vec<Case> {
    vec![
        (action(json!({"type": "Action.Http"})), Rule::UnknownAction, NotShown, "/actions/0"),
        (
            action(json!({"type": "Action.Submit", "style": "Destructive"})),
            Rule::ActionStyle,
            NotShown,
            "/actions/0/style",
        ),
        (action(opening(&json!([opening(&json!([]))]))), Rule::NestedShowCard, NotShown, "/actions/0/card/actions/0"),
        (card(json!({"selectAction": opening(&json!([]))})), Rule::ShowCardOnPress, NotShown, "/selectAction"),
        (
            card(json!({"actions": vec![json!({"type": "Action.Submit"}); 7]})),
            Rule::TooManyActions,
            NotShown,
            "/actions",
        ),
        (
            action(json!({"type": "Action.Execute", "fallback": {"type": "Action.Submit"}})),
            Rule::NoVerb,
            Advice,
            "/actions/0",
        ),
        (action(json!({"type": "Action.Execute", "verb": "v"})), Rule::NoFallback, Advice, "/actions/0"),
    ]
}

fn of_addresses() -> Vec<Case> {
    let large = "A".repeat((1 << 20) / 3 * 4 + 8);
    vec![
        (open("javascript:alert(1)"), Rule::BadLink, NotShown, "/actions/0/url"),
        (open("ci.example/412"), Rule::BadLink, NotShown, "/actions/0/url"),
        (
            action(json!({"type": "Action.Submit", "data": {"msteams": {"type": "signin", "value": "/in"}}})),
            Rule::BadLink,
            NotShown,
            "/actions/0/data/msteams/value",
        ),
        (open("http://ci.example/412"), Rule::InsecureLink, Advice, "/actions/0/url"),
        (image("http://a.example/x.png"), Rule::InsecureImage, NotShown, "/body/0/url"),
        (card(json!({"backgroundImage": "http://a.example/x.png"})), Rule::InsecureImage, NotShown, "/backgroundImage"),
        (card(json!({"backgroundImage": {"url": "x.png"}})), Rule::InsecureImage, NotShown, "/backgroundImage/url"),
        (
            action(json!({"type": "Action.Submit", "iconUrl": "http://a.example/x.png"})),
            Rule::InsecureImage,
            NotShown,
            "/actions/0/iconUrl",
        ),
        (image(&format!("data:image/png;base64,{large}")), Rule::ImageTooLarge, NotShown, "/body/0/url"),
    ]
}

fn assert_only(findings: &[Finding], rule: Rule, severity: Severity, at: &str) {
    let found: Vec<_> = findings.iter().map(|it| (it.rule, it.severity, it.at.as_str())).collect();
    assert_eq!(found, [(rule, severity, at)]);
    let message = &findings[0].message;
    assert!(message.ends_with('.') && message.len() < 200, "{message}");
}

#[test]
fn each_rule_finds_what_it_is_about_and_nothing_else() {
    for (card, rule, severity, at) in cases() {
        let shown: String = card.to_string().chars().take(200).collect();
        println!("{rule}: {shown}");
        assert_only(&card::check(&card), rule, severity, at);
    }
}

/// Rules that take more than a card to be broken.
fn cases_of_messages() -> Vec<(Activity, Rule, Severity, &'static str)> {
    let card = || Attachment::adaptive_card(body(json!({"type": "TextBlock", "text": "x"})));
    let with = |attachment: Attachment| Activity {
        summary: Some("x".to_owned()),
        attachments: vec![attachment],
        ..Activity::new(pregon_model::ActivityKind::Message)
    };
    let by_address = |content: Option<Value>| {
        let mut attachment = Attachment { content, ..card() };
        attachment.extra.insert("contentUrl".to_owned(), json!("https://a.example"));
        attachment
    };
    let broken = Attachment { content: Some(image("")), ..card() };
    vec![
        (
            Activity { attachments: vec![card()], ..Activity::text("hi", TextFormat::Plain) },
            Rule::TextBesideAttachment,
            Advice,
            "/text",
        ),
        (Activity { summary: None, ..with(card()) }, Rule::NoSummary, Advice, ""),
        (with(by_address(card().content)), Rule::ContentUrl, Rejected, "/attachments/0/contentUrl"),
        (with(Attachment { content: None, ..card() }), Rule::MissingMember, Rejected, "/attachments/0"),
        (with(broken), Rule::InsecureImage, NotShown, "/attachments/0/content/body/0/url"),
        (Activity::text("x".repeat(60_000), TextFormat::Plain), Rule::TooLarge, Rejected, ""),
    ]
}

#[test]
fn each_rule_for_messages_finds_what_it_is_about_and_nothing_else() {
    for (message, rule, severity, at) in cases_of_messages() {
        println!("{rule}");
        assert_only(&card::check_message(&message), rule, severity, at);
    }
}

#[test]
fn depth_is_measured_from_the_message() {
    // Three levels around the card, the card itself, and the first list.
    assert_eq!(card::check(&card(json!({"x": nested(59)}))), []);
    let too_deep = card(json!({"x": nested(60)}));
    let findings = card::check(&too_deep);
    let at = format!("/x{}", "/0".repeat(60));
    assert_only(&findings, Rule::TooDeep, Rejected, &at);
    let message = Activity::adaptive_card(too_deep, "x");
    assert_only(&card::check_message(&message), Rule::TooDeep, Rejected, &format!("/attachments/0/content{at}"));
}

#[test]
fn every_rule_has_a_case_and_a_code_of_its_own() {
    let of_cards = cases().into_iter().map(|(_, rule, ..)| rule);
    let of_messages = cases_of_messages().into_iter().map(|(_, rule, ..)| rule);
    let shown: Vec<_> = of_cards.chain(of_messages).chain([Rule::TooDeep]).collect();
    let codes: std::collections::HashSet<_> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert!(shown.contains(rule), "{rule}");
        assert!(rule.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b.is_ascii_digit()), "{rule}");
    }
}
