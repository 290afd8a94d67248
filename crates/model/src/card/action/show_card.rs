use crate::card::schema::action;
use crate::card::{ActionFallback, ActionMode, ActionStyle, AdaptiveCard, Requires};

action! {
    /// Opens a card below the button. That card must have no `ShowCard` itself.
    ShowCard = "Action.ShowCard", V1_0 {
        /// The card.
        card: AdaptiveCard = "card", V1_0 [shown by hand];
    }
}

impl ShowCard {
    /// A button `title` that opens `card`, which goes by the version and the mentions of the card
    /// it is in.
    pub fn new(title: impl Into<String>, card: AdaptiveCard) -> Self {
        Self { title: Some(title.into()), card: Some(card.nested()), ..Self::default() }
    }
}
