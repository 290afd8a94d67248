//! What an inbound activity tells, as one value to match on.

mod conversation_update;
mod named;

use serde_json::Value;

use crate::{
    Activity, ActivityId, ActivityKind, ChannelAccount, ChannelInfo, EventType, InstallAction, Invoke, MeetingEvent,
    MeetingParticipant, Reaction, TeamInfo,
};

/// One thing an activity tells. It borrows from the activity, which holds all else: who, where, when.
///
/// Most activities tell one thing ([`Activity::event`]); some tell more ([`Activity::events`]).
///
/// Source: Microsoft Learn, "Conversation events in your Teams bot".
///
/// ```
/// use pregon_model::{Activity, Event};
///
/// let activity: Activity = serde_json::from_str(r#"{
///     "type": "conversationUpdate", "recipient": {"id": "28:bot"},
///     "membersAdded": [{"id": "29:boris", "name": "Boris"}],
///     "channelData": {"eventType": "teamMemberAdded", "team": {"id": "19:team"}}
/// }"#)?;
/// match activity.event() {
///     Event::MembersAdded(people) => assert_eq!(people[0].id.as_str(), "29:boris"),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Somebody wrote: to the bot, or where the bot may read.
    Message,
    /// Somebody pressed a card's `Action.Submit`: its data together with the card's inputs.
    ///
    /// On the wire it is a message without text; `replyToId` names the card's message.
    Submitted(&'a Value),
    /// Somebody changed their message; `text` is the new one.
    MessageEdited,
    /// Somebody brought their deleted message back.
    MessageUndeleted,
    /// Somebody deleted their message.
    MessageDeleted,
    /// Somebody reacted to the message `replyToId`.
    ReactionsAdded(&'a [Reaction]),
    /// Somebody took back a reaction to the message `replyToId`.
    ReactionsRemoved(&'a [Reaction]),
    /// The app was installed where the conversation says. `BotAdded` tells the same, in either order.
    Installed {
        /// It was there; an upgrade brought the bot along. No reason for a second welcome.
        upgrade: bool,
    },
    /// The app was taken away: whatever is sent there from now on fails.
    Uninstalled {
        /// It is still there; an upgrade took the bot away.
        upgrade: bool,
    },
    /// The bot itself is among the members now. Told by its id, never by its name.
    BotAdded,
    /// The bot itself is a member no longer.
    BotRemoved,
    /// Others than the bot came into the team or chat.
    MembersAdded(Vec<&'a ChannelAccount>),
    /// Others than the bot left the team or chat, or the organisation.
    MembersRemoved(Vec<&'a ChannelAccount>),
    /// Others than the bot came into a private or shared channel.
    ChannelMembersAdded {
        /// The channel.
        channel: &'a ChannelInfo,
        /// Who came.
        members: Vec<&'a ChannelAccount>,
    },
    /// Others than the bot left a private or shared channel.
    ChannelMembersRemoved {
        /// The channel.
        channel: &'a ChannelInfo,
        /// Who left.
        members: Vec<&'a ChannelAccount>,
    },
    /// A channel was made.
    ChannelCreated(&'a ChannelInfo),
    /// A channel has a new name.
    ChannelRenamed(&'a ChannelInfo),
    /// A channel was deleted; it may be restored.
    ChannelDeleted(&'a ChannelInfo),
    /// A deleted channel is back.
    ChannelRestored(&'a ChannelInfo),
    /// A channel was shared.
    ChannelShared {
        /// The channel.
        channel: &'a ChannelInfo,
        /// The teams that see it now.
        with: &'a [TeamInfo],
    },
    /// A channel is no longer shared.
    ChannelUnshared {
        /// The channel.
        channel: &'a ChannelInfo,
        /// The teams that see it no longer.
        from: &'a [TeamInfo],
    },
    /// A team has a new name.
    TeamRenamed(&'a TeamInfo),
    /// A team is read-only from now on.
    TeamArchived(&'a TeamInfo),
    /// An archived team can be written to again.
    TeamUnarchived(&'a TeamInfo),
    /// A deleted team is back.
    TeamRestored(&'a TeamInfo),
    /// A team was deleted; it may be restored.
    TeamDeleted(&'a TeamInfo),
    /// A team is gone for good.
    TeamHardDeleted(&'a TeamInfo),
    /// The person has read the bot's messages up to this one.
    ReadReceipt {
        /// The last message read; ids that are numbers are in the order of sending.
        last_read: ActivityId,
    },
    /// A meeting began.
    MeetingStarted(MeetingEvent<'a>),
    /// A meeting ended.
    MeetingEnded(MeetingEvent<'a>),
    /// People came into a meeting.
    MeetingParticipantsJoined(Vec<MeetingParticipant>),
    /// People left a meeting.
    MeetingParticipantsLeft(Vec<MeetingParticipant>),
    /// Somebody is writing.
    Typing,
    /// The other side says that the conversation is over.
    EndOfConversation,
    /// A request that waits for its answer in the HTTP response.
    Invoke(Invoke<'a>),
    /// A change or a named event without a variant here, or without the object it should be about.
    OtherEvent(&'a str),
    /// An activity of a kind without a variant here. It is answered with 200 all the same.
    Other(&'a ActivityKind),
}

impl Activity {
    /// What this activity tells; when it tells several things, the first of [`Activity::events`].
    pub fn event(&self) -> Event<'_> {
        self.events().next().unwrap_or(Event::Other(&self.kind))
    }

    /// All this activity tells, at least one thing. It is more than one when
    ///
    /// - the bot is among the members that came or left: `BotAdded`, then `MembersAdded` with the
    ///   others (an install in a personal chat names both the bot and the person);
    /// - reactions were both added and removed: `ReactionsAdded`, then `ReactionsRemoved`;
    /// - members came and left, or another change is reported along with them: members first.
    pub fn events(&self) -> impl Iterator<Item = Event<'_>> {
        let told = match &self.kind {
            ActivityKind::ConversationUpdate => self.conversation_update(),
            ActivityKind::MessageReaction => self.reactions(),
            _ => vec![self.only_event()],
        };
        let nothing = told.is_empty().then_some(Event::Other(&self.kind));
        told.into_iter().chain(nothing)
    }

    fn only_event(&self) -> Event<'_> {
        match &self.kind {
            ActivityKind::Message => self.submitted().map_or(Event::Message, Event::Submitted),
            ActivityKind::MessageUpdate => match self.event_type() {
                Some(EventType::UndeleteMessage) => Event::MessageUndeleted,
                _ => Event::MessageEdited,
            },
            ActivityKind::MessageDelete => Event::MessageDeleted,
            ActivityKind::InstallationUpdate => match &self.action {
                Some(InstallAction::Add) => Event::Installed { upgrade: false },
                Some(InstallAction::AddUpgrade) => Event::Installed { upgrade: true },
                Some(InstallAction::Remove) => Event::Uninstalled { upgrade: false },
                Some(InstallAction::RemoveUpgrade) => Event::Uninstalled { upgrade: true },
                Some(InstallAction::Other(_)) | None => Event::Other(&self.kind),
            },
            ActivityKind::Event => self.named_event(),
            ActivityKind::Typing => Event::Typing,
            ActivityKind::EndOfConversation => Event::EndOfConversation,
            ActivityKind::Invoke => Event::Invoke(Invoke::read(self)),
            other => Event::Other(other),
        }
    }

    /// A button's data: a message that says nothing but has a value. What a button makes the person
    /// say (`messageBack`) has both, and is a message.
    fn submitted(&self) -> Option<&Value> {
        let is_silent = self.text.as_deref().is_none_or(|text| text.trim().is_empty());
        self.value.as_ref().filter(|value| is_silent && !value.is_null())
    }

    fn reactions(&self) -> Vec<Event<'_>> {
        let mut told = Vec::new();
        if !self.reactions_added.is_empty() {
            told.push(Event::ReactionsAdded(&self.reactions_added));
        }
        if !self.reactions_removed.is_empty() {
            told.push(Event::ReactionsRemoved(&self.reactions_removed));
        }
        told
    }
}
