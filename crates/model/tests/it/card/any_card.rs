//! Strategies: typed cards of any shape, and JSON that looks like cards.

use pregon_model::card::*;
use pregon_model::{MemberId, ObjectId};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Any JSON value a bot could put into `data` or an unknown member.
pub(crate) fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|n| Value::from(f64::from(n) / 4.0)),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((".{0,4}", inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn text() -> impl Strategy<Value = Text> {
    let mention = prop_oneof![
        "[a-z]{1,4}".prop_map(|id| Mention::member(&MemberId::new(format!("29:{id}")), id)),
        "[a-z]{1,4}".prop_map(|id| Mention::object(&ObjectId::new(id.as_str()), id)),
    ];
    (".{0,12}", option::weighted(0.3, mention)).prop_map(|(text, mention)| match mention {
        Some(mention) => Text::new(text).mention(mention).and("."),
        None => Text::new(text),
    })
}

fn input() -> impl Strategy<Value = Element> {
    let id = "[a-z]{1,3}";
    prop_oneof![
        (id, any::<bool>(), any::<u32>()).prop_map(|(id, required, most)| {
            InputText::new(id).is_required(required).max_length(most).style(InputTextStyle::PASSWORD).into()
        }),
        (id, any::<i32>(), any::<i32>())
            .prop_map(|(id, min, max)| InputNumber::new(id).min(f64::from(min) / 4.0).max(max).into()),
        id.prop_map(|id| InputDate::new(id).label("Day").value("2026-09-21").into()),
        id.prop_map(|id| InputTime::new(id).max("18:00").into()),
        (id, ".{0,6}").prop_map(|(id, title)| InputToggle::new(id).title(title).wrap(true).into()),
        (id, vec((".{0,4}", ".{0,4}"), 0..4)).prop_map(|(id, choices)| {
            let choices = choices.into_iter().map(|(title, value)| Choice::new(title, value));
            InputChoiceSet::new(id).choices(choices).style(ChoiceStyle::FILTERED).into()
        }),
    ]
}

fn simple_action() -> impl Strategy<Value = Action> {
    prop_oneof![
        (".{0,6}", ".{0,6}").prop_map(|(title, url)| OpenUrl::new(title, url).tooltip("t").into()),
        (".{0,6}", json_value()).prop_map(|(title, data)| Submit::new(title).data(data).into()),
        ".{0,6}".prop_map(|title| Submit::new(title).task_fetch().into()),
        (".{0,6}", json_value()).prop_map(|(verb, data)| Execute::new("Go", verb).data(data).or_submit().into()),
        vec("[a-z]{1,3}", 0..3).prop_map(|ids| {
            ids.into_iter().fold(ToggleVisibility::new("t"), ToggleVisibility::show).target("x").into()
        }),
        json_value().prop_map(Action::raw),
    ]
}

fn leaf() -> impl Strategy<Value = Element> {
    prop_oneof![
        (text(), option::of(any::<u32>()), select(vec!["Bolder", "bolder", "new"])).prop_map(
            |(text, lines, weight)| {
                let block = TextBlock::new(text).weight(Weight::other(weight)).is_subtle(true);
                lines.into_iter().fold(block, TextBlock::max_lines).into()
            }
        ),
        vec(".{0,6}", 0..3).prop_map(|parts| {
            let runs = parts.into_iter().map(|part| TextRun::new(part).italic(true));
            RichTextBlock::new().inline("a").inlines(runs).into()
        }),
        (".{0,12}", simple_action()).prop_map(|(url, press)| Image::new(url).select_action(press).into()),
        vec(".{0,6}", 0..3).prop_map(|urls| ImageSet::new().images(urls.iter().map(String::as_str)).into()),
        vec((text(), text()), 0..3).prop_map(|facts| {
            FactSet::new().facts(facts.into_iter().map(|(title, value)| Fact::new(title, value))).into()
        }),
        input(),
        json_value().prop_map(Element::raw),
    ]
}

fn element() -> impl Strategy<Value = Element> {
    leaf().prop_recursive(3, 24, 3, |inner| {
        let inside = vec(inner.clone(), 0..3);
        prop_oneof![
            (inside.clone(), simple_action()).prop_map(|(items, press)| {
                Container::new().items(items).select_action(press).background_image("https://a.example").into()
            }),
            vec(inside.clone(), 0..3).prop_map(|columns| {
                let columns = columns.into_iter().map(|items| Column::new().width(Width::share(1)).items(items));
                ColumnSet::new().columns(columns).into()
            }),
            vec(inside, 0..3).prop_map(|cells| {
                let cells = cells.into_iter().map(|items| TableCell::new().items(items));
                Table::new([1, 2]).row(TableRow::new().cells(cells)).into()
            }),
            vec(simple_action(), 0..3).prop_map(|actions| ActionSet::new().actions(actions).into()),
            inner.prop_map(|instead| TextBlock::new("x").fallback(instead).into()),
        ]
    })
}

/// A card as the builder makes it.
pub(crate) fn built_card() -> impl Strategy<Value = AdaptiveCard> {
    let parts = (vec(element(), 0..4), vec(simple_action(), 0..4), vec(element(), 0..2));
    (parts, ("[a-z$]{1,4}", json_value()), any::<bool>()).prop_map(|((body, actions, inner), (name, value), wide)| {
        let inner = AdaptiveCard::new().body(inner);
        let card = AdaptiveCard::new().body(body).actions(actions).action(ShowCard::new("More", inner));
        let card = card.with(format!("x-{name}"), value);
        if wide { card.full_width().refresh(Refresh::new(Execute::new("r", "r")).manual()) } else { card }
    })
}

const NAMES: &[&str] = &[
    "type",
    "version",
    "body",
    "actions",
    "items",
    "columns",
    "rows",
    "cells",
    "facts",
    "images",
    "inlines",
    "choices",
    "text",
    "title",
    "value",
    "url",
    "card",
    "fallback",
    "selectAction",
    "inlineAction",
    "data",
    "verb",
    "id",
    "style",
    "backgroundImage",
    "iconUrl",
    "targetElements",
    "refresh",
    "action",
    "userIds",
    "msteams",
    "entities",
    "mentioned",
    "authentication",
    "requires",
    "wrap",
    "maxLines",
    "width",
    "height",
    "$data",
    "contentUrl",
    "a/b",
    "~",
    "",
];

const TEXTS: &[&str] = &[
    "AdaptiveCard",
    "TextBlock",
    "RichTextBlock",
    "TextRun",
    "Image",
    "ImageSet",
    "Container",
    "ColumnSet",
    "Column",
    "FactSet",
    "ActionSet",
    "Table",
    "Input.Text",
    "Input.ChoiceSet",
    "Input.Toggle",
    "Media",
    "Icon",
    "Nonsense",
    "Action.OpenUrl",
    "Action.Submit",
    "Action.Execute",
    "Action.ShowCard",
    "Action.ToggleVisibility",
    "Action.X",
    "mention",
    "signin",
    "1.0",
    "1.5",
    "1.6",
    "drop",
    "<at>Ada</at>",
    "# x",
    "<b>x</b>",
    "${x}",
    "http://a.example",
    "data:image/png;base64,AAAA",
    "positive",
    "secondary",
    "",
];

/// JSON of the words cards are made of, in any order: mostly wrong cards, often in part right ones.
pub(crate) fn nearly_a_card() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => select(TEXTS).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i32>().prop_map(Value::from),
        1 => ".{0,8}".prop_map(Value::from),
    ];
    let inside = leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..8).prop_map(Value::from),
            (select(TEXTS), vec((select(NAMES), inner), 0..6)).prop_map(|(kind, members)| {
                let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
                let mut object: Map<String, Value> = members.collect();
                object.insert("type".to_owned(), kind.into());
                Value::Object(object)
            }),
        ]
    });
    (vec((select(NAMES), inside), 0..8), any::<bool>()).prop_map(|(members, proper)| {
        let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
        let mut card: Map<String, Value> = members.collect();
        if proper {
            card.insert("type".to_owned(), json!("AdaptiveCard"));
        }
        Value::Object(card)
    })
}
