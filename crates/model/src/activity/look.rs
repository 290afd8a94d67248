use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Activity;
use crate::{ChannelAccount, ChannelInfo, ClientInfo, ConversationId, Entity, EventType, Mention, TeamInfo, TenantId};

/// Looking into an activity.
impl Activity {
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

    /// Which change it reports: `channelData.eventType`.
    pub fn event_type(&self) -> Option<&EventType> {
        self.channel_data.as_ref()?.event_type.as_ref()
    }

    /// The client of the person who acted.
    pub fn client_info(&self) -> Option<&ClientInfo> {
        self.entities.iter().find_map(|entity| if let Entity::ClientInfo(info) = entity { Some(info) } else { None })
    }

    /// The payload of a card submit, invoke or event as a type of your own.
    ///
    /// # Errors
    ///
    /// There is no payload, or it is something else.
    pub fn value_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        T::deserialize(self.value.as_ref().unwrap_or(&Value::Null))
    }

    /// Who is named in the text.
    pub fn mentions(&self) -> impl Iterator<Item = &Mention> {
        self.entities.iter().filter_map(|entity| if let Entity::Mention(it) = entity { Some(it) } else { None })
    }

    /// Whether the account is the bot this activity came to; told by its id, never by its name.
    pub fn is_bot(&self, account: &ChannelAccount) -> bool {
        self.recipient.as_ref().is_some_and(|bot| bot.id.same_as(&account.id))
    }

    /// Whether the bot is named in the text: how a message in a channel is addressed to it.
    pub fn mentions_bot(&self) -> bool {
        self.mentions().any(|mention| self.is_bot(&mention.mentioned))
    }

    /// `text` without the mention of the recipient (the bot) and trimmed: what a command parser reads.
    pub fn text_without_bot_mention(&self) -> String {
        let mut text = self.text.clone().unwrap_or_default();
        for mention in self.mentions().filter(|mention| self.is_bot(&mention.mentioned)) {
            // An empty mark is found between any two letters.
            if !mention.text.is_empty() {
                text = text.replace(&mention.text, " ");
            }
        }
        text.trim().to_owned()
    }
}
