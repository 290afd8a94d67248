use serde_json::Value;

use super::{Activity, ActivityKind, AttachmentLayout, DeliveryMode, Importance, TextFormat};
use crate::wire::Wire as _;
use crate::{ActivityId, AiLabel, Attachment, Entity, Mention, NotificationInfo, OnBehalfOf, SuggestedActions, Text};

/// Writing an activity.
impl Activity {
    /// An activity of `kind` with nothing else set.
    pub fn new(kind: ActivityKind) -> Self {
        Self { kind, ..Self::absent() }
    }

    /// A text message; the format is always explicit because Teams and the specification disagree
    /// on the default.
    pub fn text(text: impl Into<Text>, format: TextFormat) -> Self {
        let Text { text, mentions } = text.into();
        Self {
            text: Some(text),
            text_format: Some(format),
            entities: mentions.into_iter().map(Entity::Mention).collect(),
            ..Self::new(ActivityKind::Message)
        }
    }

    /// A message whose text is shown as it is.
    pub fn plain(text: impl Into<Text>) -> Self {
        Self::text(text, TextFormat::Plain)
    }

    /// A message in the Markdown subset of Teams.
    pub fn markdown(text: impl Into<Text>) -> Self {
        Self::text(text, TextFormat::Markdown)
    }

    /// A message that is one Adaptive Card, from its JSON or from an
    /// [`AdaptiveCard`](crate::card::AdaptiveCard); `summary` is what the toast and the feed show.
    pub fn adaptive_card(card: impl Into<Value>, summary: impl Into<String>) -> Self {
        Self::attachment(Attachment::adaptive_card(card)).with_summary(summary)
    }

    /// A message that is one attachment.
    pub fn attachment(attachment: Attachment) -> Self {
        Self { attachments: vec![attachment], ..Self::new(ActivityKind::Message) }
    }

    /// Shows for a moment that the bot is writing.
    pub fn typing() -> Self {
        Self::new(ActivityKind::Typing)
    }

    /// The text of the toast and the feed entry, when the message is only a card.
    #[must_use]
    pub fn with_summary(self, summary: impl Into<String>) -> Self {
        Self { summary: Some(summary.into()), ..self }
    }

    /// Goes on with a mention: its mark at the end of the text, and its entity.
    #[must_use]
    pub fn with_mention(mut self, mention: impl Into<Mention>) -> Self {
        let mention = mention.into();
        self.text.get_or_insert_default().push_str(mention.mark());
        self.entities.push(Entity::Mention(mention));
        self
    }

    /// Goes on with more text.
    #[must_use]
    pub fn with_more_text(mut self, text: &str) -> Self {
        self.text.get_or_insert_default().push_str(text);
        self
    }

    /// One more card, image or file.
    #[must_use]
    pub fn with_attachment(mut self, attachment: Attachment) -> Self {
        self.attachments.push(attachment);
        self
    }

    /// How several attachments are laid out.
    #[must_use]
    pub fn with_layout(self, layout: AttachmentLayout) -> Self {
        Self { attachment_layout: Some(layout), ..self }
    }

    /// Buttons beside the box the person writes in; only in personal chats.
    #[must_use]
    pub fn with_suggested_actions(self, actions: SuggestedActions) -> Self {
        Self { suggested_actions: Some(actions), ..self }
    }

    /// How urgent the message is.
    #[must_use]
    pub fn with_importance(self, importance: Importance) -> Self {
        Self { importance: Some(importance), ..self }
    }

    /// How it is delivered and answered.
    #[must_use]
    pub fn with_delivery_mode(self, mode: DeliveryMode) -> Self {
        Self { delivery_mode: Some(mode), ..self }
    }

    /// Raises a notification: a toast, and an entry in the person's activity feed.
    #[must_use]
    pub fn with_alert(mut self) -> Self {
        let data = self.channel_data.get_or_insert_default();
        data.notification.get_or_insert_with(NotificationInfo::default).alert = Some(true);
        self
    }

    /// Shows the message in somebody's name, with the bot's beside it.
    #[must_use]
    pub fn with_on_behalf_of(mut self, whom: OnBehalfOf) -> Self {
        self.channel_data.get_or_insert_default().on_behalf_of = vec![whom];
        self
    }

    /// Shows thumbs up and down below the message; they come back as the invoke `message/submitAction`.
    #[must_use]
    pub fn with_feedback(mut self) -> Self {
        self.channel_data.get_or_insert_default().feedback_loop_enabled = Some(true);
        self
    }

    /// Says that a machine wrote the message.
    #[must_use]
    pub fn with_ai_label(mut self, label: AiLabel) -> Self {
        self.entities.push(Entity::AiLabel(label));
        self
    }

    /// The language the message is in (BCP 47).
    #[must_use]
    pub fn with_locale(self, locale: impl Into<String>) -> Self {
        Self { locale: Some(locale.into()), ..self }
    }

    /// Names the message this one belongs to. In a chat it only quotes; in a channel the conversation's
    /// id decides on the thread.
    #[must_use]
    pub fn in_reply_to(self, id: ActivityId) -> Self {
        Self { reply_to_id: Some(id), ..self }
    }
}
