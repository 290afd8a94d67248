mod execute;
mod open_url;
mod show_card;
mod submit;
mod toggle_visibility;

pub use execute::Execute;
pub use open_url::OpenUrl;
pub use show_card::ShowCard;
pub use submit::{MessageBack, Submit};
pub use toggle_visibility::{Target, TargetElement, ToggleVisibility};

use super::schema::one_of;

one_of! {
    /// What a button, or pressing something, does.
    Action, Action, ActionInstead {
        /// Opens a page.
        OpenUrl(OpenUrl),
        /// Sends the bot a message with what was entered.
        Submit(Submit),
        /// Asks the bot, which may answer with another card.
        Execute(Execute),
        /// Opens a card below the button.
        ShowCard(ShowCard),
        /// Shows and hides elements.
        ToggleVisibility(ToggleVisibility),
    }
}
