use crate::card::schema::element;
use crate::card::{Action, ElementFallback, Length, Requires, Spacing};

element! {
    /// Buttons in the body, where they belong to what is above them.
    ActionSet = "ActionSet", V1_2 {
        /// The buttons; Teams may hide those after the sixth.
        actions / action: [Action] = "actions", V1_2 [shown];
    }
}

impl ActionSet {
    /// A set without buttons yet.
    pub fn new() -> Self {
        Self::default()
    }
}
