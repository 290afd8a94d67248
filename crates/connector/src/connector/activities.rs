use std::sync::Arc;

use pregon_auth::TrustedServiceUrl;
use pregon_model::{Activity, ActivityId, ConversationId, ResourceResponse};
use reqwest::Method;
use serde::de::IgnoredAny;

use super::message::{MessageRequest, TARGETED};
use crate::request::awaited_as_request;
use crate::transport::Answer;
use crate::{Connector, ConnectorError, Request};

/// Sending, answering, replacing and deleting messages.
///
/// Source: Microsoft Learn, "Update and delete messages sent from bot" and "Send proactive messages".
impl Connector {
    /// Writes a message and sends it. Not idempotent, and Teams takes no idempotency key.
    ///
    /// In a channel, an id without `;messageid=` begins a new thread. `None` means delivered without
    /// an id: typing, or a message Teams split in two.
    ///
    /// ```no_run
    /// # use pregon_auth::TrustedServiceUrl;
    /// # use pregon_connector::{Connector, ConnectorError};
    /// use pregon_model::card::AdaptiveCard;
    /// # use pregon_model::ConversationId;
    /// # async fn example(connector: Connector, url: TrustedServiceUrl, chat: ConversationId)
    /// # -> Result<(), ConnectorError> {
    ///
    /// let card = AdaptiveCard::new().heading("Build 412 runs");
    /// if let Some(id) = connector.send(&url, &chat).card(card, "Build 412 runs").await? {
    ///     connector.update(&url, &chat, &id).text("Build 412 is green").await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
    ) -> MessageRequest<'_, Option<ActivityId>> {
        let request = self.request(Method::POST, service_url, &path(conversation), read_id);
        MessageRequest::new(request, None)
    }

    /// Sends a ready activity as it is; see [`Connector::send`].
    pub fn send_activity(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        activity: &Activity,
    ) -> Request<'_, Option<ActivityId>> {
        self.post(service_url, &path(conversation), activity, read_id)
    }

    /// Writes a message that answers another one; see [`Connector::send`].
    pub fn reply(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        to: &ActivityId,
    ) -> MessageRequest<'_, Option<ActivityId>> {
        let request = self.request(Method::POST, service_url, &path_of(conversation, to), read_id);
        MessageRequest::new(request, None)
    }

    /// Answers a message with a ready activity; see [`Connector::reply`].
    pub fn reply_activity(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        to: &ActivityId,
        activity: &Activity,
    ) -> Request<'_, Option<ActivityId>> {
        self.post(service_url, &path_of(conversation, to), activity, read_id)
    }

    /// Replaces one of the bot's own messages by a new one, whole. Idempotent.
    pub fn update(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        id: &ActivityId,
    ) -> MessageRequest<'_, ()> {
        let request = self.request(Method::PUT, service_url, &path_of(conversation, id), read_nothing);
        MessageRequest::new(request, None)
    }

    /// Replaces a message by a ready activity; see [`Connector::update`].
    pub fn update_activity(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        id: &ActivityId,
        activity: &Activity,
    ) -> Request<'_, ()> {
        self.request(Method::PUT, service_url, &path_of(conversation, id), read_nothing).map(|call| call.json(activity))
    }

    /// Deletes one of the bot's own messages. Idempotent but for the answer: the second time it is
    /// [`ConnectorError::ActivityNotFound`].
    pub fn delete(
        &self,
        service_url: &TrustedServiceUrl,
        conversation: &ConversationId,
        id: &ActivityId,
    ) -> DeleteRequest<'_> {
        DeleteRequest(self.request(Method::DELETE, service_url, &path_of(conversation, id), read_nothing))
    }
}

/// Deletes a message; see [`Connector::delete`].
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct DeleteRequest<'a>(Request<'a, ()>);

impl DeleteRequest<'_> {
    /// The message was sent to one person only; see [`MessageRequest::targeted`]. Preview.
    pub fn targeted(self) -> Self {
        Self(self.0.map(|call| Ok(call.query(TARGETED, "true"))))
    }
}

awaited_as_request!(DeleteRequest => ());

fn path(conversation: &ConversationId) -> [&str; 4] {
    ["v3", "conversations", conversation.as_str(), "activities"]
}

pub(super) fn path_of<'a>(conversation: &'a ConversationId, activity: &'a ActivityId) -> [&'a str; 5] {
    ["v3", "conversations", conversation.as_str(), "activities", activity.as_str()]
}

/// The id of a message that was taken. The status proves it was; a body without an id, or one that
/// broke off, only means that the id is not known.
fn read_id(answer: Result<Answer, ConnectorError>) -> Result<Option<ActivityId>, ConnectorError> {
    Ok(of_teams(answer?)?.json::<ResourceResponse>().ok().and_then(|response| response.id))
}

pub(super) fn read_nothing(answer: Result<Answer, ConnectorError>) -> Result<(), ConnectorError> {
    of_teams(answer?).map(|_| ())
}

/// A plain 200 proves nothing when a page comes with it: portals and proxies answer so in the service's
/// place. Teams writes JSON, or nothing.
fn of_teams(answer: Answer) -> Result<Answer, ConnectorError> {
    let is_json = |body: &[u8]| serde_json::from_slice::<IgnoredAny>(body);
    match &answer.body {
        Ok(body) if answer.status == 200 && !body.trim_ascii().is_empty() => match is_json(body) {
            Ok(_) => Ok(answer),
            Err(error) => Err(answer.unreadable(Arc::new(error))),
        },
        _ => Ok(answer),
    }
}
