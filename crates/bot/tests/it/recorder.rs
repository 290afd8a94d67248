use std::sync::{Arc, Mutex};

use pregon_bot::{Handler, Turn, TurnResult};
use pregon_model::{
    ActivityId, CardActionInvoke, ChannelAccount, ChannelInfo, DialogInvoke, FileConsentInvoke, Invoke, InvokeAnswer,
    MeetingEvent, MeetingParticipant, Reaction, SearchInvoke, SignInFailureInvoke, TeamInfo, TokenExchangeInvoke,
    VerifyStateInvoke,
};
use serde_json::{Value, json};

/// Writes down which method was called with what: `channel_renamed Quay`.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    calls: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// The calls since the last look.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    fn note(&self, method: &str, told: &[String]) {
        let call = [&[method.to_owned()], told].concat().join(" ");
        self.calls.lock().unwrap().push(call);
    }
}

/// A handler that writes down every call; invokes are answered with the method's name.
macro_rules! record {
    (events { $($event:ident($($told:ident: $type:ty),*);)* } invokes { $($invoke:ident($asked:ident: $asks:ty);)* }) => {
        impl Handler for Recorder {
            $(async fn $event(&self, _: &Turn, $($told: $type),*) -> TurnResult {
                self.note(stringify!($event), &[$($told.brief()),*]);
                Ok(())
            })*

            $(async fn $invoke(&self, _: &Turn, $asked: $asks) -> TurnResult<InvokeAnswer> {
                self.note(stringify!($invoke), &[$asked.brief()]);
                Ok(InvokeAnswer::json(json!({"by": stringify!($invoke)})))
            })*
        }
    };
}

record! {
    events {
        message();
        submitted(data: &Value);
        message_edited();
        message_undeleted();
        message_deleted();
        reactions_added(reactions: &[Reaction]);
        reactions_removed(reactions: &[Reaction]);
        installed(upgrade: bool);
        uninstalled(upgrade: bool);
        bot_added();
        bot_removed();
        members_added(members: &[&ChannelAccount]);
        members_removed(members: &[&ChannelAccount]);
        channel_members_added(channel: &ChannelInfo, members: &[&ChannelAccount]);
        channel_members_removed(channel: &ChannelInfo, members: &[&ChannelAccount]);
        channel_created(channel: &ChannelInfo);
        channel_renamed(channel: &ChannelInfo);
        channel_deleted(channel: &ChannelInfo);
        channel_restored(channel: &ChannelInfo);
        channel_shared(channel: &ChannelInfo, with: &[TeamInfo]);
        channel_unshared(channel: &ChannelInfo, from: &[TeamInfo]);
        team_renamed(team: &TeamInfo);
        team_archived(team: &TeamInfo);
        team_unarchived(team: &TeamInfo);
        team_restored(team: &TeamInfo);
        team_deleted(team: &TeamInfo);
        team_hard_deleted(team: &TeamInfo);
        read_receipt(last_read: &ActivityId);
        meeting_started(meeting: &MeetingEvent<'_>);
        meeting_ended(meeting: &MeetingEvent<'_>);
        meeting_participants_joined(people: &[MeetingParticipant]);
        meeting_participants_left(people: &[MeetingParticipant]);
        typing();
        end_of_conversation();
        other_event(name: &str);
        other();
    }
    invokes {
        card_action(action: &CardActionInvoke<'_>);
        dialog_fetch(dialog: &DialogInvoke<'_>);
        dialog_submit(dialog: &DialogInvoke<'_>);
        file_consent(consent: &FileConsentInvoke<'_>);
        search(search: &SearchInvoke<'_>);
        sign_in_verify_state(sign_in: &VerifyStateInvoke<'_>);
        sign_in_token_exchange(sign_in: &TokenExchangeInvoke<'_>);
        sign_in_failure(failure: &SignInFailureInvoke<'_>);
        other_invoke(invoke: &Invoke<'_>);
    }
}

/// What tells two values of an event apart, in a word or two.
trait Brief {
    fn brief(&self) -> String;
}

macro_rules! brief {
    ($($type:ty: $value:ident => $brief:expr;)*) => {
        $(impl Brief for $type {
            fn brief(&self) -> String {
                let $value = self;
                $brief.to_string()
            }
        })*
    };
}

brief! {
    str: text => text;
    bool: upgrade => if *upgrade { "upgrade" } else { "new" };
    Value: value => value;
    ActivityId: id => id;
    [Reaction]: all => joined(all.iter().map(|reaction| reaction.kind.as_str()));
    [&ChannelAccount]: all => joined(all.iter().map(|account| account.id.as_str()));
    ChannelInfo: channel => channel.name.as_deref().unwrap_or("General");
    TeamInfo: team => team.name.as_deref().unwrap_or_default();
    [TeamInfo]: all => joined(all.iter().filter_map(|team| team.name.as_deref()));
    MeetingEvent<'_>: meeting => meeting.title.unwrap_or_default();
    [MeetingParticipant]: all => joined(all.iter().filter_map(|one| one.user.as_ref()?.name.as_deref()));
    CardActionInvoke<'_>: action => action.verb;
    DialogInvoke<'_>: dialog => dialog.data;
    FileConsentInvoke<'_>: consent => if consent.accepted { "accepted" } else { "declined" };
    SearchInvoke<'_>: search => search.query;
    VerifyStateInvoke<'_>: sign_in => sign_in.state;
    TokenExchangeInvoke<'_>: sign_in => sign_in.id;
    SignInFailureInvoke<'_>: failure => failure.code;
    Invoke<'_>: invoke => format!("{invoke:?}").split([' ', '(']).next().unwrap_or_default();
}

fn joined<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(",")
}
