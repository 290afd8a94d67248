use std::future::{Ready, ready};

use pregon_model::{
    ActivityId, CardActionInvoke, ChannelAccount, ChannelInfo, DialogInvoke, FileConsentInvoke, Invoke, InvokeAnswer,
    MeetingEvent, MeetingParticipant, Reaction, SearchInvoke, SignInFailureInvoke, TeamInfo, TokenExchangeInvoke,
    VerifyStateInvoke,
};
use serde_json::Value;

use crate::{Turn, TurnResult};

/// What a bot does, one method for each [`Event`](pregon_model::Event) that Teams tells.
///
/// Write the methods your bot needs as `async fn`. The others do nothing, and an invoke without a method
/// is answered with 501, not implemented.
///
/// ```
/// use pregon_model::{CardActionInvoke, ChannelAccount, InvokeAnswer};
/// use pregon_bot::{Handler, Turn, TurnResult};
///
/// struct Harbor;
///
/// impl Handler for Harbor {
///     async fn members_added(&self, turn: &Turn, members: &[&ChannelAccount]) -> TurnResult {
///         turn.send().text(format!("{} joined: welcome!", members.len())).await?;
///         Ok(())
///     }
///
///     async fn card_action(
///         &self,
///         _: &Turn,
///         action: &CardActionInvoke<'_>,
///     ) -> TurnResult<InvokeAnswer> {
///         Ok(match action.verb {
///             "ack" => InvokeAnswer::toast("Noted"),
///             _ => InvokeAnswer::not_implemented(),
///         })
///     }
/// }
/// ```
///
/// # One activity, several events
///
/// They are told one after the other in the order of [`Activity::events`](pregon_model::Activity::events):
/// the bot itself before the other members, who came before who left, reactions added before removed. The
/// first error ends the turn.
///
/// # Time, order, repetition
///
/// Teams waits 15 seconds for the answer, and a person who pressed a button waits with it: answer first,
/// and do slow work in a task of its own with a clone of [`Turn::conversation`]. Turns run side by side and
/// in no order. After an error or a late answer Teams may deliver the activity again: what must not happen
/// twice is remembered by the activity's id.
#[expect(unused_variables, reason = "the names are for readers; what does nothing needs nothing")]
pub trait Handler: Send + Sync + 'static {
    /// Somebody wrote: [`Turn::text`]. In a channel, by default, only what mentions the bot.
    fn message(&self, turn: &Turn) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Somebody pressed a card's `Action.Submit`: its data together with the card's inputs. The activity's
    /// `reply_to_id` names the card's message.
    fn submitted(&self, turn: &Turn, data: &Value) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Somebody changed their message; [`Turn::text`] is the new one.
    fn message_edited(&self, turn: &Turn) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Somebody brought their deleted message back.
    fn message_undeleted(&self, turn: &Turn) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Somebody deleted their message.
    fn message_deleted(&self, turn: &Turn) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Somebody reacted to the message that the activity's `reply_to_id` names.
    fn reactions_added(&self, turn: &Turn, reactions: &[Reaction]) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Somebody took back reactions to the message that the activity's `reply_to_id` names.
    fn reactions_removed(&self, turn: &Turn, reactions: &[Reaction]) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// The app was installed here: the time to store [`Turn::reference`]. Teams tells the same a second time
    /// as `bot_added`, before or after; welcome people in one of the two. An `upgrade` brought the bot along.
    fn installed(&self, turn: &Turn, upgrade: bool) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// The app was taken away: forget the reference, for whatever is sent here fails. An `upgrade` took the
    /// bot away.
    fn uninstalled(&self, turn: &Turn, upgrade: bool) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// The bot itself came into the chat or team.
    fn bot_added(&self, turn: &Turn) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// The bot itself left the chat or team.
    fn bot_removed(&self, turn: &Turn) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Others than the bot came into the chat or team; also the person for whom the app was installed.
    fn members_added(&self, turn: &Turn, members: &[&ChannelAccount]) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Others than the bot left the chat or team, or the organisation.
    fn members_removed(&self, turn: &Turn, members: &[&ChannelAccount]) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Others than the bot came into a private or shared channel.
    fn channel_members_added(
        &self,
        turn: &Turn,
        channel: &ChannelInfo,
        members: &[&ChannelAccount],
    ) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Others than the bot left a private or shared channel.
    fn channel_members_removed(
        &self,
        turn: &Turn,
        channel: &ChannelInfo,
        members: &[&ChannelAccount],
    ) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A channel was made.
    fn channel_created(&self, turn: &Turn, channel: &ChannelInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A channel has a new name.
    fn channel_renamed(&self, turn: &Turn, channel: &ChannelInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A channel was deleted; it may be restored.
    fn channel_deleted(&self, turn: &Turn, channel: &ChannelInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A deleted channel is back.
    fn channel_restored(&self, turn: &Turn, channel: &ChannelInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A channel was shared with these teams.
    fn channel_shared(
        &self,
        turn: &Turn,
        channel: &ChannelInfo,
        with: &[TeamInfo],
    ) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A channel is no longer shared with these teams.
    fn channel_unshared(
        &self,
        turn: &Turn,
        channel: &ChannelInfo,
        from: &[TeamInfo],
    ) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A team has a new name.
    fn team_renamed(&self, turn: &Turn, team: &TeamInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A team is read-only from now on.
    fn team_archived(&self, turn: &Turn, team: &TeamInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// An archived team can be written to again.
    fn team_unarchived(&self, turn: &Turn, team: &TeamInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A deleted team is back.
    fn team_restored(&self, turn: &Turn, team: &TeamInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A team was deleted; it may be restored.
    fn team_deleted(&self, turn: &Turn, team: &TeamInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A team is gone for good.
    fn team_hard_deleted(&self, turn: &Turn, team: &TeamInfo) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// The person has read the bot's messages up to this one.
    fn read_receipt(&self, turn: &Turn, last_read: &ActivityId) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A meeting began.
    fn meeting_started(&self, turn: &Turn, meeting: &MeetingEvent<'_>) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A meeting ended.
    fn meeting_ended(&self, turn: &Turn, meeting: &MeetingEvent<'_>) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// People came into a meeting.
    fn meeting_participants_joined(
        &self,
        turn: &Turn,
        people: &[MeetingParticipant],
    ) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// People left a meeting.
    fn meeting_participants_left(
        &self,
        turn: &Turn,
        people: &[MeetingParticipant],
    ) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Somebody is writing.
    fn typing(&self, turn: &Turn) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// The other side says that the conversation is over.
    fn end_of_conversation(&self, turn: &Turn) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// A change or a named event without a method of its own: the `eventType` or name as it came.
    fn other_event(&self, turn: &Turn, name: &str) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// An activity of a kind without a method of its own.
    fn other(&self, turn: &Turn) -> impl Future<Output = TurnResult> + Send {
        nothing()
    }

    /// Somebody pressed an `Action.Execute` of a card, or the card refreshes itself.
    fn card_action(
        &self,
        turn: &Turn,
        action: &CardActionInvoke<'_>,
    ) -> impl Future<Output = TurnResult<InvokeAnswer>> + Send {
        unserved()
    }

    /// A button asks for a dialog.
    fn dialog_fetch(
        &self,
        turn: &Turn,
        dialog: &DialogInvoke<'_>,
    ) -> impl Future<Output = TurnResult<InvokeAnswer>> + Send {
        unserved()
    }

    /// A dialog was filled in.
    fn dialog_submit(
        &self,
        turn: &Turn,
        dialog: &DialogInvoke<'_>,
    ) -> impl Future<Output = TurnResult<InvokeAnswer>> + Send {
        unserved()
    }

    /// The person lets the bot send a file, or does not.
    fn file_consent(
        &self,
        turn: &Turn,
        consent: &FileConsentInvoke<'_>,
    ) -> impl Future<Output = TurnResult<InvokeAnswer>> + Send {
        unserved()
    }

    /// A choice input of a card asks for what matches the letters typed.
    fn search(&self, turn: &Turn, search: &SearchInvoke<'_>) -> impl Future<Output = TurnResult<InvokeAnswer>> + Send {
        unserved()
    }

    /// The person came back from signing in.
    fn sign_in_verify_state(
        &self,
        turn: &Turn,
        sign_in: &VerifyStateInvoke<'_>,
    ) -> impl Future<Output = TurnResult<InvokeAnswer>> + Send {
        unserved()
    }

    /// A token of single sign-on came, to be exchanged.
    fn sign_in_token_exchange(
        &self,
        turn: &Turn,
        sign_in: &TokenExchangeInvoke<'_>,
    ) -> impl Future<Output = TurnResult<InvokeAnswer>> + Send {
        unserved()
    }

    /// Single sign-on did not work.
    fn sign_in_failure(
        &self,
        turn: &Turn,
        failure: &SignInFailureInvoke<'_>,
    ) -> impl Future<Output = TurnResult<InvokeAnswer>> + Send {
        unserved()
    }

    /// Any other invoke: message extensions, feedback, settings, tabs …, typed as far as they are known.
    fn other_invoke(&self, turn: &Turn, invoke: &Invoke<'_>) -> impl Future<Output = TurnResult<InvokeAnswer>> + Send {
        unserved()
    }
}

fn nothing() -> Ready<TurnResult> {
    ready(Ok(()))
}

fn unserved() -> Ready<TurnResult<InvokeAnswer>> {
    ready(Ok(InvokeAnswer::not_implemented()))
}
