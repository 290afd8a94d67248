//! What an activity tells of conversations and people, written to the store.

use std::time::Duration;

use pregon_domain::ReferenceId;
use pregon_domain::directory::{Capture, CaptureChange, Reference, Scope};
use pregon_domain::ports::StoreError;
use pregon_model::{ActivityKind, ConversationId, ConversationType, EventType, TeamInfo};

use super::Event;
use crate::app::App;

/// What was captured.
#[derive(Debug, Default)]
pub(crate) struct Captured {
    /// The personal reference of the person who acted.
    pub(crate) person: Option<ReferenceId>,
    /// A new install, to be welcomed.
    pub(crate) install: Option<Install>,
}

/// An install, as its event tells of it.
#[derive(Debug)]
pub(crate) struct Install {
    /// The person, team or chat, after the install.
    pub(crate) reference: Reference,
}

/// Writes what the activity tells. Everything here may be done twice with the same result.
pub(super) async fn capture(app: &App, event: &Event<'_>) -> Result<Captured, StoreError> {
    let capturer = Capturer { app, event, known_install: known_install(app, event).await? };
    match (event.scope(), event.team()) {
        (Some(ConversationType::Personal), _) => capturer.personal().await,
        (Some(ConversationType::GroupChat), _) => capturer.group_chat().await,
        (Some(ConversationType::Channel), Some(team)) => capturer.team(team).await,
        (Some(ConversationType::Channel), None) => capturer.channel_alone().await,
        // A sort of conversation this version does not know.
        (scope, _) => {
            let kind = event.activity.kind.as_str();
            tracing::info!(activity.kind = kind, ?scope, "nothing to capture from an activity of kind {kind:?}");
            Ok(Captured::default())
        }
    }
}

/// The two events of an install come within seconds; the store remembers a welcome for 24 hours. An
/// install that was known longer ago than this is no new one.
const PAIRED: Duration = Duration::from_hours(23);

/// Whether this event tells of an install that has long been known.
async fn known_install(app: &App, event: &Event<'_>) -> Result<bool, StoreError> {
    if !event.is_new_install() {
        return Ok(false);
    }
    let team = event.team().map(|team| ConversationId::new(team.id.as_str()));
    let Some(conversation) = team.or_else(|| event.conversation().map(ConversationId::channel)) else {
        return Ok(false);
    };
    let known = app.store.find_conversation(&event.bot.name, &conversation).await?;
    Ok(known.is_some_and(|known| known.installed && event.now.since(known.seen_at) > PAIRED))
}

struct Capturer<'a> {
    app: &'a App,
    event: &'a Event<'a>,
    known_install: bool,
}

impl Capturer<'_> {
    async fn personal(&self) -> Result<Captured, StoreError> {
        let person = self.event.person();
        let capture = Capture { person, ..self.blank(Scope::Personal, self.conversation(), self.event.change()) };
        let id = self.write(&capture).await?;
        Ok(Captured { person: Some(id), install: self.install(id).await? })
    }

    async fn group_chat(&self) -> Result<Captured, StoreError> {
        let name = self.event.activity.conversation.as_ref().and_then(|conversation| conversation.name.clone());
        let blank = self.blank(Scope::GroupChat, self.conversation(), self.event.change());
        let id = self.write(&Capture { name, ..blank }).await?;
        Ok(Captured { person: self.author().await?, install: self.install(id).await? })
    }

    /// A channel whose team the activity does not name.
    async fn channel_alone(&self) -> Result<Captured, StoreError> {
        let change = match self.event.change() {
            CaptureChange::Active => CaptureChange::Active,
            _ => CaptureChange::Seen,
        };
        self.write(&self.blank(Scope::Channel, self.conversation(), change)).await?;
        Ok(Captured { person: self.author().await?, install: None })
    }

    async fn team(&self, info: &TeamInfo) -> Result<Captured, StoreError> {
        let team = self.team_itself(info).await?;
        let change = self.event.change();
        match self.event.activity.event_type() {
            Some(EventType::TeamDeleted | EventType::TeamHardDeleted) => {
                self.app.store.team_removed(team).await?;
                return Ok(Captured::default());
            }
            _ if change == CaptureChange::Uninstalled => {
                self.app.store.team_removed(team).await?;
                return Ok(Captured::default());
            }
            Some(EventType::ChannelCreated | EventType::ChannelRenamed | EventType::ChannelShared) => {
                self.channel_named(team, CaptureChange::Seen).await?;
            }
            // Open again; it is no install, so nobody is welcomed.
            Some(EventType::ChannelRestored) => self.channel_named(team, CaptureChange::Active).await?,
            Some(EventType::ChannelDeleted | EventType::ChannelUnshared) => {
                self.channel_named(team, CaptureChange::Uninstalled).await?;
            }
            Some(EventType::TeamMemberAdded) => self.joined(team).await?,
            Some(EventType::TeamMemberRemoved) => self.left(team).await?,
            _ => {}
        }
        self.channel_of_conversation(info, team).await?;
        let install = self.install(team).await?;
        if install.is_some() {
            // Channels and people, so that they can be written to by name.
            self.app.engine.wake();
            self.app.engine.sync_team(team);
        }
        Ok(Captured { person: self.author().await?, install })
    }

    async fn team_itself(&self, info: &TeamInfo) -> Result<ReferenceId, StoreError> {
        let change = match self.event.activity.event_type() {
            Some(EventType::TeamRestored | EventType::TeamUnarchived) => CaptureChange::Active,
            _ => self.event.change(),
        };
        let blank = self.blank(Scope::Team, Some(ConversationId::new(info.id.as_str())), change);
        self.write(&Capture { name: info.name.clone(), group: info.aad_group_id.clone(), ..blank }).await
    }

    /// The channel the activity happened in, unless it is General, which is the team itself.
    async fn channel_of_conversation(&self, info: &TeamInfo, team: ReferenceId) -> Result<(), StoreError> {
        let Some(channel) = self.conversation().filter(|id| id.as_str() != info.id.as_str()) else { return Ok(()) };
        let named = self.event.activity.channel_info().filter(|named| named.id.as_str() == channel.as_str());
        let name = named.and_then(|named| named.name.clone());
        let name = name.or_else(|| self.event.activity.conversation.as_ref()?.name.clone());
        let change = match self.event.change() {
            CaptureChange::Active => CaptureChange::Active,
            // The install is the team's; its channels are merely there.
            _ => CaptureChange::Seen,
        };
        let blank = self.blank(Scope::Channel, Some(channel), change);
        self.write(&Capture { name, team: Some(team), ..blank }).await?;
        Ok(())
    }

    /// The channel an event is about.
    async fn channel_named(&self, team: ReferenceId, change: CaptureChange) -> Result<(), StoreError> {
        let Some(info) = self.event.activity.channel_info() else { return Ok(()) };
        let blank = self.blank(Scope::Channel, Some(ConversationId::new(info.id.as_str())), change);
        self.write(&Capture { name: info.name.clone(), team: Some(team), ..blank }).await?;
        Ok(())
    }

    async fn joined(&self, team: ReferenceId) -> Result<(), StoreError> {
        let people = self.event.people(&self.event.activity.members_added);
        if !people.is_empty() {
            let Event { lane, service_url, now, .. } = self.event;
            self.app.store.capture_members(*lane, team, Some(service_url), &people, *now).await?;
        }
        Ok(())
    }

    async fn left(&self, team: ReferenceId) -> Result<(), StoreError> {
        for account in self.event.activity.members_removed.iter().filter(|account| self.event.is_person(account)) {
            self.app.store.member_left(self.event.lane, team, &account.id).await?;
        }
        Ok(())
    }

    /// Whoever wrote or pressed a button outside their personal chat: they can be reached, and are no
    /// longer out of reach for whatever reason.
    async fn author(&self) -> Result<Option<ReferenceId>, StoreError> {
        if !matches!(self.event.activity.kind, ActivityKind::Message | ActivityKind::Invoke) {
            return Ok(None);
        }
        let author = self.event.activity.from.as_ref().filter(|account| self.event.is_person(account));
        let Some(person) = author.and_then(|_| self.event.person()) else { return Ok(None) };
        let blank = self.blank(Scope::Personal, None, CaptureChange::Active);
        self.write(&Capture { person: Some(person), ..blank }).await.map(Some)
    }

    async fn install(&self, id: ReferenceId) -> Result<Option<Install>, StoreError> {
        if !self.event.is_new_install() || self.known_install {
            return Ok(None);
        }
        Ok(self.app.store.reference(id).await?.map(|reference| Install { reference }))
    }

    async fn write(&self, capture: &Capture) -> Result<ReferenceId, StoreError> {
        self.app.store.capture(capture, self.event.now).await
    }

    /// The conversation without the thread part.
    fn conversation(&self) -> Option<ConversationId> {
        self.event.conversation().map(ConversationId::channel)
    }

    fn blank(&self, scope: Scope, conversation: Option<ConversationId>, change: CaptureChange) -> Capture {
        Capture {
            lane: self.event.lane,
            scope,
            conversation,
            service_url: Some(self.event.service_url.clone()),
            person: None,
            name: None,
            team: None,
            group: None,
            change,
        }
    }
}
