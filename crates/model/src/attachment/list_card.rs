use super::CardAction;
use crate::wire::wire;

wire! {
    /// Content of a list of things.
    #[derive(Default)]
    pub struct ListCard {
        /// The first line.
        pub title: Option<String> => "title",
        /// The things.
        pub items: Vec<ListItem> => "items",
        /// Buttons; six are shown.
        pub buttons: Vec<CardAction> => "buttons",
    }

    /// One thing of a list.
    #[derive(Default)]
    pub struct ListItem {
        /// `resultItem`, `file`, `person`, or `section` for a heading.
        pub kind: Option<String> => "type",
        /// Which file or person.
        pub id: Option<String> => "id",
        /// A picture.
        pub icon: Option<String> => "icon",
        /// The first line.
        pub title: Option<String> => "title",
        /// The second line.
        pub subtitle: Option<String> => "subtitle",
        /// What a press on it does.
        pub tap: Option<CardAction> => "tap",
    }
}
