use pregon_auth::TrustedServiceUrl;
use pregon_model::{
    Activity, ActivityId, ChannelAccount, ConversationId, ConversationParameters, ConversationResourceResponse,
    MemberId, TeamChannelId, TeamsChannelData, TenantId, TenantInfo,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::message::{MessageRequest, enclose};
use crate::transport::Answer;
use crate::{Connector, ConnectorError, Person, Request};

const PATH: [&str; 2] = ["v3", "conversations"];

/// A thread just begun in a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartedThread {
    /// Where answers in the thread go.
    pub conversation: ConversationId,
    /// Its first message.
    pub activity: Option<ActivityId>,
}

/// Creating conversations. Teams takes two shapes only; a bot cannot create group chats or channels.
///
/// Source: Microsoft Learn, "Send proactive messages".
impl Connector {
    /// The personal chat with somebody. Idempotent: the same person gives the same conversation.
    ///
    /// Nobody is told of it: it is the first message that appears.
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
            channel_data: Some(TeamsChannelData {
                tenant: Some(TenantInfo::new(tenant.clone())),
                ..Default::default()
            }),
            ..ConversationParameters::default()
        };
        self.create(service_url, &parameters)
    }

    /// Writes a message that begins a new thread in a channel. Not idempotent.
    ///
    /// ```no_run
    /// # use pregon_auth::TrustedServiceUrl;
    /// # use pregon_connector::{Connector, ConnectorError};
    /// # use pregon_model::{TeamChannelId, TenantId};
    /// # async fn example(connector: Connector, url: TrustedServiceUrl, channel: TeamChannelId, tenant: TenantId)
    /// # -> Result<(), ConnectorError> {
    /// let thread = connector.create_thread(&url, &channel, &tenant).markdown("**4.2** is out").await?;
    /// connector.send(&url, &thread.conversation).text("Notes follow").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_thread(
        &self,
        service_url: &TrustedServiceUrl,
        channel: &TeamChannelId,
        tenant: &TenantId,
    ) -> MessageRequest<'_, StartedThread> {
        let request = self.request(Method::POST, service_url, &PATH, read_thread);
        MessageRequest::new(request, Some(in_channel(channel, tenant)))
    }

    /// A new thread with a ready first message; see [`Connector::create_thread`].
    pub fn create_thread_activity(
        &self,
        service_url: &TrustedServiceUrl,
        channel: &TeamChannelId,
        tenant: &TenantId,
        activity: &Activity,
    ) -> Request<'_, StartedThread> {
        let request = self.request(Method::POST, service_url, &PATH, read_thread);
        request.map(|call| enclose(call, Some(in_channel(channel, tenant)), activity))
    }

    /// `POST /v3/conversations` with parameters of the caller's own.
    pub fn create(
        &self,
        service_url: &TrustedServiceUrl,
        parameters: &ConversationParameters,
    ) -> Request<'_, ConversationResourceResponse> {
        self.post(service_url, &PATH, parameters, |answer| answer?.json())
    }
}

/// The parameters of a thread but for its first message. The tenant is in both places Teams reads.
fn in_channel(channel: &TeamChannelId, tenant: &TenantId) -> Value {
    let data = json!({"channel": {"id": channel}, "tenant": {"id": tenant}});
    json!({"isGroup": true, "tenantId": tenant, "channelData": data})
}

fn read_thread(answer: Result<Answer, ConnectorError>) -> Result<StartedThread, ConnectorError> {
    let created: ConversationResourceResponse = answer?.json()?;
    let activity = created.activity_id.or_else(|| created.id.thread_root());
    Ok(StartedThread { conversation: created.id, activity })
}
