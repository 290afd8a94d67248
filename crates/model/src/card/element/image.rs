use serde_json::json;

use crate::card::schema::element;
use crate::card::{Action, ElementFallback, HorizontalAlignment, ImageSize, ImageStyle, Length, Requires, Spacing};

element! {
    /// An image: PNG, JPEG or GIF (not moving), at most 1024 × 1024 pixels and 1 MB.
    ///
    /// Source: Microsoft Learn, "Types of cards", *Inline card images*.
    Image = "Image", V1_0 {
        /// Where it is: https and no redirects, or a data URI.
        url: String = "url", V1_0 [required];
        /// What it shows, for those who do not see it.
        alt_text: String = "altText", V1_0;
        /// How large.
        size: ImageSize = "size", V1_0;
        /// How it is cut.
        style: ImageStyle = "style", V1_0;
        /// Width in pixels.
        width: Length = "width", V1_1;
        /// Behind its clear parts, as `#RRGGBB`.
        background_color: String = "backgroundColor", V1_1;
        /// Where it stands from left to right.
        horizontal_alignment: HorizontalAlignment = "horizontalAlignment", V1_0;
        /// What pressing it does.
        select_action: Action = "selectAction", V1_1;
    }
}

impl Image {
    /// The image at this address.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: Some(url.into()), ..Self::default() }
    }

    /// Lets people open it large.
    pub fn allow_expand(self) -> Self {
        self.with("msteams", json!({"allowExpand": true}))
    }
}

impl From<&str> for Image {
    fn from(url: &str) -> Self {
        Self::new(url)
    }
}

element! {
    /// Several images in a row, as in a gallery.
    ImageSet = "ImageSet", V1_0 {
        /// The images.
        images / image: [Image] = "images", V1_0 [shown];
        /// How large each is.
        image_size: ImageSize = "imageSize", V1_0;
    }
}

impl ImageSet {
    /// A set without images yet.
    pub fn new() -> Self {
        Self::default()
    }
}
