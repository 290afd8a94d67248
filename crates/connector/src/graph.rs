use std::sync::Arc;

use pregon_auth::{Clock, Endpoints, HttpClient, TokenFor, TokenSource};
use pregon_model::{CatalogAppId, ConversationId, GroupId, ObjectId, TenantId};
use reqwest::Method;
use serde_json::json;

use crate::graph_types::{Entity, Page};
use crate::request::Read;
use crate::transport::{Call, Transport};
use crate::{
    CatalogApp, ConnectorError, GraphChannel, Installation, InstallationId, Installed, RawRequest, Request, UserProfile,
};

/// A person, as Graph finds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserKey<'a> {
    /// Entra object id.
    Id(&'a ObjectId),
    /// User principal name; often, but not always, the e-mail address.
    Upn(&'a str),
}

impl UserKey<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Id(id) => id.as_str(),
            Self::Upn(upn) => upn,
        }
    }
}

impl<'a> From<&'a ObjectId> for UserKey<'a> {
    fn from(id: &'a ObjectId) -> Self {
        Self::Id(id)
    }
}

/// Client of the parts of Microsoft Graph a bot needs: installing its app and finding people.
///
/// Graph tokens belong to one tenant, so every call starts from [`Graph::tenant`].
///
/// ```no_run
/// # use pregon_connector::{ConnectorError, Graph, UserKey};
/// # use pregon_model::TenantId;
/// # async fn example(graph: Graph, tenant: TenantId) -> Result<(), ConnectorError> {
/// let graph = graph.tenant(&tenant);
/// let Some(app) = graph.catalog_app("7e2b9d40-1c3a-4f58-9d6e-2a8b5c7f0e13").await? else { return Ok(()) };
/// let ada = UserKey::Upn("ada@contoso.example");
/// graph.install_for_user(ada, &app.id).await?; // already installed is success, too
/// if let Some(installation) = graph.installation_for_user(ada, &app.id).await? {
///     let chat = graph.chat_of_installation(ada, &installation.id).await?;
///     println!("the conversation is {chat:?}");
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Graph {
    transport: Transport,
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
        TenantGraph { graph: self, target: TokenFor::Graph(tenant.clone()) }
    }
}

/// Graph in one tenant; see [`Graph::tenant`].
#[derive(Clone, Debug)]
pub struct TenantGraph<'a> {
    graph: &'a Graph,
    target: TokenFor,
}

impl<'a> TenantGraph<'a> {
    /// The app in the tenant's catalogue by the id of its manifest; `None` when it is not there.
    ///
    /// Permission: `AppCatalog.Read.All`.
    pub fn catalog_app(&self, manifest_id: &str) -> Request<'a, Option<CatalogApp>> {
        let filter = format!("externalId eq {}", quoted(manifest_id));
        let call = self.call(Method::GET, &["appCatalogs", "teamsApps"]).map(|call| call.query("$filter", &filter));
        self.request(call, |answer| Ok(answer?.json::<Page<CatalogApp>>()?.first()))
    }

    /// Installs an app for a person. Permission: `TeamsAppInstallation.ReadWriteSelfForUser.All`.
    ///
    /// Takes effect a little later: Teams then tells the bot with an `installationUpdate`.
    pub fn install_for_user<'k>(&self, user: impl Into<UserKey<'k>>, app: &CatalogAppId) -> Request<'a, Installed> {
        self.install(&["users", user.into().as_str(), "teamwork", "installedApps"], app)
    }

    /// Installs an app in a team. Permission: `TeamsAppInstallation.ReadWriteSelfForTeam.All`.
    pub fn install_for_team(&self, team: &GroupId, app: &CatalogAppId) -> Request<'a, Installed> {
        self.install(&["teams", team.as_str(), "installedApps"], app)
    }

    /// The installation of an app for a person; `None` when there is none.
    pub fn installation_for_user<'k>(
        &self,
        user: impl Into<UserKey<'k>>,
        app: &CatalogAppId,
    ) -> Request<'a, Option<Installation>> {
        self.installation(&["users", user.into().as_str(), "teamwork", "installedApps"], app)
    }

    /// The installation of an app in a team; `None` when there is none.
    pub fn installation_for_team(&self, team: &GroupId, app: &CatalogAppId) -> Request<'a, Option<Installation>> {
        self.installation(&["teams", team.as_str(), "installedApps"], app)
    }

    /// The personal chat of an installation: a conversation id the Connector takes.
    ///
    /// `None` when the installation is gone or has no chat yet.
    pub fn chat_of_installation<'k>(
        &self,
        user: impl Into<UserKey<'k>>,
        installation: &InstallationId,
    ) -> Request<'a, Option<ConversationId>> {
        let user = user.into();
        let path = ["users", user.as_str(), "teamwork", "installedApps", installation.as_str(), "chat"];
        self.request(self.call(Method::GET, &path), |answer| match answer {
            Err(error) if error.status() == Some(404) => Ok(None),
            answer => Ok(Some(answer?.json::<Entity<ConversationId>>()?.id)),
        })
    }

    /// A person's profile; `None` when the tenant does not know them. Permission: `User.Read.All`.
    pub fn user<'k>(&self, user: impl Into<UserKey<'k>>) -> Request<'a, Option<UserProfile>> {
        let call = self.call(Method::GET, &["users", user.into().as_str()]);
        self.request(call.map(|call| call.query("$select", UserProfile::SELECT)), |answer| match answer {
            Err(error) if error.status() == Some(404) => Ok(None),
            answer => answer?.json().map(Some),
        })
    }

    /// The channels of a team. Permission: `Channel.ReadBasic.All`.
    pub fn team_channels(&self, team: &GroupId) -> Request<'a, Vec<GraphChannel>> {
        let call = self.call(Method::GET, &["teams", team.as_str(), "channels"]);
        self.request(call, |answer| Ok(answer?.json::<Page<GraphChannel>>()?.value))
    }

    /// Any other call, with our token and our errors. Segments are percent-encoded here.
    pub fn raw(&self, method: Method, segments: &[&str]) -> RawRequest<'a> {
        RawRequest::new(&self.graph.transport, self.call(method, segments))
    }

    fn install(&self, path: &[&str], app: &CatalogAppId) -> Request<'a, Installed> {
        let bind = self.graph.endpoints.graph_endpoint(&["appCatalogs", "teamsApps", app.as_str()]);
        let call = self.call(Method::POST, path).and_then(|call| {
            let bind = bind.ok_or(ConnectorError::BadId)?;
            call.json(&json!({ "teamsApp@odata.bind": bind.as_str() }))
        });
        self.request(call, |answer| match answer {
            Ok(_) => Ok(Installed::Now),
            Err(error) if error.status() == Some(409) => Ok(Installed::Already),
            Err(error) => Err(error),
        })
    }

    fn installation(&self, path: &[&str], app: &CatalogAppId) -> Request<'a, Option<Installation>> {
        let filter = format!("teamsApp/id eq {}", quoted(app.as_str()));
        let call = self.call(Method::GET, path);
        let call = call.map(|call| call.query("$expand", "teamsApp,teamsAppDefinition").query("$filter", &filter));
        self.request(call, |answer| Ok(answer?.json::<Page<Installation>>()?.first()))
    }

    fn call(&self, method: Method, segments: &[&str]) -> Result<Call, ConnectorError> {
        Call::new(method, self.graph.endpoints.graph_endpoint(segments), self.target.clone())
    }

    fn request<T>(&self, call: Result<Call, ConnectorError>, read: Read<T>) -> Request<'a, T> {
        Request::new(&self.graph.transport, call, read)
    }
}

/// A text of a `$filter`: in single quotes, and those inside doubled.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
