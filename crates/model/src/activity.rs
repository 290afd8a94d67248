use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ActivityId, ActivityKind, ChannelAccount, ChannelInfo, ConversationAccount, ConversationReference, Extra,
    InstallAction, Reaction, ServiceUrl, TeamInfo, TeamsChannelData, TenantId, TextFormat, null_as_default,
};

/// One activity, inbound or outbound.
///
/// Fields without a name here stay in `extra` and are written back unchanged, so a newer channel
/// never loses data by passing through an older build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// What happened. Kinds this version does not know round-trip verbatim.
    #[serde(rename = "type")]
    pub kind: ActivityKind,
    /// Set by the channel; a bot never sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<ActivityId>,
    /// When it happened: ISO 8601 with offset, as the channel wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// Where replies go. A claim until inbound authentication has checked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_url: Option<ServiceUrl>,
    /// `msteams` for Teams.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<String>,
    /// Who acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ChannelAccount>,
    /// Whom it is for: the bot, on the way in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<ChannelAccount>,
    /// Where it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationAccount>,
    /// What was written. In channels it contains the bot's own mention as `<at>Name</at>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How `text` is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_format: Option<TextFormat>,
    /// Language of the person's client (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// IANA time zone of the person's client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_timezone: Option<String>,
    /// Text of the toast and feed entry when the message is only a card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Cards and files. Never together with `text`: Teams then posts two messages and returns no id.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Mentions, client facts and kinds this version does not know.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<Entity>,
    /// What Teams adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_data: Option<TeamsChannelData>,
    /// The message a reply, reaction or button belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to_id: Option<ActivityId>,
    /// Payload of card submits, invokes and events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Operation of an invoke or event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What happened to the installation; only on `installationUpdate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<InstallAction>,
    /// Who joined; only on `conversationUpdate`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub members_added: Vec<ChannelAccount>,
    /// Who left; only on `conversationUpdate`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub members_removed: Vec<ChannelAccount>,
    /// How somebody answered a message; only on `messageReaction`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub reactions_added: Vec<Reaction>,
    /// What somebody took back; only on `messageReaction`.
    #[serde(default, deserialize_with = "null_as_default", skip_serializing_if = "Vec::is_empty")]
    pub reactions_removed: Vec<Reaction>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
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
        from_data.or_else(|| self.conversation.as_ref().and_then(|conversation| conversation.tenant_id.as_ref()))
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

/// A card, image or file of an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// What the content is, for example [`Attachment::ADAPTIVE_CARD`].
    pub content_type: String,
    /// The card itself: an object, or a string for `text/html`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Value>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Attachment {
    /// Content type of an Adaptive Card.
    pub const ADAPTIVE_CARD: &'static str = "application/vnd.microsoft.card.adaptive";

    /// An Adaptive Card from its JSON.
    pub fn adaptive_card(card: Value) -> Self {
        Self { content_type: Self::ADAPTIVE_CARD.to_owned(), content: Some(card), extra: Extra::new() }
    }
}

/// Something said about an activity: a mention, the client, an AI label …
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// `mention`, `clientInfo` or a kind this version does not know.
    #[serde(rename = "type")]
    pub kind: String,
    /// The entity's own members.
    #[serde(flatten)]
    pub extra: Extra,
}
