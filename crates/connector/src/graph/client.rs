use std::sync::Arc;

use pregon_auth::{Clock, Endpoints, HttpClient, TokenFor, TokenSource, UntrustedServiceUrl};
use pregon_model::TenantId;
use reqwest::Method;
use serde::Serialize;
use url::Url;

use super::{InDirectory, List, Priority};
use crate::request::Read;
use crate::transport::{Call, Transport};
use crate::{ConnectorError, RawRequest, Request};

/// Client of the parts of Microsoft Graph a bot needs; [`crate::graph`] shows what it can do.
///
/// Graph tokens belong to one tenant, so every call starts from [`Graph::tenant`].
#[derive(Clone, Debug)]
pub struct Graph {
    pub(super) transport: Transport,
    endpoints: Arc<Endpoints>,
}

impl Graph {
    /// A client that calls with this bot's tokens.
    pub fn new(http: HttpClient, tokens: Arc<dyn TokenSource>, endpoints: Arc<Endpoints>) -> Self {
        Self { transport: Transport::new(http, tokens), endpoints }
    }

    /// Reads `Retry-After` dates by this clock.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { transport: self.transport.with_clock(clock), ..self }
    }

    /// Calls in this tenant.
    pub fn tenant(&self, tenant: &TenantId) -> TenantGraph<'_> {
        TenantGraph { graph: self, target: TokenFor::Graph(tenant.clone()), priority: None }
    }
}

/// Graph in one tenant: all its calls; made by [`Graph::tenant`].
///
/// | about | take |
/// |---|---|
/// | the app | [`catalog_app`](Self::catalog_app), [`apps_of_user`](Self::apps_of_user), [`apps_of_team`](Self::apps_of_team), [`apps_of_chat`](Self::apps_of_chat) |
/// | people | [`user`](Self::user), [`users`](Self::users), [`users_by_email`](Self::users_by_email), [`users_by_id`](Self::users_by_id), [`mailbox_time_zone`](Self::mailbox_time_zone) |
/// | groups | [`group`](Self::group), [`groups`](Self::groups), [`members`](Self::members), [`transitive_member_users`](Self::transitive_member_users) |
/// | teams and chats | [`team`](Self::team), [`teams`](Self::teams), [`channels`](Self::channels), [`team_members`](Self::team_members), [`joined_teams`](Self::joined_teams), [`chats`](Self::chats) |
/// | what changed | [`user_changes`](Self::user_changes), [`group_changes`](Self::group_changes) |
/// | the activity feed | [`notify_user`](Self::notify_user), [`notify_users`](Self::notify_users), [`notify_in_chat`](Self::notify_in_chat), [`notify_in_team`](Self::notify_in_team) |
/// | many calls at once | [`batch`](Self::batch) |
/// | all the rest | [`raw`](Self::raw), [`raw_list`](Self::raw_list) |
#[derive(Clone, Debug)]
pub struct TenantGraph<'a> {
    pub(super) graph: &'a Graph,
    pub(super) target: TokenFor,
    priority: Option<Priority>,
}

impl<'a> TenantGraph<'a> {
    /// Makes all calls with this priority: work that can wait should be throttled first.
    #[must_use]
    pub fn priority(self, priority: Priority) -> Self {
        Self { priority: Some(priority), ..self }
    }

    /// Any other call, with our token and our errors. Segments are percent-encoded here.
    pub fn raw(&self, method: Method, segments: &[&str]) -> RawRequest<'a> {
        RawRequest::new(&self.graph.transport, self.call(method, segments))
    }

    /// Any other list, read page after page. Segments are percent-encoded here.
    ///
    /// ```no_run
    /// # use pregon_connector::ConnectorError;
    /// # use pregon_connector::graph::TenantGraph;
    /// # use serde_json::Value;
    /// use std::pin::pin;
    /// use futures_util::TryStreamExt as _;
    ///
    /// # async fn example(graph: TenantGraph<'_>, group: &str) -> Result<(), ConnectorError> {
    /// let mut owners = pin!(graph.raw_list::<Value>(&["groups", group, "owners"]).items());
    /// while let Some(owner) = owners.try_next().await? {
    ///     println!("{}", owner["id"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw_list<T>(&self, segments: &[&str]) -> List<'a, T> {
        List::new(self.clone(), self.call(Method::GET, segments))
    }

    pub(super) fn get<T>(&self, segments: &[&str], read: Read<T>) -> Request<'a, T> {
        self.request(self.call(Method::GET, segments), read)
    }

    pub(super) fn post<T>(&self, segments: &[&str], body: &impl Serialize, read: Read<T>) -> Request<'a, T> {
        self.request(self.call(Method::POST, segments).and_then(|call| call.json(body)), read)
    }

    pub(super) fn request<T>(&self, call: Result<Call, ConnectorError>, read: Read<T>) -> Request<'a, T> {
        Request::new(&self.graph.transport, call, read)
    }

    /// A list that takes advanced queries.
    pub(super) fn directory<T: InDirectory>(&self, segments: &[&str]) -> List<'a, T> {
        let mut list = self.raw_list(segments);
        list.query.directory = true;
        list
    }

    pub(super) fn call(&self, method: Method, segments: &[&str]) -> Result<Call, ConnectorError> {
        let call = Call::new(method, self.graph.endpoints.graph_endpoint(segments), self.target.clone())?;
        Ok(self.prioritised(call))
    }

    /// The call of a link from an answer, verbatim. A token goes nowhere but to the configured Graph.
    pub(super) fn follow(&self, link: &str) -> Result<Call, ConnectorError> {
        let url = Url::parse(link).ok();
        match url.filter(|url| self.is_own(url)) {
            Some(url) => Ok(self.prioritised(Call::new(Method::GET, Some(url), self.target.clone())?)),
            None => Err(self.leads_away(link)),
        }
    }

    /// Whether a token for Graph may go to this address.
    pub(super) fn is_own(&self, url: &Url) -> bool {
        let plain = url.username().is_empty() && url.password().is_none();
        plain && url.origin() == self.base().origin()
    }

    /// The address of a resource, as bodies name it.
    pub(super) fn address(&self, segments: &[&str]) -> Result<String, ConnectorError> {
        Ok(self.graph.endpoints.graph_endpoint(segments).ok_or(ConnectorError::BadId)?.into())
    }

    /// Base of all calls, with the version.
    pub(super) fn base(&self) -> &Url {
        self.graph.endpoints.graph()
    }

    fn prioritised(&self, call: Call) -> Call {
        match self.priority {
            Some(priority) => call.header("x-ms-throttle-priority", priority.as_str()),
            None => call,
        }
    }

    /// Says where the link leads, but not the token in it, which may tell of the tenant.
    fn leads_away(&self, link: &str) -> ConnectorError {
        let origin =
            Url::parse(link).map_or_else(|_| "no address".to_owned(), |url| url.origin().ascii_serialization());
        let why = format!("a link of Graph must lead to {}", self.base().origin().ascii_serialization());
        UntrustedServiceUrl { service_url: origin, why }.into()
    }
}
