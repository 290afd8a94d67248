use super::{CardAction, CardImage};
use crate::wire::wire;

wire! {
    /// Content of a receipt. Amounts are text, with their currency.
    #[derive(Default)]
    pub struct ReceiptCard {
        /// The first line.
        pub title: Option<String> => "title",
        /// Facts about the order: number, way of payment …
        pub facts: Vec<Fact> => "facts",
        /// What was bought.
        pub items: Vec<ReceiptItem> => "items",
        /// What a press on the card does.
        pub tap: Option<CardAction> => "tap",
        /// What was paid.
        pub total: Option<String> => "total",
        /// The tax in it.
        pub tax: Option<String> => "tax",
        /// The value added tax in it.
        pub vat: Option<String> => "vat",
        /// Buttons.
        pub buttons: Vec<CardAction> => "buttons",
    }

    /// A fact and its name.
    #[derive(Default)]
    pub struct Fact {
        /// The name.
        pub key: Option<String> => "key",
        /// The fact.
        pub value: Option<String> => "value",
    }

    /// One thing that was bought.
    #[derive(Default)]
    pub struct ReceiptItem {
        /// The first line.
        pub title: Option<String> => "title",
        /// The second line.
        pub subtitle: Option<String> => "subtitle",
        /// The text.
        pub text: Option<String> => "text",
        /// A picture.
        pub image: Option<CardImage> => "image",
        /// Its price.
        pub price: Option<String> => "price",
        /// How many.
        pub quantity: Option<String> => "quantity",
        /// What a press on it does.
        pub tap: Option<CardAction> => "tap",
    }
}
