use super::CardAction;
use crate::wire::wire;

wire! {
    /// Content of a hero card and of a thumbnail card, which have the same members.
    #[derive(Default)]
    pub struct HeroCard {
        /// The first line.
        pub title: Option<String> => "title",
        /// The second line.
        pub subtitle: Option<String> => "subtitle",
        /// The text, in a small subset of HTML and Markdown.
        pub text: Option<String> => "text",
        /// Pictures; the first is shown.
        pub images: Vec<CardImage> => "images",
        /// Buttons; six are shown.
        pub buttons: Vec<CardAction> => "buttons",
        /// What a press on the card itself does.
        pub tap: Option<CardAction> => "tap",
    }

    /// A picture of a card.
    #[derive(Default)]
    pub struct CardImage {
        /// Where it is: https, or a data URI.
        pub url: String => "url",
        /// What it shows, for those who do not see it.
        pub alt: Option<String> => "alt",
        /// What a press on it does.
        pub tap: Option<CardAction> => "tap",
    }
}

impl CardImage {
    /// A picture and what it shows.
    pub fn new(url: impl Into<String>, alt: impl Into<String>) -> Self {
        Self { url: url.into(), alt: Some(alt.into()), ..Self::default() }
    }
}
