//! Paging through teams.

use pregon_domain::directory::{Capture, CaptureChange, Reference, Scope};
use pregon_domain::ports::{Place, StoreError};
use pregon_domain::scopes::{Call, CallKind};
use pregon_domain::{LaneKey, ReferenceId};
use pregon_model::TeamId;

use crate::call::Failed;
use crate::engine::Shared;

/// A team could not be read.
#[derive(Debug)]
pub(crate) enum RosterError {
    Store(StoreError),
    Channel(Failed),
}

impl std::fmt::Display for RosterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Channel(failed) => failed.fmt(f),
        }
    }
}

impl From<Failed> for RosterError {
    fn from(failed: Failed) -> Self {
        Self::Channel(failed)
    }
}

impl From<StoreError> for RosterError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// One page of a team's people, captured.
pub(crate) struct Page {
    pub(crate) members: Vec<ReferenceId>,
    pub(crate) continuation: Option<String>,
}

/// Reads and captures one page of a team's roster.
pub(crate) async fn page(shared: &Shared, team: &Reference, continuation: Option<&str>) -> Result<Page, RosterError> {
    let Some(conversation) = &team.conversation else {
        return Ok(Page { members: Vec::new(), continuation: None });
    };
    let place = place(team);
    let lane = shared.lane(team.lane, &place.lane);
    let call = Call::about(team.id, CallKind::Members);
    let members = shared.channel.members(&place, conversation, continuation);
    let page = shared.call(&lane, call, place.service_url.as_ref(), members).await?;
    let service_url = team.service_url.as_ref();
    let members =
        shared.store.capture_members(team.lane, team.id, service_url, &page.people, shared.clock.now()).await?;
    Ok(Page { members, continuation: page.continuation.filter(|token| !token.is_empty()) })
}

/// Reads and captures a team's channels and its whole roster.
pub(crate) async fn sync_team(shared: &Shared, team: ReferenceId) -> Result<(), RosterError> {
    let Some(team) = shared.store.reference(team).await? else { return Ok(()) };
    let Some(conversation) = &team.conversation else { return Ok(()) };
    let place = place(&team);
    let lane = shared.lane(team.lane, &place.lane);
    let call = Call::about(team.id, CallKind::Conversations);
    let id = TeamId::new(conversation.as_str());
    let channels = shared.channel.channels(&place, &id);
    for channel in shared.call(&lane, call, place.service_url.as_ref(), channels).await? {
        if channel.id == *conversation {
            continue; // General is the team's own reference.
        }
        let capture = Capture {
            lane: team.lane,
            scope: Scope::Channel,
            conversation: Some(channel.id),
            service_url: team.service_url.clone(),
            person: None,
            name: channel.name,
            team: Some(team.id),
            group: None,
            change: CaptureChange::Seen,
        };
        shared.store.capture(&capture, shared.clock.now()).await?;
    }
    let (mut continuation, mut people) = (None, 0);
    loop {
        let page = page(shared, &team, continuation.as_deref()).await?;
        people += page.members.len();
        continuation = page.continuation;
        if continuation.is_none() {
            break;
        }
    }
    tracing::info!(reference.id = %team.id, people, "team {} read: {people} people", team.id);
    Ok(())
}

pub(crate) fn place(reference: &Reference) -> Place {
    Place {
        lane: LaneKey { bot: reference.bot.clone(), tenant: reference.tenant.clone() },
        service_url: reference.service_url.clone(),
    }
}
