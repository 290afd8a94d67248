//! Teams as the engine sees it: the port over the Connector and Graph clients.

mod failure;

use std::sync::Arc;

use async_trait::async_trait;
use pregon_auth::TrustedServiceUrl;
use pregon_connector::graph::User;
use pregon_connector::{Person as Who, UserKey};
use pregon_domain::directory::Person;
use pregon_domain::ports::{Channel, ChannelError, ChannelFailure, ChannelResult, MembersPage, Place, TeamChannel};
use pregon_model::{
    Activity, ActivityId, CatalogAppId, ConversationId, GroupId, MemberId, ObjectId, TeamChannelId, TeamId,
    TeamsChannelAccount, is_guid,
};

use crate::bots::{Bot, Bots};
use failure::failure;

/// People asked for in one roster call; Teams takes 50 to 500.
const ROSTER_PAGE: u16 = 500;

/// The port to Teams: one set of clients for each bot.
///
/// Every service URL passes the cloud's allow-list before a token goes there.
pub struct TeamsChannel {
    bots: Arc<Bots>,
}

impl TeamsChannel {
    pub(crate) fn new(bots: Arc<Bots>) -> Self {
        Self { bots }
    }

    fn bot(&self, place: &Place) -> ChannelResult<&Bot> {
        self.bots.get(place.lane.bot.as_str()).ok_or_else(|| ChannelFailure {
            error: ChannelError::Refused,
            detail: format!("bot {} is not configured", place.lane.bot),
        })
    }
}

impl Bot {
    fn service_url(&self, place: &Place) -> ChannelResult<TrustedServiceUrl> {
        let untrusted = |detail: String| ChannelFailure { error: ChannelError::Untrusted, detail };
        let url = place.service_url.as_ref().or(self.endpoints.default_service_url());
        let url = url.ok_or_else(|| untrusted("no service URL is known and the cloud has none of its own".into()))?;
        self.endpoints.trust(url).map_err(|error| untrusted(error.to_string()))
    }
}

#[async_trait]
impl Channel for TeamsChannel {
    async fn create_personal(&self, place: &Place, member: &str) -> ChannelResult<ConversationId> {
        let bot = self.bot(place)?;
        let member = MemberId::new(member);
        let created =
            bot.connector.create_personal(&bot.service_url(place)?, Who::Member(&member), &place.lane.tenant).await;
        created.map(|created| created.id).map_err(failure)
    }

    async fn create_thread(
        &self,
        place: &Place,
        channel: &ConversationId,
        activity: &Activity,
    ) -> ChannelResult<Option<ActivityId>> {
        let bot = self.bot(place)?;
        let channel = TeamChannelId::new(channel.as_str());
        let url = bot.service_url(place)?;
        let thread = bot.connector.create_thread_activity(&url, &channel, &place.lane.tenant, activity).await;
        thread.map(|thread| thread.activity).map_err(failure)
    }

    async fn send(
        &self,
        place: &Place,
        conversation: &ConversationId,
        activity: &Activity,
    ) -> ChannelResult<Option<ActivityId>> {
        let bot = self.bot(place)?;
        bot.connector.send_activity(&bot.service_url(place)?, conversation, activity).await.map_err(failure)
    }

    async fn update(
        &self,
        place: &Place,
        conversation: &ConversationId,
        id: &ActivityId,
        activity: &Activity,
    ) -> ChannelResult<()> {
        let bot = self.bot(place)?;
        let url = bot.service_url(place)?;
        bot.connector.update_activity(&url, conversation, id, activity).await.map_err(failure)
    }

    async fn delete(&self, place: &Place, conversation: &ConversationId, id: &ActivityId) -> ChannelResult<()> {
        let bot = self.bot(place)?;
        bot.connector.delete(&bot.service_url(place)?, conversation, id).await.map_err(failure)
    }

    async fn members(
        &self,
        place: &Place,
        team: &ConversationId,
        continuation: Option<&str>,
    ) -> ChannelResult<MembersPage> {
        let bot = self.bot(place)?;
        let mut request = bot.connector.paged_members(&bot.service_url(place)?, team).page_size(ROSTER_PAGE);
        if let Some(token) = continuation {
            request = request.continuation(token);
        }
        let page = request.await.map_err(failure)?;
        let people = page.members.into_iter().filter(|member| !member.id.is_empty()).map(rostered).collect();
        Ok(MembersPage { people, continuation: page.continuation_token.filter(|token| !token.is_empty()) })
    }

    async fn channels(&self, place: &Place, team: &TeamId) -> ChannelResult<Vec<TeamChannel>> {
        let bot = self.bot(place)?;
        let channels = bot.connector.channels(&bot.service_url(place)?, team).await.map_err(failure)?;
        let channel = |info: pregon_model::ChannelInfo| TeamChannel {
            id: ConversationId::new(info.id.as_str()),
            name: info.name.filter(|name| !name.is_empty()),
        };
        Ok(channels.into_iter().map(channel).collect())
    }

    async fn catalog_app(&self, place: &Place) -> ChannelResult<CatalogAppId> {
        let bot = self.bot(place)?;
        let refused = |detail: String| ChannelFailure { error: ChannelError::Refused, detail };
        let manifest = bot.config.manifest_id.as_deref();
        let manifest = manifest.ok_or_else(|| refused(format!("bot {} has no manifest_id", bot.name)))?;
        let app = bot.graph.tenant(&place.lane.tenant).catalog_app(manifest).await.map_err(failure)?;
        app.map(|app| app.id).ok_or_else(|| ChannelFailure {
            error: ChannelError::NotFound,
            detail: format!("no app with manifest id {manifest} is in the tenant's catalogue"),
        })
    }

    async fn install_for_person(&self, place: &Place, app: &CatalogAppId, person: &ObjectId) -> ChannelResult<()> {
        let graph = self.bot(place)?.graph.tenant(&place.lane.tenant);
        graph.apps_of_user(person).add(app).await.map(|_| ()).map_err(failure)
    }

    async fn install_in_team(&self, place: &Place, app: &CatalogAppId, group: &GroupId) -> ChannelResult<()> {
        let graph = self.bot(place)?.graph.tenant(&place.lane.tenant);
        graph.apps_of_team(group).add(app).await.map(|_| ()).map_err(failure)
    }

    async fn find_person(&self, place: &Place, who: &str) -> ChannelResult<Option<Person>> {
        let graph = self.bot(place)?.graph.tenant(&place.lane.tenant);
        let object = ObjectId::new(who);
        let key = if is_guid(who) { UserKey::Id(&object) } else { UserKey::Upn(who) };
        Ok(graph.user(key).await.map_err(failure)?.map(profiled))
    }
}

/// A person of a roster.
fn rostered(account: TeamsChannelAccount) -> Person {
    Person {
        object_id: account.aad_object_id.as_ref().map(lower),
        guest: account.user_role.is_some().then(|| account.is_guest()),
        member_id: Some(account.id),
        name: account.name,
        email: account.email.map(|text| text.to_lowercase()),
        user_principal_name: account.user_principal_name.map(|text| text.to_lowercase()),
        locale: None,
        timezone: None,
    }
}

/// A person of the directory.
fn profiled(profile: User) -> Person {
    Person {
        guest: profile.user_type.is_some().then(|| profile.is_guest()),
        member_id: None,
        object_id: Some(lower(&profile.id)),
        name: profile.display_name,
        email: profile.mail.map(|text| text.to_lowercase()),
        user_principal_name: profile.user_principal_name.map(|text| text.to_lowercase()),
        locale: profile.preferred_language,
        timezone: None,
    }
}

/// Object ids are GUIDs, written in either case; addresses are compared in lower case.
pub(crate) fn lower(id: &ObjectId) -> ObjectId {
    ObjectId::new(id.as_str().to_ascii_lowercase())
}
