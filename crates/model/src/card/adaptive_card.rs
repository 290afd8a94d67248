use std::collections::HashSet;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::schema::{Part, object};
use super::{
    Action, Authentication, Background, CardVersion, CardWidth, Element, Length, Mention, Refresh, TeamsOptions,
    TextBlock, VerticalAlignment,
};
use crate::{Attachment, Entity, MemberId};

/// What the designer and editors know the schema by; the same for every version.
const SCHEMA: &str = "http://adaptivecards.io/schemas/adaptive-card.json";

object! {
    /// An Adaptive Card: what it shows, and the buttons below it.
    ///
    /// See the [module](super) for a walk through it. Begin with [`new`](AdaptiveCard::new): a default
    /// one names no version, as only the card of a [`ShowCard`](super::ShowCard) may.
    AdaptiveCard = "AdaptiveCard", V1_0 [by_hand] {
        /// Where the schema is.
        schema: String = "$schema", V1_0;
        /// Which version the card needs: a client that has none so new shows `fallbackText` instead.
        version: CardVersion = "version", V1_0;
        /// What a client shows that cannot show the card. Teams' toast and feed show the message's
        /// `summary`.
        fallback_text: String = "fallbackText", V1_0;
        /// What is read aloud; in Teams by the immersive reader only.
        speak: String = "speak", V1_0;
        /// Language of the card, ISO 639-1.
        lang: String = "lang", V1_0;
        /// What the card shows, from top to bottom.
        body / element: [Element] = "body", V1_0;
        /// The buttons below it; Teams may hide those after the sixth.
        actions / action: [Action] = "actions", V1_0;
        /// What pressing the card itself does.
        select_action: Action = "selectAction", V1_1;
        /// What is behind the card.
        background_image: Background = "backgroundImage", V1_0;
        /// How high the card is at least, in pixels.
        min_height: Length = "minHeight", V1_2;
        /// Where the content stands when the card is higher than it.
        vertical_content_alignment: VerticalAlignment = "verticalContentAlignment", V1_1;
        /// Whether it is read from right to left.
        rtl: bool = "rtl", V1_5;
        /// How it is brought up to date.
        refresh: Refresh = "refresh", V1_4;
        /// How the person is signed in when an action needs it.
        authentication: Authentication = "authentication", V1_4;
        /// What only Teams reads.
        msteams: TeamsOptions = "msteams", V1_0;
    }
}

impl AdaptiveCard {
    /// An empty card that will name the lowest version it can do with.
    pub fn new() -> Self {
        Self { schema: Some(SCHEMA.to_owned()), version: Some(CardVersion::Lowest), ..Self::default() }
    }

    /// Adds a heading: [`TextBlock::heading`].
    pub fn heading(self, text: impl Into<super::Text>) -> Self {
        self.element(TextBlock::heading(text))
    }

    /// As wide as there is room. Phones and side panels stay narrow: see that it fits there too.
    pub fn full_width(mut self) -> Self {
        self.msteams = Some(self.msteams.unwrap_or_default().width(CardWidth::FULL));
        self
    }

    /// Makes it a part of another card: such a one names no version of its own.
    pub(in crate::card) fn nested(self) -> Self {
        Self { schema: None, version: None, ..self }
    }

    /// With its version settled and the entities of all mentions in its texts.
    fn finished(&self) -> Self {
        let mut card = self.clone();
        card.version = Some(match self.version {
            Some(CardVersion::Exactly(version)) => version.into(),
            _ => self.since().into(),
        });
        let mut mentions = Vec::new();
        self.mentions(&mut mentions);
        let mut options = card.msteams.take().unwrap_or_default();
        let mut known: HashSet<_> = options.entities.iter().flatten().filter_map(key).collect();
        for mention in mentions.into_iter().map(Mention::entity) {
            if key(&mention).is_none_or(|key| known.insert(key)) {
                options = options.entity(mention);
            }
        }
        card.msteams = (options != TeamsOptions::default()).then_some(options);
        card
    }
}

/// What makes two mentions the same: the mark and the person.
fn key(entity: &Entity) -> Option<(String, MemberId)> {
    let Entity::Mention(mention) = entity else { return None };
    Some((mention.text.clone(), mention.mentioned.id.clone()))
}

impl Serialize for AdaptiveCard {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Without a version it is part of another card, which settles both.
        if self.version.is_some() { self.finished().write(serializer) } else { self.write(serializer) }
    }
}

impl From<AdaptiveCard> for Value {
    fn from(card: AdaptiveCard) -> Self {
        serde_json::to_value(card).expect("the keys of a card are texts")
    }
}

impl From<AdaptiveCard> for Attachment {
    fn from(card: AdaptiveCard) -> Self {
        Self::adaptive_card(card)
    }
}
