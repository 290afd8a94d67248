use super::schema::{object, text_or};
use super::{FillMode, HorizontalAlignment, VerticalAlignment};

object! {
    /// An image behind a card or container, and how it fills the place.
    BackgroundImage as "BackgroundImage", V1_2 {
        /// Where the image is: https, or a data URI.
        url: String = "url", V1_0 [required];
        /// How it fills the place.
        fill_mode: FillMode = "fillMode", V1_2;
        /// Where it stands from left to right.
        horizontal_alignment: HorizontalAlignment = "horizontalAlignment", V1_2;
        /// Where it stands from top to bottom.
        vertical_alignment: VerticalAlignment = "verticalAlignment", V1_2;
    }
}

impl BackgroundImage {
    /// The image at this address.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::default() }
    }
}

text_or! {
    /// A background: the address of an image, or an image with all it needs.
    Background {
        /// The image at this address covers the place.
        Url,
        /// This image.
        Image(BackgroundImage)
    }
}
