use serde_json::Number;

use crate::card::schema::input;
use crate::card::{ElementFallback, Length, Requires, Spacing};

input! {
    /// A number to be entered.
    InputNumber = "Input.Number" {
        /// Shown as long as nothing is entered.
        placeholder: String = "placeholder", V1_0;
        /// What is there at first.
        value: Number = "value", V1_0 [by hand];
        /// The lowest that does.
        min: Number = "min", V1_0 [by hand];
        /// The highest that does.
        max: Number = "max", V1_0 [by hand];
    }
}

impl InputNumber {
    /// What is there at first; what is no number in JSON (infinity) sets nothing.
    pub fn value(self, value: impl Into<f64>) -> Self {
        Self { value: number(value.into()), ..self }
    }

    /// The lowest that does; what is no number in JSON (infinity) sets nothing.
    pub fn min(self, min: impl Into<f64>) -> Self {
        Self { min: number(min.into()), ..self }
    }

    /// The highest that does; what is no number in JSON (infinity) sets nothing.
    pub fn max(self, max: impl Into<f64>) -> Self {
        Self { max: number(max.into()), ..self }
    }
}

/// Whole numbers are written without a decimal point.
fn number(value: f64) -> Option<Number> {
    let number = Number::from_f64(value)?;
    let whole = format!("{value}").parse::<i64>().ok();
    Some(whole.map_or(number, Number::from))
}
