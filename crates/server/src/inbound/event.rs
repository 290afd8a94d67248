use pregon_domain::directory::CaptureChange;
use pregon_domain::language::Language;
use pregon_domain::{LaneId, Timestamp};
use pregon_model::{
    Activity, ActivityKind, ChannelAccount, ConversationId, ConversationType, InstallAction, ServiceUrl, TeamInfo,
};

use crate::bots::Bot;

/// An authenticated activity of a served tenant.
pub(crate) struct Event<'a> {
    pub(crate) bot: &'a Bot,
    pub(crate) lane: LaneId,
    pub(crate) activity: &'a Activity,
    /// Vouched for by the token.
    pub(crate) service_url: ServiceUrl,
    pub(crate) now: Timestamp,
}

impl Event<'_> {
    /// What makes a second delivery of the activity the same; `None` for one without an id.
    ///
    /// An edit has the id of the message it edits, so the kind belongs to it.
    pub(crate) fn dedupe_key(&self) -> Option<String> {
        let id = self.activity.id.as_ref()?;
        let conversation = self.conversation().map_or("", ConversationId::as_str);
        Some(format!("{conversation}\n{id}\n{}", self.activity.kind))
    }

    /// The conversation with its thread part: where an answer goes.
    pub(crate) fn conversation(&self) -> Option<&ConversationId> {
        self.activity.conversation_id()
    }

    /// What sort of conversation it is; an activity that names a team is of a channel, whatever it says.
    pub(crate) fn scope(&self) -> Option<ConversationType> {
        if self.team().is_some() {
            return Some(ConversationType::Channel);
        }
        self.conversation()?;
        Some(self.activity.conversation.as_ref()?.kind())
    }

    pub(crate) fn team(&self) -> Option<&TeamInfo> {
        self.activity.team_info().filter(|team| !team.id.is_empty())
    }

    /// Whether the account is the bot itself; never told by names.
    pub(crate) fn is_bot(&self, account: &ChannelAccount) -> bool {
        self.activity.is_bot(account)
            || account.id.as_str().eq_ignore_ascii_case(&format!("28:{}", self.bot.config.app_id))
    }

    /// What the activity means for whether its conversation can be spoken to.
    pub(crate) fn change(&self) -> CaptureChange {
        let activity = self.activity;
        match (&activity.kind, &activity.action) {
            (ActivityKind::InstallationUpdate, Some(InstallAction::Add | InstallAction::AddUpgrade)) => {
                CaptureChange::Installed
            }
            (ActivityKind::InstallationUpdate, Some(InstallAction::Remove | InstallAction::RemoveUpgrade)) => {
                CaptureChange::Uninstalled
            }
            (ActivityKind::ConversationUpdate, _) if activity.members_added.iter().any(|a| self.is_bot(a)) => {
                CaptureChange::Installed
            }
            (ActivityKind::ConversationUpdate, _) if activity.members_removed.iter().any(|a| self.is_bot(a)) => {
                CaptureChange::Uninstalled
            }
            (ActivityKind::Message | ActivityKind::Invoke, _) => CaptureChange::Active,
            _ => CaptureChange::Seen,
        }
    }

    /// Whether this install is worth a welcome: an upgrade that brings the bot along is not.
    pub(crate) fn is_new_install(&self) -> bool {
        self.change() == CaptureChange::Installed && self.activity.action != Some(InstallAction::AddUpgrade)
    }

    /// Language of the person's client (BCP 47).
    pub(crate) fn locale(&self) -> Option<&str> {
        let told = self.activity.locale.as_deref();
        told.or_else(|| self.activity.client_info()?.locale.as_deref())
    }

    /// IANA time zone of the person's client.
    pub(crate) fn timezone(&self) -> Option<&str> {
        let told = self.activity.local_timezone.as_deref();
        told.or_else(|| self.activity.client_info()?.timezone.as_deref())
    }

    /// The language to answer in.
    pub(crate) fn language(&self) -> Language {
        Language::of(self.locale())
    }
}
