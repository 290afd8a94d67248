use std::sync::Arc;

use futures_util::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use pregon_auth::TrustedServiceUrl;
use pregon_model::{
    BatchFailure, BatchFailures, BatchOperation, BatchState, OperationId, TeamChannelId, TeamId, TenantId,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::activities::read_nothing;
use super::message::MessageRequest;
use crate::pages::{Page, pages};
use crate::transport::Answer;
use crate::{Connector, ConnectorError, Person, Request};

/// One message to many at once, sent by Teams in its own time and order, each to a conversation of its
/// own. The bot must be installed for them. A batch counts as one call against the limits.
///
/// Source: Microsoft's SDKs (`TeamsOperations`); there is no page with limits.
impl Connector {
    /// Writes a message to these people, each in their personal chat.
    pub fn batch_to_people<'a, 'p>(
        &'a self,
        service_url: &TrustedServiceUrl,
        tenant: &TenantId,
        people: impl IntoIterator<Item = impl Into<Person<'p>>>,
    ) -> MessageRequest<'a, OperationId> {
        let members: Vec<_> = people.into_iter().map(|person| json!({"id": person.into().as_str()})).collect();
        self.batch(service_url, "users", json!({"tenantId": tenant, "members": members}))
    }

    /// Writes a message to everybody in the tenant who has the app.
    pub fn batch_to_tenant(
        &self,
        service_url: &TrustedServiceUrl,
        tenant: &TenantId,
    ) -> MessageRequest<'_, OperationId> {
        self.batch(service_url, "tenant", json!({"tenantId": tenant}))
    }

    /// Writes a message to the members of a team, each in their personal chat.
    pub fn batch_to_team(
        &self,
        service_url: &TrustedServiceUrl,
        tenant: &TenantId,
        team: &TeamId,
    ) -> MessageRequest<'_, OperationId> {
        self.batch(service_url, "team", json!({"tenantId": tenant, "teamId": team}))
    }

    /// Writes a message to these channels, as a new thread in each.
    pub fn batch_to_channels<'a, 'c>(
        &'a self,
        service_url: &TrustedServiceUrl,
        tenant: &TenantId,
        channels: impl IntoIterator<Item = &'c TeamChannelId>,
    ) -> MessageRequest<'a, OperationId> {
        let members: Vec<_> = channels.into_iter().map(|channel| json!({"id": channel})).collect();
        self.batch(service_url, "channels", json!({"tenantId": tenant, "members": members}))
    }

    /// How far a batch is. Ask no earlier than the last answer's `retry_after`; see
    /// [`Connector::batch_end`].
    pub fn batch_state(&self, service_url: &TrustedServiceUrl, batch: &OperationId) -> Request<'_, BatchState> {
        self.get(service_url, &path(batch.as_str()), |answer| answer?.json())
    }

    /// Everybody a batch did not reach so far, page after page, fetched as the stream is read. Ends
    /// after an error.
    pub fn batch_failures(
        &self,
        service_url: &TrustedServiceUrl,
        batch: &OperationId,
    ) -> impl Stream<Item = Result<BatchFailure, ConnectorError>> + Send + '_ {
        let pages = self.batch_failure_pages(service_url, batch);
        pages.map_ok(|page| stream::iter(page.failed_entry_responses).map(Ok)).try_flatten()
    }

    /// The same, by pages.
    pub fn batch_failure_pages(
        &self,
        service_url: &TrustedServiceUrl,
        batch: &OperationId,
    ) -> impl Stream<Item = Result<BatchFailures, ConnectorError>> + Send + '_ {
        let (service_url, batch) = (service_url.clone(), batch.clone());
        pages(move |token| {
            let path = [&path("failedentries")[..], &[batch.as_str()]].concat();
            let request = self.get(&service_url, &path, |answer| answer?.json());
            let request = request.map(|call| match token {
                Some(token) => Ok(call.query("continuationToken", token)),
                None => Ok(call),
            });
            request.into_future()
        })
    }

    /// Stops what a batch has not sent yet.
    pub fn cancel_batch(&self, service_url: &TrustedServiceUrl, batch: &OperationId) -> Request<'_, ()> {
        self.request(Method::DELETE, service_url, &path(batch.as_str()), read_nothing)
    }

    fn batch(
        &self,
        service_url: &TrustedServiceUrl,
        audience: &str,
        parameters: Value,
    ) -> MessageRequest<'_, OperationId> {
        let request = self.request(Method::POST, service_url, &path(audience), read_operation);
        MessageRequest::new(request, Some(parameters))
    }
}

impl Page for BatchFailures {
    fn continuation(&self) -> Option<&str> {
        self.continuation_token.as_deref()
    }
}

fn path(last: &str) -> [&str; 4] {
    ["v3", "batch", "conversation", last]
}

fn read_operation(answer: Result<Answer, ConnectorError>) -> Result<OperationId, ConnectorError> {
    let answer = answer?;
    let begun = BatchOperation::parse(answer.bytes()?).map_err(|error| answer.unreadable(Arc::new(error)))?;
    Ok(begun.operation_id)
}
