use serde::Serialize;
use serde_json::{Value, json};

use super::schema::{Part, Shape};
use crate::{Entity, Extra, MemberId, ObjectId};

/// Text of a [`TextBlock`](super::TextBlock) or [`Fact`](super::Fact), in the Markdown subset of
/// Teams, and whom it mentions.
///
/// A mention takes two things, a mark in the text and an entity of the card; Teams drops one without
/// the other. Here they are written together:
///
/// ```
/// use pregon_model::MemberId;
/// use pregon_model::card::{AdaptiveCard, Mention, Text};
///
/// let ada = Mention::member(&MemberId::new("29:1ada"), "Ada");
/// let card = AdaptiveCard::new().text(Text::new("Thanks, ").mention(ada).and("!"));
/// let json = serde_json::to_value(&card)?;
/// assert_eq!(json["body"][0]["text"], "Thanks, <at>Ada</at>!");
/// assert_eq!(json["msteams"]["entities"][0]["text"], "<at>Ada</at>");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    text: String,
    mentions: Vec<Mention>,
}

impl Text {
    /// A text that mentions nobody yet.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), mentions: Vec::new() }
    }

    /// Goes on with a mention: writes its mark, and its entity into the card.
    #[must_use]
    pub fn mention(mut self, mention: Mention) -> Self {
        self.text.push_str(&mention.mark());
        self.mentions.push(mention);
        self
    }

    /// Goes on with more text.
    #[must_use]
    pub fn and(mut self, more: &str) -> Self {
        self.text.push_str(more);
        self
    }

    /// The text as it goes on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl Part for Text {
    const SHAPE: Shape = Shape::Text;

    fn read(value: Value, depth: usize) -> Option<Self> {
        String::read(value, depth).map(Self::new)
    }

    fn mentions<'a>(&'a self, found: &mut Vec<&'a Mention>) {
        found.extend(&self.mentions);
    }
}

/// A person named so that they are notified. Channels and teams cannot be mentioned in a card.
///
/// Source: Microsoft Learn, "Format cards in Teams", *Mention support within Adaptive Cards*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    id: String,
    name: String,
}

impl Mention {
    /// Mentions a member as this bot knows them.
    pub fn member(id: &MemberId, name: impl Into<String>) -> Self {
        Self { id: id.as_str().to_owned(), name: name.into() }
    }

    /// Mentions a person by their Entra object id.
    pub fn object(id: &ObjectId, name: impl Into<String>) -> Self {
        Self { id: id.as_str().to_owned(), name: name.into() }
    }

    /// Mentions a person by their user principal name (`ada@contoso.com`).
    pub fn user_principal_name(upn: impl Into<String>, name: impl Into<String>) -> Self {
        Self { id: upn.into(), name: name.into() }
    }

    /// How the mention is written in the text.
    pub fn mark(&self) -> String {
        format!("<at>{}</at>", self.name)
    }

    /// The entity that makes the mark a mention.
    pub fn entity(&self) -> Entity {
        let mentioned = json!({"id": self.id, "name": self.name});
        let extra = Extra::from_iter([("text".to_owned(), self.mark().into()), ("mentioned".to_owned(), mentioned)]);
        Entity { kind: "mention".to_owned(), extra }
    }
}
