use std::fmt;

use serde::{Serialize, Serializer};

/// Something Teams will not do with a card as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// Where, as a JSON pointer (RFC 6901) into what was checked. Of a missing member, the object
    /// that lacks it.
    pub at: String,
    /// Which rule.
    pub rule: Rule,
    /// What it means for who looks at the card.
    pub severity: Severity,
    /// What is wrong, and what to do: one or two sentences.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = if self.at.is_empty() { "card" } else { &self.at };
        write!(f, "{place}: {} ({})", self.message, self.rule)
    }
}

/// What a finding means for who looks at the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Severity {
    /// The card is shown as written, and could be shown to more people or be of more use.
    Advice,
    /// Teams leaves this part out, or shows it otherwise than written.
    NotShown,
    /// Teams takes no such message, or some of its clients show an error or `fallbackText` instead of
    /// the card.
    Rejected,
}

/// Declares the rules: their names, their codes, and what each is about.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $code:literal,)+) => {
        /// What a [`Finding`] is about. Its code is stable: programs may go by it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[$doc])* $rule,)+
        }

        impl Rule {
            /// Every rule there is.
            pub const ALL: &[Self] = &[$(Self::$rule,)+];

            /// The rule's stable name.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$rule => $code,)+
                }
            }
        }
    };
}

rules! {
    /// It is no object of type `AdaptiveCard`.
    NotACard = "not_a_card",
    /// The card, or the attachment it is in, has a `contentUrl`.
    ContentUrl = "content_url",
    /// The version is newer than 1.5, or no version.
    UnsupportedVersion = "unsupported_version",
    /// The version is newer than 1.4, which older clients do not know.
    RecentVersion = "recent_version",
    /// An element, action, member or value is newer than the version the card names.
    NewerThanVersion = "newer_than_version",
    /// A member that is needed is not there.
    MissingMember = "missing_member",
    /// A member has another JSON type than it must have.
    WrongType = "wrong_type",
    /// No element of this type.
    UnknownElement = "unknown_element",
    /// No action of this type.
    UnknownAction = "unknown_action",
    /// Teams has this element or action, but the schema up to 1.5 does not.
    TeamsOnly = "teams_only",
    /// `Media`.
    Media = "media",
    /// A `positive` or `destructive` style.
    ActionStyle = "action_style",
    /// HTML in a text.
    Html = "html",
    /// Markdown that Teams does not show in cards.
    Markdown = "markdown",
    /// A template's expression that nobody expanded.
    Template = "template",
    /// A `ShowCard` within the card of another.
    NestedShowCard = "nested_show_card",
    /// A `ShowCard` where only a press is possible.
    ShowCardOnPress = "show_card_on_press",
    /// More than six buttons in a row.
    TooManyActions = "too_many_actions",
    /// A link that no client opens.
    BadLink = "bad_link",
    /// A link that is not encrypted.
    InsecureLink = "insecure_link",
    /// An image that is not fetched over https.
    InsecureImage = "insecure_image",
    /// An image written into the card that is over 1 MB.
    ImageTooLarge = "image_too_large",
    /// Two elements of the same id.
    DuplicateId = "duplicate_id",
    /// A choice set without choices.
    NoChoices = "no_choices",
    /// An `Execute` without a verb.
    NoVerb = "no_verb",
    /// An `Execute` without a fallback for older clients.
    NoFallback = "no_fallback",
    /// No `fallbackText`.
    NoFallbackText = "no_fallback_text",
    /// More than 60 people in `refresh.userIds`.
    TooManyUserIds = "too_many_user_ids",
    /// A mention whose mark occurs in no text.
    MentionNotInText = "mention_not_in_text",
    /// A mention of a channel or team.
    ChannelMention = "channel_mention",
    /// A mark `<at>…</at>` that no entity makes a mention.
    MarkWithoutMention = "mark_without_mention",
    /// The message is too large.
    TooLarge = "too_large",
    /// It is nested too deeply.
    TooDeep = "too_deep",
    /// A message with both text and attachments.
    TextBesideAttachment = "text_beside_attachment",
    /// A message of cards alone without a `summary`.
    NoSummary = "no_summary",
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
