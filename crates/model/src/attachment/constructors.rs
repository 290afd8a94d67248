use serde::Serialize;
use serde_json::Value;

use super::{
    Attachment, FileConsentCard, FileInfo, HeroCard, ListCard, O365ConnectorCard, OAuthCard, ReceiptCard, SigninCard,
};

/// One constructor for each kind of attachment that Teams shows.
impl Attachment {
    /// An Adaptive Card from its JSON, or from an [`AdaptiveCard`](crate::card::AdaptiveCard).
    pub fn adaptive_card(card: impl Into<Value>) -> Self {
        Self { content: Some(card.into()), ..Self::of_type(Self::ADAPTIVE_CARD) }
    }

    /// A hero card: a large picture, text and up to six buttons.
    pub fn hero(card: &HeroCard) -> Self {
        Self::holding(Self::HERO_CARD, card)
    }

    /// A thumbnail card: the same with a small picture.
    pub fn thumbnail(card: &HeroCard) -> Self {
        Self::holding(Self::THUMBNAIL_CARD, card)
    }

    /// A receipt.
    pub fn receipt(card: &ReceiptCard) -> Self {
        Self::holding(Self::RECEIPT_CARD, card)
    }

    /// A card with a link to sign in; works best in a personal chat.
    pub fn signin(card: &SigninCard) -> Self {
        Self::holding(Self::SIGNIN_CARD, card)
    }

    /// A card that signs in through the bot's OAuth connection; works best in a personal chat.
    pub fn oauth(card: &OAuthCard) -> Self {
        Self::holding(Self::OAUTH_CARD, card)
    }

    /// A list of things with a title and buttons.
    pub fn list(card: &ListCard) -> Self {
        Self::holding(Self::LIST_CARD, card)
    }

    /// A connector card, the older kind of card.
    pub fn o365_connector(card: &O365ConnectorCard) -> Self {
        Self::holding(Self::O365_CONNECTOR_CARD, card)
    }

    /// Asks whether the bot may send a file of this name. The answer is the invoke `fileConsent/invoke`.
    pub fn file_consent(file_name: impl Into<String>, card: &FileConsentCard) -> Self {
        Self { name: Some(file_name.into()), ..Self::holding(Self::FILE_CONSENT, card) }
    }

    /// Shows a file that was uploaded: name and address as the consent's answer gave them.
    pub fn file_info(file_name: impl Into<String>, content_url: impl Into<String>, info: &FileInfo) -> Self {
        let (content_url, name) = (Some(content_url.into()), Some(file_name.into()));
        Self { content_url, name, ..Self::holding(Self::FILE_INFO, info) }
    }

    /// A picture: `image/png`, `image/jpeg` or `image/gif` (not animated), at most 1024 × 1024 pixels and
    /// 1 MB, by an https address that does not redirect or as a data URI.
    pub fn image(content_type: impl Into<String>, content_url: impl Into<String>) -> Self {
        Self { content_url: Some(content_url.into()), ..Self::of_type(content_type) }
    }

    /// Rich text as HTML: what Teams puts beside the text of a message.
    pub fn html(html: impl Into<String>) -> Self {
        Self { content: Some(Value::String(html.into())), ..Self::of_type(Self::HTML) }
    }

    fn of_type(content_type: impl Into<String>) -> Self {
        Self { content_type: content_type.into(), ..Self::default() }
    }

    fn holding(content_type: &str, content: &impl Serialize) -> Self {
        // An object whose keys are text is always written, so there is no error to lose.
        Self { content: serde_json::to_value(content).ok(), ..Self::of_type(content_type) }
    }
}
