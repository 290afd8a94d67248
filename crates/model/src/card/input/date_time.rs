use crate::card::schema::input;
use crate::card::{ElementFallback, Length, Requires, Spacing};

input! {
    /// A date to be chosen. All dates are written `YYYY-MM-DD`.
    InputDate = "Input.Date" {
        /// Shown as long as nothing is chosen.
        placeholder: String = "placeholder", V1_0;
        /// What is there at first.
        value: String = "value", V1_0;
        /// The first that does.
        min: String = "min", V1_0;
        /// The last that does.
        max: String = "max", V1_0;
    }
}

input! {
    /// A time of day to be chosen. All times are written `HH:MM`.
    InputTime = "Input.Time" {
        /// Shown as long as nothing is chosen.
        placeholder: String = "placeholder", V1_0;
        /// What is there at first.
        value: String = "value", V1_0;
        /// The first that does.
        min: String = "min", V1_0;
        /// The last that does.
        max: String = "max", V1_0;
    }
}
