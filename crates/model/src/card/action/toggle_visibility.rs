use crate::card::schema::{action, object, text_or};
use crate::card::{ActionFallback, ActionMode, ActionStyle, Requires};

action! {
    /// Shows and hides elements of the card. The bot does not hear of it.
    ToggleVisibility = "Action.ToggleVisibility", V1_2 {
        /// The elements, by id.
        target_elements / target: [Target] = "targetElements", V1_2 [required];
    }
}

impl ToggleVisibility {
    /// A button `title` that does nothing yet.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..Self::default() }
    }

    /// Shows the element of this id.
    pub fn show(self, id: impl Into<String>) -> Self {
        self.target(TargetElement::default().element_id(id).is_visible(true))
    }

    /// Hides the element of this id.
    pub fn hide(self, id: impl Into<String>) -> Self {
        self.target(TargetElement::default().element_id(id).is_visible(false))
    }
}

text_or! {
    /// An element that is shown or hidden.
    Target {
        /// The element of this id: hidden if it is shown, shown if it is hidden.
        Toggle,
        /// As it says.
        Set(TargetElement)
    }
}

object! {
    /// What happens to an element.
    TargetElement as "TargetElement", V1_2 {
        /// The element's id.
        element_id: String = "elementId", V1_2 [required];
        /// Whether it is shown; without this, it changes.
        is_visible: bool = "isVisible", V1_2;
    }
}
