use crate::card::schema::element;
use crate::card::{
    Action, Background, ContainerStyle, Element, ElementFallback, Length, Requires, Spacing, VerticalAlignment,
};

element! {
    /// Several elements together, with a look of their own.
    Container = "Container", V1_0 {
        /// The elements, from top to bottom.
        items / element: [Element] = "items", V1_0 [shown];
        /// How it looks.
        style: ContainerStyle = "style", V1_0;
        /// Whether it reaches to the edges of what it is in.
        bleed: bool = "bleed", V1_2;
        /// What is behind it.
        background_image: Background = "backgroundImage", V1_2;
        /// How high it is at least, in pixels.
        min_height: Length = "minHeight", V1_2;
        /// Where the content stands when there is more room than it takes.
        vertical_content_alignment: VerticalAlignment = "verticalContentAlignment", V1_1;
        /// Whether it is read from right to left.
        rtl: bool = "rtl", V1_5;
        /// What pressing it does.
        select_action: Action = "selectAction", V1_1;
    }
}

impl Container {
    /// A container with nothing in it yet.
    pub fn new() -> Self {
        Self::default()
    }
}
