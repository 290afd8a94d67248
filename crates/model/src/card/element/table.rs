use super::Width;
use crate::card::schema::{element, object};
use crate::card::{
    Action, Background, ContainerStyle, Element, ElementFallback, HorizontalAlignment, Length, Requires, Spacing, Text,
    VerticalAlignment,
};

element! {
    /// A table: columns, and rows of cells. Older clients have none: give it a `fallback`.
    Table = "Table", V1_5 {
        /// How wide each column is.
        columns / column: [TableColumn] = "columns", V1_5 [shown];
        /// The rows, from top to bottom.
        rows / row: [TableRow] = "rows", V1_5 [shown];
        /// Whether the first row holds the headings; it does when this is not said.
        first_row_as_header: bool = "firstRowAsHeader", V1_5;
        /// Whether lines are drawn between the cells; they are when this is not said.
        show_grid_lines: bool = "showGridLines", V1_5;
        /// How the lines look.
        grid_style: ContainerStyle = "gridStyle", V1_5;
        /// Where cells' content stands from left to right.
        horizontal_cell_content_alignment: HorizontalAlignment = "horizontalCellContentAlignment", V1_5;
        /// Where cells' content stands from top to bottom.
        vertical_cell_content_alignment: VerticalAlignment = "verticalCellContentAlignment", V1_5;
    }
}

impl Table {
    /// A table whose columns share the room in these proportions.
    pub fn new(shares: impl IntoIterator<Item = u32>) -> Self {
        Self::default().columns(shares.into_iter().map(Width::share))
    }
}

object! {
    /// A column of a table.
    TableColumn as "TableColumnDefinition", V1_5 {
        /// How wide.
        width: Width = "width", V1_5;
        /// Where its cells' content stands from left to right.
        horizontal_cell_content_alignment: HorizontalAlignment = "horizontalCellContentAlignment", V1_5;
        /// Where its cells' content stands from top to bottom.
        vertical_cell_content_alignment: VerticalAlignment = "verticalCellContentAlignment", V1_5;
    }
}

impl From<Width> for TableColumn {
    fn from(width: Width) -> Self {
        Self::default().width(width)
    }
}

object! {
    /// A row of a table.
    TableRow as "TableRow", V1_5 {
        /// The cells, from left to right.
        cells / cell: [TableCell] = "cells", V1_5;
        /// How it looks.
        style: ContainerStyle = "style", V1_5;
        /// Where its cells' content stands from left to right.
        horizontal_cell_content_alignment: HorizontalAlignment = "horizontalCellContentAlignment", V1_5;
        /// Where its cells' content stands from top to bottom.
        vertical_cell_content_alignment: VerticalAlignment = "verticalCellContentAlignment", V1_5;
    }
}

impl TableRow {
    /// A row without cells yet.
    pub fn new() -> Self {
        Self::default().with("type", "TableRow")
    }

    /// A row of texts.
    pub fn texts<T: Into<Text>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::new().cells(texts.into_iter().map(|text| TableCell::new().text(text)))
    }
}

object! {
    /// A cell of a table.
    TableCell as "TableCell", V1_5 {
        /// The elements, from top to bottom.
        items / element: [Element] = "items", V1_5 [shown];
        /// How it looks.
        style: ContainerStyle = "style", V1_5;
        /// Whether it reaches to its edges.
        bleed: bool = "bleed", V1_5;
        /// What is behind it.
        background_image: Background = "backgroundImage", V1_5;
        /// How high it is at least, in pixels.
        min_height: Length = "minHeight", V1_5;
        /// Where the content stands when there is more room than it takes.
        vertical_content_alignment: VerticalAlignment = "verticalContentAlignment", V1_5;
        /// Whether it is read from right to left.
        rtl: bool = "rtl", V1_5;
        /// What pressing it does.
        select_action: Action = "selectAction", V1_5;
    }
}

impl TableCell {
    /// A cell with nothing in it yet.
    pub fn new() -> Self {
        Self::default().with("type", "TableCell")
    }
}
