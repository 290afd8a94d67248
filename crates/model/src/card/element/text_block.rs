use crate::card::schema::element;
use crate::card::{
    Color, ElementFallback, FontType, HorizontalAlignment, Length, Requires, Spacing, Text, TextSize, TextStyle, Weight,
};

element! {
    /// A text in the Markdown subset of Teams: bold, italic, lists and links.
    TextBlock = "TextBlock", V1_0 {
        /// The text.
        text: Text = "text", V1_0 [shown];
        /// How large.
        size: TextSize = "size", V1_0;
        /// How heavy.
        weight: Weight = "weight", V1_0;
        /// What its colour means.
        color: Color = "color", V1_0;
        /// Toned down.
        is_subtle: bool = "isSubtle", V1_0;
        /// Which letters.
        font_type: FontType = "fontType", V1_2;
        /// Where it stands from left to right.
        horizontal_alignment: HorizontalAlignment = "horizontalAlignment", V1_0;
        /// Whether it goes on in the next line; without it, it is cut at the end of the first.
        wrap: bool = "wrap", V1_0;
        /// Lines it has at most.
        max_lines: u32 = "maxLines", V1_0;
        /// What it is, for those who hear it.
        style: TextStyle = "style", V1_5;
    }
}

impl TextBlock {
    /// A text of one line, cut where the line ends.
    pub fn new(text: impl Into<Text>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    /// A text that takes the lines it needs.
    pub fn paragraph(text: impl Into<Text>) -> Self {
        Self::new(text).wrap(true)
    }

    /// A paragraph in larger, heavier letters.
    pub fn heading(text: impl Into<Text>) -> Self {
        Self::paragraph(text).size(TextSize::MEDIUM).weight(Weight::BOLDER)
    }
}
