use crate::card::schema::{element, object};
use crate::card::{ElementFallback, Length, Requires, Spacing, Text};

element! {
    /// Names and values in two columns.
    FactSet = "FactSet", V1_0 {
        /// The facts, from top to bottom.
        facts: [Fact] = "facts", V1_0 [shown by hand];
    }
}

impl FactSet {
    /// A set without facts yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more fact.
    pub fn fact(self, title: impl Into<Text>, value: impl Into<Text>) -> Self {
        self.facts([Fact::new(title, value)])
    }

    /// Several more facts.
    pub fn facts(mut self, facts: impl IntoIterator<Item = Fact>) -> Self {
        self.facts.get_or_insert_default().extend(facts);
        self
    }
}

object! {
    /// A name and a value, both in the Markdown subset of Teams.
    Fact as "Fact", V1_0 {
        /// The name.
        title: Text = "title", V1_0 [shown];
        /// The value.
        value: Text = "value", V1_0 [shown];
    }
}

impl Fact {
    /// A fact of this name.
    pub fn new(title: impl Into<Text>, value: impl Into<Text>) -> Self {
        Self { title: Some(title.into()), value: Some(value.into()), ..Self::default() }
    }
}
