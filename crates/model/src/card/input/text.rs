use crate::card::schema::input;
use crate::card::{Action, ElementFallback, InputTextStyle, Length, Requires, Spacing};

input! {
    /// A text to be entered.
    InputText = "Input.Text" {
        /// Shown as long as nothing is entered.
        placeholder: String = "placeholder", V1_0;
        /// What is there at first.
        value: String = "value", V1_0;
        /// Several lines.
        is_multiline: bool = "isMultiline", V1_0;
        /// Characters it has at most.
        max_length: u32 = "maxLength", V1_0;
        /// What sort of text.
        style: InputTextStyle = "style", V1_0;
        /// A regular expression it must match.
        regex: String = "regex", V1_3;
        /// A button beside it.
        inline_action: Action = "inlineAction", V1_2;
    }
}
