//! The client of the Bot Connector: one file for each of its resources.

mod activities;
mod attachments;
mod batch;
mod batch_end;
mod conversations;
mod draft;
mod meetings;
mod members;
mod message;
mod person;
mod reactions;
mod teams;

use std::sync::Arc;

use pregon_auth::{Clock, HttpClient, TokenFor, TokenSource, TrustedServiceUrl};
use reqwest::Method;
use serde::Serialize;

use crate::request::Read;
use crate::transport::{Call, Transport};
use crate::{ConnectorError, RawRequest, Request};

pub use activities::DeleteRequest;
pub use attachments::{Download, DownloadRequest};
pub use conversations::StartedThread;
pub use draft::BadMessage;
pub use members::PagedMembersRequest;
pub use message::MessageRequest;
pub use person::Person;

/// Client of the Bot Connector: what a bot does in conversations, teams and meetings.
///
/// | to | take |
/// |---|---|
/// | begin a conversation | [`create_personal`](Self::create_personal), [`create_thread`](Self::create_thread) |
/// | speak in it | [`send`](Self::send), [`reply`](Self::reply), [`add_reaction`](Self::add_reaction) |
/// | change what was said | [`update`](Self::update), [`delete`](Self::delete) |
/// | see who is there | [`each_member`](Self::each_member), [`member`](Self::member), [`team`](Self::team), [`channels`](Self::channels) |
/// | speak to many at once | [`batch_to_people`](Self::batch_to_people), [`batch_to_team`](Self::batch_to_team), [`batch_to_channels`](Self::batch_to_channels), [`batch_to_tenant`](Self::batch_to_tenant), then [`batch_end`](Self::batch_end) and [`batch_failures`](Self::batch_failures) |
/// | read and store files | [`download`](Self::download), [`upload_attachment`](Self::upload_attachment) |
/// | take part in meetings | [`meeting`](Self::meeting), [`meeting_participant`](Self::meeting_participant), [`notify_meeting`](Self::notify_meeting) |
///
/// Every call takes a [`TrustedServiceUrl`] and is a request that does nothing until it is awaited.
/// There are four rungs, each for what the one above has no word for:
///
/// 1. a builder that writes the message: [`Connector::send`] and its like, a [`MessageRequest`];
/// 2. the call with a ready [`Activity`](pregon_model::Activity): [`Connector::send_activity`];
/// 3. any method and path, with our token and our errors: [`Connector::raw`];
/// 4. the answer as it comes, whatever its status: [`RawRequest::response`].
///
/// ```no_run
/// # use pregon_auth::TrustedServiceUrl;
/// # use pregon_connector::{Connector, ConnectorError};
/// # use pregon_model::{MemberId, TenantId};
/// # async fn example(connector: Connector, service_url: TrustedServiceUrl, ada: MemberId, tenant: TenantId)
/// # -> Result<(), ConnectorError> {
/// let chat = connector.create_personal(&service_url, &ada, &tenant).await?;
/// match connector.send(&service_url, &chat.id).text("Build 412 is green").alert().await {
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

    /// Any other call, with our token and our errors. Segments are percent-encoded here.
    ///
    /// ```no_run
    /// # use pregon_auth::TrustedServiceUrl;
    /// # use pregon_connector::{Connector, ConnectorError, Method};
    /// # async fn example(connector: Connector, service_url: TrustedServiceUrl) -> Result<(), ConnectorError> {
    /// let path = ["v1", "meetings", "MCMxOTptZWV0aW5n"];
    /// let answer = connector.raw(Method::GET, &service_url, &path).await?;
    /// let meeting: serde_json::Value = answer.json()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(&self, method: Method, service_url: &TrustedServiceUrl, segments: &[&str]) -> RawRequest<'_> {
        RawRequest::new(&self.transport, call(method, service_url, segments))
    }

    fn request<T>(
        &self,
        method: Method,
        service_url: &TrustedServiceUrl,
        segments: &[&str],
        read: Read<T>,
    ) -> Request<'_, T> {
        Request::new(&self.transport, call(method, service_url, segments), read)
    }

    fn get<T>(&self, service_url: &TrustedServiceUrl, segments: &[&str], read: Read<T>) -> Request<'_, T> {
        self.request(Method::GET, service_url, segments, read)
    }

    fn post<T>(
        &self,
        service_url: &TrustedServiceUrl,
        segments: &[&str],
        body: &impl Serialize,
        read: Read<T>,
    ) -> Request<'_, T> {
        self.request(Method::POST, service_url, segments, read).map(|call| call.json(body))
    }
}

fn call(method: Method, service_url: &TrustedServiceUrl, segments: &[&str]) -> Result<Call, ConnectorError> {
    Call::new(method, service_url.endpoint(segments), TokenFor::Connector)
}
