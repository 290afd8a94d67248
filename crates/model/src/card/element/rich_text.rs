use crate::card::schema::{element, object, text_or};
use crate::card::{
    Action, Color, ElementFallback, FontType, HorizontalAlignment, Length, Requires, Spacing, TextSize, Weight,
};

element! {
    /// A text whose parts look different. Its parts are plain: no Markdown, no mentions.
    RichTextBlock = "RichTextBlock", V1_2 {
        /// The parts, one after the other.
        inlines / inline: [Inline] = "inlines", V1_2 [shown];
        /// Where it stands from left to right.
        horizontal_alignment: HorizontalAlignment = "horizontalAlignment", V1_2;
    }
}

impl RichTextBlock {
    /// A text without parts yet.
    pub fn new() -> Self {
        Self::default()
    }
}

text_or! {
    /// A part of a rich text.
    Inline {
        /// As usual.
        Text,
        /// With a look of its own.
        Run(TextRun)
    }
}

object! {
    /// A part of a rich text with a look of its own.
    TextRun = "TextRun", V1_2 {
        /// The text.
        text: String = "text", V1_2 [shown];
        /// How large.
        size: TextSize = "size", V1_2;
        /// How heavy.
        weight: Weight = "weight", V1_2;
        /// What its colour means.
        color: Color = "color", V1_2;
        /// Toned down.
        is_subtle: bool = "isSubtle", V1_2;
        /// Which letters.
        font_type: FontType = "fontType", V1_2;
        /// Slanted.
        italic: bool = "italic", V1_2;
        /// Struck through.
        strikethrough: bool = "strikethrough", V1_2;
        /// Underlined.
        underline: bool = "underline", V1_3;
        /// As if marked with a pen.
        highlight: bool = "highlight", V1_2;
        /// What pressing it does.
        select_action: Action = "selectAction", V1_2;
    }
}

impl TextRun {
    /// A part that still looks as usual.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}
