//! Cards, images and files of an activity.

mod action;
mod cards;
mod connector_card;
mod constructors;
mod files;
mod list_card;
mod receipt;
mod sign_in;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use action::{CardAction, CardActionKind, SuggestedActions};
pub use cards::{CardImage, HeroCard};
pub use connector_card::O365ConnectorCard;
pub use files::{FileConsentCard, FileDownloadInfo, FileInfo};
pub use list_card::{ListCard, ListItem};
pub use receipt::{Fact, ReceiptCard, ReceiptItem};
pub use sign_in::{OAuthCard, SigninCard, TokenExchangeResource, TokenPostResource};

use crate::wire::wire;

wire! {
    /// A card, image or file of an activity.
    ///
    /// Source: Microsoft Learn, "Types of cards".
    #[derive(Default)]
    pub struct Attachment {
        /// What it is, for example [`Attachment::ADAPTIVE_CARD`].
        pub content_type: String => "contentType",
        /// The card itself: an object, or a string for `text/html`.
        pub content: Option<Value> => "content",
        /// Where the file or image is; an image may be a data URI.
        pub content_url: Option<String> => "contentUrl",
        /// Name of the file.
        pub name: Option<String> => "name",
        /// A small picture of it.
        pub thumbnail_url: Option<String> => "thumbnailUrl",
    }
}

impl Attachment {
    /// Content type of an Adaptive Card.
    pub const ADAPTIVE_CARD: &'static str = "application/vnd.microsoft.card.adaptive";
    /// Content type of a hero card: a large picture, text and buttons.
    pub const HERO_CARD: &'static str = "application/vnd.microsoft.card.hero";
    /// Content type of a thumbnail card: a small picture, text and buttons.
    pub const THUMBNAIL_CARD: &'static str = "application/vnd.microsoft.card.thumbnail";
    /// Content type of a receipt.
    pub const RECEIPT_CARD: &'static str = "application/vnd.microsoft.card.receipt";
    /// Content type of a card with a link to sign in.
    pub const SIGNIN_CARD: &'static str = "application/vnd.microsoft.card.signin";
    /// Content type of a card that signs in through the bot's OAuth connection.
    pub const OAUTH_CARD: &'static str = "application/vnd.microsoft.card.oauth";
    /// Content type of a list of things.
    pub const LIST_CARD: &'static str = "application/vnd.microsoft.teams.card.list";
    /// Content type of a connector card, the older kind of card.
    pub const O365_CONNECTOR_CARD: &'static str = "application/vnd.microsoft.teams.card.o365connector";
    /// Content type of the question whether the bot may send a file.
    pub const FILE_CONSENT: &'static str = "application/vnd.microsoft.teams.file.consent";
    /// Content type of a file the bot has sent.
    pub const FILE_INFO: &'static str = "application/vnd.microsoft.teams.file.info";
    /// Content type of a file somebody sent to the bot.
    pub const FILE_DOWNLOAD_INFO: &'static str = "application/vnd.microsoft.teams.file.download.info";
    /// Content type of rich text: what somebody wrote, with its formatting.
    pub const HTML: &'static str = "text/html";

    /// Whether the content is of this type; types compare without regard to case.
    pub fn is(&self, content_type: &str) -> bool {
        self.content_type.eq_ignore_ascii_case(content_type)
    }

    /// The content as a card or other type of this crate, or one of your own.
    ///
    /// # Errors
    ///
    /// There is no content, or it is something else; the error names the member at fault.
    pub fn content_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(self.content.as_ref().unwrap_or(&Value::Null))
    }

    /// What somebody wrote, as HTML, when this is that.
    pub fn html_text(&self) -> Option<&str> {
        self.content.as_ref().filter(|_| self.is(Self::HTML))?.as_str()
    }

    /// Where to get the file somebody sent, when this is one.
    pub fn download(&self) -> Option<FileDownloadInfo> {
        if self.is(Self::FILE_DOWNLOAD_INFO) { self.content_as().ok() } else { None }
    }
}
