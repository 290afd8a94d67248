use crate::card::schema::input;
use crate::card::{ElementFallback, Length, Requires, Spacing};

input! {
    /// Something to be switched on or off. The bot gets `"true"` or `"false"`, as text.
    InputToggle = "Input.Toggle" {
        /// What is switched.
        title: String = "title", V1_0 [required];
        /// What is there at first: `valueOn` or `valueOff`.
        value: String = "value", V1_0;
        /// What the bot gets when it is on, instead of `"true"`.
        value_on: String = "valueOn", V1_0;
        /// What the bot gets when it is off, instead of `"false"`.
        value_off: String = "valueOff", V1_0;
        /// Whether a long title goes on in the next line.
        wrap: bool = "wrap", V1_2;
    }
}
