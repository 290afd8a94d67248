use serde_json::Value;

use crate::wire::wire;

wire! {
    /// Content of a connector card, the older kind of card. New cards are Adaptive Cards.
    ///
    /// Source: Microsoft Learn, "Legacy actionable message card reference".
    #[derive(Default)]
    pub struct O365ConnectorCard {
        /// The first line.
        pub title: Option<String> => "title",
        /// What the card is about, when it has no text.
        pub summary: Option<String> => "summary",
        /// The text.
        pub text: Option<String> => "text",
        /// Colour of its edge, six hexadecimal digits.
        pub theme_color: Option<String> => "themeColor",
        /// Its sections, as the reference has them.
        pub sections: Vec<Value> => "sections",
        /// Its actions, as the reference has them; a press is the invoke
        /// `actionableMessage/executeAction`.
        pub potential_action: Vec<Value> => "potentialAction",
    }
}
