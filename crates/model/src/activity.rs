use crate::wire::wire;
use serde_json::Value;

use crate::{
    ActivityId, ActivityKind, ChannelAccount, ChannelInfo, ConversationAccount, ConversationId, ConversationReference,
    Extra, InstallAction, Reaction, ServiceUrl, TeamInfo, TeamsChannelData, TenantId, TextFormat,
};

wire! {
    /// One activity, inbound or outbound.
    ///
    /// Fields without a name here stay in `extra` and are written back unchanged, so a newer channel
    /// never loses data by passing through an older build.
    pub struct Activity {
        /// What happened. Kinds this version does not know round-trip verbatim.
        pub kind: ActivityKind => "type",
        /// Set by the channel; a bot never sets it.
        pub id: Option<ActivityId> => "id",
        /// When it happened: ISO 8601 with offset, as the channel wrote it.
        pub timestamp: Option<String> => "timestamp",
        /// Where replies go. A claim until inbound authentication has checked it.
        pub service_url: Option<ServiceUrl> => "serviceUrl",
        /// `msteams` for Teams.
        pub channel_id: Option<String> => "channelId",
        /// Who acted.
        pub from: Option<ChannelAccount> => "from",
        /// Whom it is for: the bot, on the way in.
        pub recipient: Option<ChannelAccount> => "recipient",
        /// Where it happened.
        pub conversation: Option<ConversationAccount> => "conversation",
        /// What was written. In channels it contains the bot's own mention as `<at>Name</at>`.
        pub text: Option<String> => "text",
        /// How `text` is written.
        pub text_format: Option<TextFormat> => "textFormat",
        /// Language of the person's client (BCP 47).
        pub locale: Option<String> => "locale",
        /// IANA time zone of the person's client.
        pub local_timezone: Option<String> => "localTimezone",
        /// Text of the toast and feed entry when the message is only a card.
        pub summary: Option<String> => "summary",
        /// Cards and files. Never together with `text`: Teams then posts two messages and returns no id.
        pub attachments: Vec<Attachment> => "attachments",
        /// Mentions, client facts and kinds this version does not know.
        pub entities: Vec<Entity> => "entities",
        /// What Teams adds.
        pub channel_data: Option<TeamsChannelData> => "channelData",
        /// The message a reply, reaction or button belongs to.
        pub reply_to_id: Option<ActivityId> => "replyToId",
        /// Payload of card submits, invokes and events.
        pub value: Option<Value> => "value",
        /// Operation of an invoke or event.
        pub name: Option<String> => "name",
        /// What happened to the installation; only on `installationUpdate`.
        pub action: Option<InstallAction> => "action",
        /// Who joined; only on `conversationUpdate`.
        pub members_added: Vec<ChannelAccount> => "membersAdded",
        /// Who left; only on `conversationUpdate`.
        pub members_removed: Vec<ChannelAccount> => "membersRemoved",
        /// How somebody answered a message; only on `messageReaction`.
        pub reactions_added: Vec<Reaction> => "reactionsAdded",
        /// What somebody took back; only on `messageReaction`.
        pub reactions_removed: Vec<Reaction> => "reactionsRemoved",
    }
}

impl Activity {
    /// An activity of `kind` with nothing else set.
    pub fn new(kind: ActivityKind) -> Self {
        Self {
            kind,
            id: None,
            timestamp: None,
            service_url: None,
            channel_id: None,
            from: None,
            recipient: None,
            conversation: None,
            text: None,
            text_format: None,
            locale: None,
            local_timezone: None,
            summary: None,
            attachments: Vec::new(),
            entities: Vec::new(),
            channel_data: None,
            reply_to_id: None,
            value: None,
            name: None,
            action: None,
            members_added: Vec::new(),
            members_removed: Vec::new(),
            reactions_added: Vec::new(),
            reactions_removed: Vec::new(),
            extra: Extra::new(),
        }
    }

    /// A text message; the format is always explicit because Teams and the specification disagree
    /// on the default.
    pub fn text(text: impl Into<String>, format: TextFormat) -> Self {
        Self { text: Some(text.into()), text_format: Some(format), ..Self::new(ActivityKind::Message) }
    }

    /// A message that is one Adaptive Card; `summary` is what the toast and the feed show.
    pub fn adaptive_card(card: Value, summary: impl Into<String>) -> Self {
        Self {
            summary: Some(summary.into()),
            attachments: vec![Attachment::adaptive_card(card)],
            ..Self::new(ActivityKind::Message)
        }
    }

    /// The tenant: `channelData.tenant.id`, else the conversation's.
    pub fn tenant_id(&self) -> Option<&TenantId> {
        let from_data = self.channel_data.as_ref().and_then(|data| data.tenant.as_ref()).map(|tenant| &tenant.id);
        let from_conversation = || self.conversation.as_ref()?.tenant_id.as_ref();
        from_data.filter(|id| !id.is_empty()).or_else(from_conversation).filter(|id| !id.is_empty())
    }

    /// The conversation, with its thread part: where an answer goes.
    pub fn conversation_id(&self) -> Option<&ConversationId> {
        self.conversation.as_ref().map(|conversation| &conversation.id).filter(|id| !id.is_empty())
    }

    /// The team it belongs to, where Teams names one.
    pub fn team_info(&self) -> Option<&TeamInfo> {
        self.channel_data.as_ref()?.team.as_ref()
    }

    /// The channel it happened in or is about, where Teams names one.
    pub fn channel_info(&self) -> Option<&ChannelInfo> {
        self.channel_data.as_ref()?.channel.as_ref()
    }

    /// Whether the account is the bot this activity came to; told by its id, never by its name.
    pub fn is_bot(&self, account: &ChannelAccount) -> bool {
        self.recipient.as_ref().is_some_and(|bot| bot.id.same_as(&account.id))
    }

    /// The address of this activity's conversation, to be stored and continued later.
    ///
    /// `None` when the activity names no service URL or no conversation.
    pub fn reference(&self) -> Option<ConversationReference> {
        self.conversation_id()?;
        Some(ConversationReference {
            activity_id: self.id.clone(),
            user: self.from.clone(),
            bot: self.recipient.clone(),
            conversation: self.conversation.clone()?,
            channel_id: self.channel_id.clone(),
            service_url: self.service_url.clone()?,
            locale: self.locale.clone(),
            extra: Extra::new(),
        })
    }

    /// `text` without the mention of the recipient (the bot) and trimmed: what a command parser reads.
    pub fn text_without_bot_mention(&self) -> String {
        let mut text = self.text.clone().unwrap_or_default();
        if let Some(bot) = &self.recipient {
            for entity in &self.entities {
                let mentioned = entity.extra.get("mentioned").and_then(|m| m.get("id")).and_then(Value::as_str);
                if let (Some(id), Some(mark)) = (mentioned, entity.extra.get("text").and_then(Value::as_str))
                    && id == bot.id.as_str()
                {
                    text = text.replace(mark, " ");
                }
            }
        }
        text.trim().to_owned()
    }
}

wire! {
    /// A card, image or file of an activity.
    pub struct Attachment {
        /// What the content is, for example [`Attachment::ADAPTIVE_CARD`].
        pub content_type: String => "contentType",
        /// The card itself: an object, or a string for `text/html`.
        pub content: Option<Value> => "content",
    }
}

impl Attachment {
    /// Content type of an Adaptive Card.
    pub const ADAPTIVE_CARD: &'static str = "application/vnd.microsoft.card.adaptive";

    /// An Adaptive Card from its JSON.
    pub fn adaptive_card(card: Value) -> Self {
        Self { content_type: Self::ADAPTIVE_CARD.to_owned(), content: Some(card), extra: Extra::new() }
    }
}

wire! {
    /// Something said about an activity: a mention, the client, an AI label …
    pub struct Entity {
        /// `mention`, `clientInfo` or a kind this version does not know.
        pub kind: String => "type",
    }
}
