use crate::card::schema::{input, object};
use crate::card::{ChoiceStyle, ElementFallback, Length, Requires, Spacing};

input! {
    /// One or several of some choices. The bot gets their values, with commas between several.
    InputChoiceSet = "Input.ChoiceSet" {
        /// What can be chosen.
        choices: [Choice] = "choices", V1_0 [by hand];
        /// What is there at first: a choice's value; several with commas between them.
        value: String = "value", V1_0;
        /// Whether several can be chosen.
        is_multi_select: bool = "isMultiSelect", V1_0;
        /// How the choices are offered.
        style: ChoiceStyle = "style", V1_0;
        /// Shown as long as nothing is chosen.
        placeholder: String = "placeholder", V1_0;
        /// Whether a long choice goes on in the next line.
        wrap: bool = "wrap", V1_2;
    }
}

impl InputChoiceSet {
    /// One more choice: what is shown, and what the bot gets.
    pub fn choice(self, title: impl Into<String>, value: impl Into<String>) -> Self {
        self.choices([Choice::new(title, value)])
    }

    /// Several more choices.
    pub fn choices(mut self, choices: impl IntoIterator<Item = Choice>) -> Self {
        self.choices.get_or_insert_default().extend(choices);
        self
    }
}

object! {
    /// Something that can be chosen.
    Choice as "Input.Choice", V1_0 {
        /// What is shown.
        title: String = "title", V1_0 [required];
        /// What the bot gets.
        value: String = "value", V1_0 [required];
    }
}

impl Choice {
    /// A choice shown as `title`; the bot gets `value`.
    pub fn new(title: impl Into<String>, value: impl Into<String>) -> Self {
        Self { title: Some(title.into()), value: Some(value.into()), ..Self::default() }
    }
}
