use pregon_model::card::*;
use serde_json::{Value, json};

fn version(card: &AdaptiveCard) -> Value {
    serde_json::to_value(card).unwrap()["version"].take()
}

#[test]
fn a_card_names_the_lowest_version_that_holds_what_it_uses() {
    let with = |element: Element| AdaptiveCard::new().element(element);
    let image = || Image::new("https://a.example/x.png");
    for (card, expected) in [
        (AdaptiveCard::new(), "1.0"),
        (AdaptiveCard::new().text("x").action(Submit::new("x")), "1.0"),
        (with(TextBlock::new("x").height(Length::STRETCH).into()), "1.1"),
        (with(image().select_action(Submit::new("x")).into()), "1.1"),
        (with(TextBlock::new("x").is_visible(false).into()), "1.2"),
        (with(ActionSet::new().into()), "1.2"),
        (with(Container::new().style(ContainerStyle::EMPHASIS).into()), "1.0"),
        (with(Container::new().style(ContainerStyle::other("Good")).into()), "1.2"),
        (with(InputText::new("a").label("A").into()), "1.3"),
        (AdaptiveCard::new().action(Execute::new("x", "x")), "1.4"),
        (with(ColumnSet::new().column(Column::new().element(Table::new([1]))).into()), "1.5"),
        (with(TextBlock::new("x").fallback(Container::new().element(Table::new([1]))).into()), "1.5"),
        (with(InputText::new("a").style(InputTextStyle::PASSWORD).into()), "1.5"),
        (with(Element::raw(json!({"type": "Icon"}))), "1.0"),
        (AdaptiveCard::new().action(ShowCard::new("x", AdaptiveCard::new().rtl(true))), "1.5"),
    ] {
        assert_eq!(version(&card), expected, "{card:?}");
    }
}

#[test]
fn a_version_that_was_said_is_the_one_written() {
    let card = AdaptiveCard::new().version(Version::V1_2).element(Table::new([1]));
    assert_eq!(version(&card), "1.2");
    assert_eq!(version(&card.version(CardVersion::Lowest)), "1.5");
    assert_eq!(version(&AdaptiveCard::new().with("version", "1.3")), "1.3");
    assert_eq!(version(&AdaptiveCard::new().with("version", "new")), "new");
}
