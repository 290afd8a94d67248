use std::sync::Arc;

use pregon_auth::{Clock, HttpClient, TokenFor, TokenSource, TrustedServiceUrl};
use pregon_model::{
    Activity, ActivityId, ChannelAccount, ChannelInfo, ChannelList, ConversationId, ConversationParameters,
    ConversationResourceResponse, MemberId, ObjectId, ResourceResponse, TeamChannelId, TeamDetails, TeamId,
    TeamsChannelAccount, TeamsChannelData, TenantId, TenantInfo,
};
use reqwest::Method;

use crate::transport::{Answer, Call, Transport};
use crate::{ConnectorError, RawRequest, Request};

/// A person, by either of the ids a bot may know them by. Never an e-mail: Teams does not take one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person<'a> {
    /// As this bot sees them, `29:…`.
    Member(&'a MemberId),
    /// Entra object id; for a new conversation the app must be installed for this person.
    Object(&'a ObjectId),
}

impl Person<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Member(id) => id.as_str(),
            Self::Object(id) => id.as_str(),
        }
    }
}

impl<'a> From<&'a MemberId> for Person<'a> {
    fn from(id: &'a MemberId) -> Self {
        Self::Member(id)
    }
}

impl<'a> From<&'a ObjectId> for Person<'a> {
    fn from(id: &'a ObjectId) -> Self {
        Self::Object(id)
    }
}

/// A thread just begun in a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartedThread {
    /// Where answers in the thread go.
    pub conversation: ConversationId,
    /// Its first message.
    pub activity: Option<ActivityId>,
}

/// Client of the Bot Connector.
///
/// Every call takes a [`TrustedServiceUrl`] and is a [`Request`] that does nothing until awaited.
///
/// ```no_run
/// # use pregon_auth::TrustedServiceUrl;
/// # use pregon_connector::{Connector, ConnectorError};
/// # use pregon_model::{Activity, MemberId, TenantId, TextFormat};
/// # async fn example(connector: Connector, service_url: TrustedServiceUrl, ada: MemberId, tenant: TenantId)
/// # -> Result<(), ConnectorError> {
/// let chat = connector.create_personal(&service_url, &ada, &tenant).await?;
/// let hello = Activity::text("Build 412 is green", TextFormat::Plain);
/// match connector.send(&service_url, &chat.id, &hello).await {
///     Ok(id) => println!("delivered as {id:?}"),
///     Err(error) if error.may_have_been_delivered() => println!("perhaps delivered: {error}"),
///     Err(ConnectorError::Blocked(_)) => println!("no more messages to this person"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Connector {
    transport: Transport,
}

impl Connector {
    /// A client that calls with this bot's tokens.
    pub fn new(http: HttpClient, tokens: Arc<dyn TokenSource>) -> Self {
        Self { transport: Transport::new(http, tokens) }
    }

    /// Reads `Retry-After` dates by this clock.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { transport: self.transport.with_clock(clock) }
    }

    /// The personal chat with somebody. Idempotent: the same person gives the same conversation.
    pub fn create_personal<'a, 'p>(
        &'a self,
        service_url: &TrustedServiceUrl,
        person: impl Into<Person<'p>>,
        tenant: &TenantId,
    ) -> Request<'a, ConversationResourceResponse> {
        let parameters = ConversationParameters {
            is_group: Some(false),
            members: vec![ChannelAccount::new(MemberId::new(person.into().as_str()))],
            tenant_id: Some(tenant.clone()),
            channel_data: Some(in_tenant(tenant)),
            ..ConversationParameters::default()
        };
        self.create(service_url, &parameters)
    }

    /// A new thread in a channel with `activity` as its first message. Not idempotent.
    pub fn create_thread(
        &self,
        service_url: &TrustedServiceUrl,
        channel: &TeamChannelId,
        activity: &Activity,
        tenant: &TenantId,
    ) -> Request<'_, StartedThread> {
        let channel = Some(ChannelInfo::new(channel.clone()));
        let parameters = ConversationParameters {
            is_group: Some(true),
            activity: Some(activity.clone()),
            tenant_id: Some(tenant.clone()),
            channel_data: Some(TeamsChannelData { channel, ..in_tenant(tenant) }),
            ..ConversationParameters::default()
        };
        self.post(service_url, &["v3", "conversations"], &parameters, |answer| {
            let created: ConversationResourceResponse = answer?.json()?;
            let activity = created.activity_id.or_else(|| created.id.thread_root());
            Ok(StartedThread { conversation: created.id, activity })
        })
    }

    /// `POST /v3/conversations` with parameters of the caller's own.
    pub fn create(
        &self,
        service_url: &TrustedServiceUrl,
        parameters: &ConversationParameters,
    ) -> Request<'_, ConversationResourceResponse> {
        self.post(service_url, &["v3", "conversations"], parameters, |answer| answer?.json())
    }

    /// Sends one activity. Not idempotent, and Teams takes no idempotency key.
    ///
    /// `None` means delivered without an id: typing, or a message Teams split in two.
    pub fn send(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        activity: &Activity,
    ) -> Request<'_, Option<ActivityId>> {
        let path = ["v3", "conversations", conversation.as_str(), "activities"];
        self.post(service_url, &path, activity, read_id)
    }

    /// Sends one activity as a reply to another; see [`Connector::send`].
    pub fn reply(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        to: &ActivityId,
        activity: &Activity,
    ) -> Request<'_, Option<ActivityId>> {
        self.post(service_url, &activity_path(conversation, to), activity, read_id)
    }

    /// Replaces one of the bot's own messages by `activity`, whole. Idempotent.
    pub fn update(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        id: &ActivityId,
        activity: &Activity,
    ) -> Request<'_, Option<ActivityId>> {
        let call = call(Method::PUT, service_url, &activity_path(conversation, id));
        Request::new(&self.transport, call.and_then(|call| call.json(activity)), read_id)
    }

    /// Deletes one of the bot's own messages.
    pub fn delete(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        id: &ActivityId,
    ) -> Request<'_, ()> {
        let call = call(Method::DELETE, service_url, &activity_path(conversation, id));
        Request::new(&self.transport, call, |answer| answer.map(|_| ()))
    }

    /// One member of a conversation or team; `None` when they are not one.
    pub fn member<'a, 'p>(
        &'a self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        person: impl Into<Person<'p>>,
    ) -> Request<'a, Option<TeamsChannelAccount>> {
        let person = person.into();
        let path = ["v3", "conversations", conversation.as_str(), "members", person.as_str()];
        self.get(service_url, &path, |answer| match answer {
            Err(error) if error.status() == Some(404) && error.is("MemberNotFoundInConversation") => Ok(None),
            answer => answer?.json().map(Some),
        })
    }

    /// A team's name and group.
    pub fn team(&self, service_url: &TrustedServiceUrl, team: &TeamId) -> Request<'_, TeamDetails> {
        self.get(service_url, &["v3", "teams", team.as_str()], |answer| answer?.json())
    }

    /// A team's channels; General has no name and the team's own id.
    pub fn channels(&self, service_url: &TrustedServiceUrl, team: &TeamId) -> Request<'_, Vec<ChannelInfo>> {
        self.get(service_url, &["v3", "teams", team.as_str(), "conversations"], |answer| {
            Ok(answer?.json::<ChannelList>()?.conversations)
        })
    }

    /// Any other call, with our token and our errors. Segments are percent-encoded here.
    ///
    /// ```no_run
    /// # use pregon_auth::TrustedServiceUrl;
    /// # use pregon_connector::{Connector, ConnectorError, Method};
    /// # async fn example(connector: Connector, service_url: TrustedServiceUrl) -> Result<(), ConnectorError> {
    /// let meeting: serde_json::Value =
    ///     connector.raw(Method::GET, &service_url, &["v1", "meetings", "MCMxOTptZWV0aW5n"]).await?.json()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(&self, method: Method, service_url: &TrustedServiceUrl, segments: &[&str]) -> RawRequest<'_> {
        RawRequest::new(&self.transport, call(method, service_url, segments))
    }

    pub(crate) fn get<T>(
        &self,
        service_url: &TrustedServiceUrl,
        segments: &[&str],
        read: crate::request::Read<T>,
    ) -> Request<'_, T> {
        Request::new(&self.transport, call(Method::GET, service_url, segments), read)
    }

    fn post<T>(
        &self,
        service_url: &TrustedServiceUrl,
        segments: &[&str],
        body: &impl serde::Serialize,
        read: crate::request::Read<T>,
    ) -> Request<'_, T> {
        let call = call(Method::POST, service_url, segments).and_then(|call| call.json(body));
        Request::new(&self.transport, call, read)
    }
}

fn call(method: Method, service_url: &TrustedServiceUrl, segments: &[&str]) -> Result<Call, ConnectorError> {
    Call::new(method, service_url.endpoint(segments), TokenFor::Connector)
}

fn activity_path<'a>(conversation: &'a ConversationId, activity: &'a ActivityId) -> [&'a str; 5] {
    ["v3", "conversations", conversation.as_str(), "activities", activity.as_str()]
}

fn in_tenant(tenant: &TenantId) -> TeamsChannelData {
    TeamsChannelData { tenant: Some(TenantInfo::new(tenant.clone())), ..TeamsChannelData::default() }
}

/// The id of a message that was taken. The status proves it was; a body without an id, or one that
/// broke off, only means that the id is not known.
fn read_id(answer: Result<Answer, ConnectorError>) -> Result<Option<ActivityId>, ConnectorError> {
    Ok(answer?.json::<ResourceResponse>().ok().and_then(|response| response.id))
}
