use std::fmt;

use serde::{Serialize, Serializer};

use crate::Mention;

/// A text and whom it mentions: of a message, or of an Adaptive Card.
///
/// A mention takes two things, a mark in the text and an entity beside it; Teams drops one without the
/// other. Here they are written together:
///
/// ```
/// use pregon_model::{Activity, ChannelAccount, MemberId, Text};
///
/// let ada = ChannelAccount::new(MemberId::new("29:1ada")).with_name("Ada");
/// let message = Activity::markdown(Text::new("Thanks, ").mention(&ada).and("!"));
/// let json = serde_json::to_value(&message)?;
/// assert_eq!(json["text"], "Thanks, <at>Ada</at>!");
/// assert_eq!(json["entities"][0]["text"], "<at>Ada</at>");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    pub(crate) text: String,
    pub(crate) mentions: Vec<Mention>,
}

impl Text {
    /// A text that mentions nobody yet.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), mentions: Vec::new() }
    }

    /// Goes on with a mention.
    #[must_use]
    pub fn mention(mut self, mention: impl Into<Mention>) -> Self {
        let mention = mention.into();
        self.text.push_str(mention.mark());
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
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
