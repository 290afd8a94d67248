use futures_util::Stream;
use pregon_auth::TrustedServiceUrl;
use pregon_connector::{Connector, ConnectorError, DeleteRequest, MessageRequest, Person, Request, StartedThread};
use pregon_model::{ActivityId, ConversationId, TeamChannelId, TeamsChannelAccount, TenantId};

/// A conversation the bot may speak in, in a turn or out of one.
///
/// It comes from [`Turn::conversation`](crate::Turn::conversation) or, unasked, from
/// [`Bot::conversation`](crate::Bot::conversation). It is the Connector's client with the address filled
/// in: every call is a builder that does nothing until it is awaited. Clones are cheap, and may outlive
/// the turn.
#[derive(Clone, Debug)]
pub struct Conversation {
    pub(crate) connector: Connector,
    pub(crate) service_url: TrustedServiceUrl,
    pub(crate) id: ConversationId,
    pub(crate) tenant: TenantId,
}

impl Conversation {
    /// Its id; in a thread with the thread's part.
    pub fn id(&self) -> &ConversationId {
        &self.id
    }

    /// The organisation it is in.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// Where the Connector of this conversation is.
    pub fn service_url(&self) -> &TrustedServiceUrl {
        &self.service_url
    }

    /// The client, for every call that has no method here.
    pub fn connector(&self) -> &Connector {
        &self.connector
    }

    /// Writes a message. In a channel it goes to the thread, or without one begins a new thread.
    pub fn send(&self) -> MessageRequest<'_, Option<ActivityId>> {
        self.connector.send(&self.service_url, &self.id)
    }

    /// Writes a message that answers another one.
    pub fn reply(&self, to: &ActivityId) -> MessageRequest<'_, Option<ActivityId>> {
        self.connector.reply(&self.service_url, &self.id, to)
    }

    /// Replaces one of the bot's own messages by a new one, whole.
    pub fn update(&self, id: &ActivityId) -> MessageRequest<'_, ()> {
        self.connector.update(&self.service_url, &self.id, id)
    }

    /// Deletes one of the bot's own messages.
    pub fn delete(&self, id: &ActivityId) -> DeleteRequest<'_> {
        self.connector.delete(&self.service_url, &self.id, id)
    }

    /// Writes a message that begins a new thread in this channel; [`Conversation::at`] its conversation
    /// is the thread.
    pub fn new_thread(&self) -> MessageRequest<'_, StartedThread> {
        let channel = TeamChannelId::new(self.id.channel().as_str());
        self.connector.create_thread(&self.service_url, &channel, &self.tenant)
    }

    /// Everybody in this chat; in a channel, everybody in its team, or in the channel if it is private
    /// or shared. Fetched page by page as the stream is read; ends after an error.
    pub fn members(&self) -> impl Stream<Item = Result<TeamsChannelAccount, ConnectorError>> + Send + '_ {
        self.connector.each_member(&self.service_url, &self.id)
    }

    /// What the roster tells of somebody, the e-mail address among it; `None` when they are not here.
    pub fn member<'p>(&self, person: impl Into<Person<'p>>) -> Request<'_, Option<TeamsChannelAccount>> {
        self.connector.member(&self.service_url, &self.id, person)
    }

    /// The personal chat with somebody of this conversation, created if there was none: nobody is told
    /// of it before the first message.
    ///
    /// # Errors
    /// [`ConnectorError::NotInstalled`] when the bot is neither installed for them nor anywhere they are.
    pub async fn personal_chat<'p>(&self, person: impl Into<Person<'p>>) -> Result<Conversation, ConnectorError> {
        let request = self.connector.create_personal(&self.service_url, person, &self.tenant);
        Ok(self.at(request.await?.id))
    }

    /// Another conversation of the same organisation whose id is known: a thread just begun, a channel,
    /// a stored chat.
    #[must_use]
    pub fn at(&self, id: ConversationId) -> Conversation {
        Self { id, ..self.clone() }
    }

    /// A channel of the team, to begin threads in.
    #[must_use]
    pub fn channel(&self, id: &TeamChannelId) -> Conversation {
        self.at(ConversationId::new(id.as_str()))
    }
}
