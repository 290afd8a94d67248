//! The activity: one unit exchanged with the channel.

mod answer;
mod build;
mod kind;
mod look;

use serde_json::Value;

pub use kind::{ActivityKind, AttachmentLayout, DeliveryMode, Importance, InputHint, InstallAction, TextFormat};

use crate::wire::wire;
use crate::{
    ActivityId, Attachment, ChannelAccount, ConversationAccount, Entity, Reaction, ServiceUrl, SuggestedActions,
    TeamsChannelData,
};

wire! {
    /// One activity, inbound or outbound.
    ///
    /// To see what an inbound one tells, match on [`Activity::event`]. To write one, begin with
    /// [`Activity::plain`], [`Activity::markdown`] or [`Activity::adaptive_card`] and go on with the
    /// `with_` methods; every member may also be set by hand, over [`Activity::new`].
    ///
    /// Members without a field stay in `extra` and are written back unchanged, so a newer channel never
    /// loses data by passing through an older build. Those the protocol has and Teams does not use
    /// (`listenFor`, `textHighlights`, `semanticAction`, `code`, `label`, `legacy`) are among them.
    ///
    /// Source: microsoft/botframework-sdk, "Bot Framework -- Activity"; Microsoft Learn, "Send and receive
    /// messages".
    pub struct Activity {
        /// What happened. Kinds this version does not know round-trip verbatim; without a `type` it is
        /// `Other("")`.
        pub kind: ActivityKind => "type",
        /// Set by the channel; a bot never sets it.
        pub id: Option<ActivityId> => "id",
        /// When it happened: ISO 8601 with offset, as the channel wrote it.
        pub timestamp: Option<String> => "timestamp",
        /// The same on the person's own clock.
        pub local_timestamp: Option<String> => "localTimestamp",
        /// IANA time zone of the person's client.
        pub local_timezone: Option<String> => "localTimezone",
        /// Where replies go. A claim until inbound authentication has checked it.
        pub service_url: Option<ServiceUrl> => "serviceUrl",
        /// `msteams` for Teams.
        pub channel_id: Option<String> => "channelId",
        /// Who acted.
        pub from: Option<ChannelAccount> => "from",
        /// Whom it is for: the bot, on the way in. On the way out the one member who is to see a targeted
        /// message, else of no effect.
        pub recipient: Option<ChannelAccount> => "recipient",
        /// Where it happened.
        pub conversation: Option<ConversationAccount> => "conversation",
        /// What was written. In channels it contains the bot's own mention as `<at>Name</at>`.
        pub text: Option<String> => "text",
        /// How `text` is written.
        pub text_format: Option<TextFormat> => "textFormat",
        /// Language of the person's client (BCP 47).
        pub locale: Option<String> => "locale",
        /// Text of the toast and feed entry when the message is only a card.
        pub summary: Option<String> => "summary",
        /// What a voice would say; without effect in Teams.
        pub speak: Option<String> => "speak",
        /// Whether the bot waits for an answer; without a visible effect in Teams.
        pub input_hint: Option<InputHint> => "inputHint",
        /// Cards and files. Never together with `text`: Teams then posts two messages and returns no id.
        pub attachments: Vec<Attachment> => "attachments",
        /// How several attachments are laid out; a list when it is absent.
        pub attachment_layout: Option<AttachmentLayout> => "attachmentLayout",
        /// Buttons beside the box the person writes in.
        pub suggested_actions: Option<SuggestedActions> => "suggestedActions",
        /// Mentions, client facts and kinds this version does not know.
        pub entities: Vec<Entity> => "entities",
        /// What Teams adds.
        pub channel_data: Option<TeamsChannelData> => "channelData",
        /// The message a reply, reaction or button belongs to.
        pub reply_to_id: Option<ActivityId> => "replyToId",
        /// Payload of card submits, invokes and events.
        pub value: Option<Value> => "value",
        /// What sort of payload it is; rare on Teams.
        pub value_type: Option<String> => "valueType",
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
        /// New topic of the conversation. Of the protocol: Teams tells of renames in `channel_data`.
        pub topic_name: Option<String> => "topicName",
        /// Of the protocol; Teams does not use it.
        pub history_disclosed: Option<bool> => "historyDisclosed",
        /// How urgent it is.
        pub importance: Option<Importance> => "importance",
        /// How it is delivered and answered.
        pub delivery_mode: Option<DeliveryMode> => "deliveryMode",
        /// When it is no longer of interest: ISO 8601. Teams ignores it.
        pub expiration: Option<String> => "expiration",
        /// Another conversation this is about, as a [`ConversationReference`](crate::ConversationReference)
        /// that may lack parts.
        pub relates_to: Option<Value> => "relatesTo",
        /// Who calls the bot, as an SDK notes it after authentication. Never trust it: on the wire anybody
        /// can write it.
        pub caller_id: Option<String> => "callerId",
    }
}
