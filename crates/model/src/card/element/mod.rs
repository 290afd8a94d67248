mod action_set;
mod column_set;
mod container;
mod fact_set;
mod image;
mod rich_text;
mod table;
mod text_block;

pub use action_set::ActionSet;
pub use column_set::{Column, ColumnSet, Width};
pub use container::Container;
pub use fact_set::{Fact, FactSet};
pub use image::{Image, ImageSet};
pub use rich_text::{Inline, RichTextBlock, TextRun};
pub use table::{Table, TableCell, TableColumn, TableRow};
pub use text_block::TextBlock;

use super::schema::one_of;
use super::{AdaptiveCard, InputChoiceSet, InputDate, InputNumber, InputText, InputTime, InputToggle, Text};

one_of! {
    /// Something a card shows.
    Element, Element, ElementInstead {
        /// A text.
        TextBlock(TextBlock),
        /// A text whose parts look different.
        RichTextBlock(RichTextBlock),
        /// An image.
        Image(Image),
        /// Several images in a row.
        ImageSet(ImageSet),
        /// Several elements together.
        Container(Container),
        /// Several columns side by side.
        ColumnSet(ColumnSet),
        /// Names and values in two columns.
        FactSet(FactSet),
        /// Buttons in the body.
        ActionSet(ActionSet),
        /// A table.
        Table(Table),
        /// A text to be entered.
        InputText(InputText),
        /// A number to be entered.
        InputNumber(InputNumber),
        /// A date to be chosen.
        InputDate(InputDate),
        /// A time to be chosen.
        InputTime(InputTime),
        /// Something to be switched on or off.
        InputToggle(InputToggle),
        /// One or several of some choices.
        InputChoiceSet(InputChoiceSet),
    }
}

/// The text of everything that holds elements.
macro_rules! holds_elements {
    ($($name:ident),+) => {$(
        impl $name {
            /// Adds a paragraph: [`TextBlock::paragraph`].
            pub fn text(self, text: impl Into<Text>) -> Self {
                self.element(TextBlock::paragraph(text))
            }
        }
    )+};
}

holds_elements!(AdaptiveCard, Container, Column, TableCell);
