use serde::Serialize;
use serde_json::Value;

use crate::card::schema::{Part, Shape, element, object};
use crate::card::{
    Action, Background, ContainerStyle, Element, ElementFallback, HorizontalAlignment, Length, Requires, Spacing,
    VerticalAlignment,
};

element! {
    /// Several columns side by side. On a phone there is room for two or three.
    ColumnSet = "ColumnSet", V1_0 {
        /// The columns, from left to right.
        columns / column: [Column] = "columns", V1_0;
        /// How it looks.
        style: ContainerStyle = "style", V1_2;
        /// Whether it reaches to the edges of what it is in.
        bleed: bool = "bleed", V1_2;
        /// How high it is at least, in pixels.
        min_height: Length = "minHeight", V1_2;
        /// Where the columns stand from left to right.
        horizontal_alignment: HorizontalAlignment = "horizontalAlignment", V1_0;
        /// What pressing it does.
        select_action: Action = "selectAction", V1_1;
    }
}

impl ColumnSet {
    /// A set without columns yet.
    pub fn new() -> Self {
        Self::default()
    }
}

object! {
    /// A column and what is in it.
    Column as "Column", V1_0 {
        /// The elements, from top to bottom.
        items / element: [Element] = "items", V1_0;
        /// How wide.
        width: Width = "width", V1_0;
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
        /// Names it, for `Action.ToggleVisibility`; unique in the card.
        id: String = "id", V1_0;
        /// How far it stands from the column on its left.
        spacing: Spacing = "spacing", V1_0;
        /// Whether a line is drawn on its left.
        separator: bool = "separator", V1_0;
        /// Whether it is shown at first.
        is_visible: bool = "isVisible", V1_2;
        /// Features of the client it needs, by name and version.
        requires: Requires = "requires", V1_2;
        /// A column that a client shows that does not know this one, or `"drop"`.
        fallback: Value = "fallback", V1_2;
    }
}

impl Column {
    /// A column with nothing in it yet.
    pub fn new() -> Self {
        Self::default().with("type", "Column")
    }
}

/// How wide a column is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Width(Value);

impl Width {
    /// As wide as its content.
    pub fn auto() -> Self {
        Self("auto".into())
    }

    /// As wide as there is room; several share it evenly.
    pub fn stretch() -> Self {
        Self("stretch".into())
    }

    /// So many pixels.
    pub fn pixels(pixels: u32) -> Self {
        Self(format!("{pixels}px").into())
    }

    /// This share of the room, set against the other columns' shares.
    pub fn share(share: u32) -> Self {
        Self(share.into())
    }
}

impl Part for Width {
    const SHAPE: Shape = Shape::TextOrNumber;

    fn read(value: Value, _: usize) -> Option<Self> {
        Some(Self(value))
    }
}
