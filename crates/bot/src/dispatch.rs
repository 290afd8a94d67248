//! From what an activity tells to the method that takes it.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pregon_model::{Event, Invoke, InvokeAnswer};

use crate::{Handler, Turn, TurnResult};

/// A [`Handler`] whose type is forgotten, so that a [`Bot`](crate::Bot) has no type parameter.
pub(crate) trait Dispatch: Send + Sync {
    /// Calls one method for each event. What is no invoke is answered empty.
    fn dispatch<'a>(&'a self, turn: &'a Turn) -> BoxFuture<'a, TurnResult<InvokeAnswer>>;
}

impl<H: Handler> Dispatch for H {
    fn dispatch<'a>(&'a self, turn: &'a Turn) -> BoxFuture<'a, TurnResult<InvokeAnswer>> {
        async move {
            for event in turn.activity().events() {
                if let Event::Invoke(asked) = &event {
                    return invoke(self, turn, asked).await;
                }
                tell(self, turn, &event).await?;
            }
            Ok(InvokeAnswer::empty())
        }
        .boxed()
    }
}

async fn tell(to: &impl Handler, turn: &Turn, event: &Event<'_>) -> TurnResult {
    match event {
        Event::Message => to.message(turn).await,
        Event::Submitted(data) => to.submitted(turn, data).await,
        Event::MessageEdited => to.message_edited(turn).await,
        Event::MessageUndeleted => to.message_undeleted(turn).await,
        Event::MessageDeleted => to.message_deleted(turn).await,
        Event::ReactionsAdded(reactions) => to.reactions_added(turn, reactions).await,
        Event::ReactionsRemoved(reactions) => to.reactions_removed(turn, reactions).await,
        Event::Installed { upgrade } => to.installed(turn, *upgrade).await,
        Event::Uninstalled { upgrade } => to.uninstalled(turn, *upgrade).await,
        Event::BotAdded => to.bot_added(turn).await,
        Event::BotRemoved => to.bot_removed(turn).await,
        Event::MembersAdded(members) => to.members_added(turn, members).await,
        Event::MembersRemoved(members) => to.members_removed(turn, members).await,
        Event::ChannelMembersAdded { channel, members } => to.channel_members_added(turn, channel, members).await,
        Event::ChannelMembersRemoved { channel, members } => to.channel_members_removed(turn, channel, members).await,
        Event::ChannelCreated(channel) => to.channel_created(turn, channel).await,
        Event::ChannelRenamed(channel) => to.channel_renamed(turn, channel).await,
        Event::ChannelDeleted(channel) => to.channel_deleted(turn, channel).await,
        Event::ChannelRestored(channel) => to.channel_restored(turn, channel).await,
        Event::ChannelShared { channel, with } => to.channel_shared(turn, channel, with).await,
        Event::ChannelUnshared { channel, from } => to.channel_unshared(turn, channel, from).await,
        Event::TeamRenamed(team) => to.team_renamed(turn, team).await,
        Event::TeamArchived(team) => to.team_archived(turn, team).await,
        Event::TeamUnarchived(team) => to.team_unarchived(turn, team).await,
        Event::TeamRestored(team) => to.team_restored(turn, team).await,
        Event::TeamDeleted(team) => to.team_deleted(turn, team).await,
        Event::TeamHardDeleted(team) => to.team_hard_deleted(turn, team).await,
        Event::ReadReceipt { last_read } => to.read_receipt(turn, last_read).await,
        Event::MeetingStarted(meeting) => to.meeting_started(turn, meeting).await,
        Event::MeetingEnded(meeting) => to.meeting_ended(turn, meeting).await,
        Event::MeetingParticipantsJoined(people) => to.meeting_participants_joined(turn, people).await,
        Event::MeetingParticipantsLeft(people) => to.meeting_participants_left(turn, people).await,
        Event::Typing => to.typing(turn).await,
        Event::EndOfConversation => to.end_of_conversation(turn).await,
        Event::OtherEvent(name) => to.other_event(turn, name).await,
        _ => to.other(turn).await,
    }
}

async fn invoke(to: &impl Handler, turn: &Turn, asked: &Invoke<'_>) -> TurnResult<InvokeAnswer> {
    match asked {
        Invoke::CardAction(action) => to.card_action(turn, action).await,
        Invoke::DialogFetch(dialog) => to.dialog_fetch(turn, dialog).await,
        Invoke::DialogSubmit(dialog) => to.dialog_submit(turn, dialog).await,
        Invoke::FileConsent(consent) => to.file_consent(turn, consent).await,
        Invoke::Search(search) => to.search(turn, search).await,
        Invoke::SignInVerifyState(sign_in) => to.sign_in_verify_state(turn, sign_in).await,
        Invoke::SignInTokenExchange(sign_in) => to.sign_in_token_exchange(turn, sign_in).await,
        Invoke::SignInFailure(failure) => to.sign_in_failure(turn, failure).await,
        other => to.other_invoke(turn, other).await,
    }
}
