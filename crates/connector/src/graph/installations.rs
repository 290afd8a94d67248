use std::marker::PhantomData;

use pregon_model::{CatalogAppId, ConversationId, GroupId};
use reqwest::Method;
use serde_json::{Value, json};

use super::read::{done, found};
use super::{
    Chat, Filter, Installation, InstallationId, Installed, List, Page, ResourcePermission, TenantGraph, UserKey,
};
use crate::Request;

/// The apps of a person, see [`TenantGraph::apps_of_user`].
#[derive(Clone, Copy, Debug)]
pub enum UserScope {}

/// The apps of a team, see [`TenantGraph::apps_of_team`].
#[derive(Clone, Copy, Debug)]
pub enum TeamScope {}

/// The apps of a chat, see [`TenantGraph::apps_of_chat`].
#[derive(Clone, Copy, Debug)]
pub enum ChatScope {}

/// Where apps are installed: for people, in teams, in chats.
///
/// `Self` in a permission reaches only the app whose manifest names the calling registration in
/// `webApplicationInfo.id`. Whoever installs an app that asks for resource-specific permissions needs
/// `ReadWriteAndConsent` in place of `ReadWrite`. Limit: 30 calls a second for one app in one tenant,
/// 15 that remove.
impl<'a> TenantGraph<'a> {
    /// The apps of a person.
    ///
    /// Permission: to read `TeamsAppInstallation.ReadForUser.All`, to change
    /// `TeamsAppInstallation.ReadWriteSelfForUser.All`, then `ReadWriteForUser.All`.
    ///
    /// Source: Microsoft Learn, "Install app for user" and "List apps installed for user".
    pub fn apps_of_user<'k>(&self, user: impl Into<UserKey<'k>>) -> Installations<'a, UserScope> {
        self.installations(&["users", user.into().as_str(), "teamwork", "installedApps"])
    }

    /// The apps of a team.
    ///
    /// Permission: to read `TeamsAppInstallation.Read.Group` (consented in the team) or
    /// `TeamsAppInstallation.ReadForTeam.All`, to change `TeamsAppInstallation.ReadWriteSelfForTeam.All`,
    /// then `ReadWriteForTeam.All`.
    ///
    /// Source: Microsoft Learn, "Add app to team" and "List apps in team".
    pub fn apps_of_team(&self, team: &GroupId) -> Installations<'a, TeamScope> {
        self.installations(&["teams", team.as_str(), "installedApps"])
    }

    /// The apps of a chat.
    ///
    /// Permission: to read `TeamsAppInstallation.ReadForChat.All`, to change
    /// `TeamsAppInstallation.ReadWriteSelfForChat.All`, then `ReadWriteForChat.All`.
    ///
    /// Source: Microsoft Learn, "Add app to chat" and "List apps in chat".
    pub fn apps_of_chat(&self, chat: &ConversationId) -> Installations<'a, ChatScope> {
        self.installations(&["chats", chat.as_str(), "installedApps"])
    }

    fn installations<S>(&self, path: &[&str]) -> Installations<'a, S> {
        let path = path.iter().map(|&segment| segment.to_owned()).collect();
        Installations { graph: self.clone(), path, scope: PhantomData }
    }
}

/// The apps installed in one place: for a person, in a team or in a chat.
///
/// Permissions, limits and pages stand with what makes one: [`TenantGraph::apps_of_user`],
/// [`TenantGraph::apps_of_team`] and [`TenantGraph::apps_of_chat`].
///
/// ```no_run
/// # use pregon_connector::ConnectorError;
/// # use pregon_connector::graph::{Installed, TenantGraph};
/// # use pregon_model::ObjectId;
/// # async fn example(graph: TenantGraph<'_>, ada: ObjectId) -> Result<(), ConnectorError> {
/// let manifest_id = "7e2b9d40-1c3a-4f58-9d6e-2a8b5c7f0e13";
/// let Some(app) = graph.catalog_app(manifest_id).await? else { return Ok(()) };
/// let apps = graph.apps_of_user(&ada);
/// if apps.add(&app.id).await? == Installed::Already
///     && let Some(installation) = apps.find(&app.id).await?
/// {
///     println!("the conversation is {:?}", apps.chat(&installation.id).await?);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Only a person's installation has a chat; a team's does not, and this does not compile:
///
/// ```compile_fail,E0599
/// # use pregon_connector::graph::{InstallationId, TenantGraph};
/// # async fn example(graph: TenantGraph<'_>, team: pregon_model::GroupId, installation: InstallationId) {
/// graph.apps_of_team(&team).chat(&installation).await;
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Installations<'a, S> {
    graph: TenantGraph<'a>,
    path: Vec<String>,
    scope: PhantomData<S>,
}

impl<'a, S> Installations<'a, S> {
    /// All apps installed there.
    pub fn list(&self) -> List<'a, Installation> {
        self.graph.raw_list(&self.segments(&[]))
    }

    /// The installation of an app, with app and version; `None` when it is not installed.
    pub fn find(&self, app: &CatalogAppId) -> Request<'a, Option<Installation>> {
        self.list().with_definitions().of_app(app).request(Page::read_first)
    }

    /// Installs an app. That it is there already is success, too.
    ///
    /// It takes effect a little later: Teams then tells the bot with an `installationUpdate`, the best
    /// source of the conversation. Apps of the organisation and the store can be installed,
    /// sideloaded ones cannot.
    ///
    /// # Errors
    ///
    /// Status 403: a permission is missing, the tenant's app policy is against it, or the manifest
    /// names another registration. Status 404: no such person, team or app, or no Teams licence; look
    /// the app up again.
    pub fn add(&self, app: &CatalogAppId) -> Request<'a, Installed> {
        self.install(app, None)
    }

    /// Installs an app and consents to the resource-specific permissions it asks for: exactly those of
    /// its manifest, or the answer is status 400 or 403.
    pub fn add_with_consent(&self, app: &CatalogAppId, consent: &[ResourcePermission]) -> Request<'a, Installed> {
        self.install(app, Some(permission_set(consent)))
    }

    /// Brings an installation to the version that is in the catalogue.
    ///
    /// Source: Microsoft Learn, "teamsAppInstallation in personal scope: upgrade" and its like.
    pub fn upgrade(&self, installation: &InstallationId) -> Request<'a, ()> {
        // An action without parameters still has a body: a POST without one has no length, which some
        // front ends refuse (411), and a batch wants one.
        self.graph.post(&self.segments(&[installation.as_str(), "upgrade"]), &json!({}), done)
    }

    /// Upgrades, and consents to the permissions the new version asks for; see
    /// [`Installations::add_with_consent`].
    pub fn upgrade_with_consent(
        &self,
        installation: &InstallationId,
        consent: &[ResourcePermission],
    ) -> Request<'a, ()> {
        let body = json!({ "consentedPermissionSet": permission_set(consent) });
        self.graph.post(&self.segments(&[installation.as_str(), "upgrade"]), &body, done)
    }

    /// Removes an installation. An app that the tenant's setup policy installs cannot be removed.
    ///
    /// Source: Microsoft Learn, "Uninstall app for user" and its like.
    pub fn remove(&self, installation: &InstallationId) -> Request<'a, ()> {
        let call = self.graph.call(Method::DELETE, &self.segments(&[installation.as_str()]));
        self.graph.request(call, done)
    }

    fn install(&self, app: &CatalogAppId, consent: Option<Value>) -> Request<'a, Installed> {
        let call = self.graph.call(Method::POST, &self.segments(&[])).and_then(|call| {
            let app = self.graph.address(&["appCatalogs", "teamsApps", app.as_str()])?;
            let mut body = json!({ "teamsApp@odata.bind": app });
            if let Some(consent) = consent {
                body["consentedPermissionSet"] = consent;
            }
            call.json(&body)
        });
        self.graph.request(call, |answer| match answer {
            Ok(_) => Ok(Installed::Now),
            Err(error) if error.status() == Some(409) => Ok(Installed::Already),
            Err(error) => Err(error),
        })
    }

    fn segments<'s>(&'s self, more: &[&'s str]) -> Vec<&'s str> {
        self.path.iter().map(String::as_str).chain(more.iter().copied()).collect()
    }
}

impl<'a> Installations<'a, UserScope> {
    /// The personal chat of an installation: a conversation id the Connector takes.
    ///
    /// `None` when the installation is gone or has no chat yet. Asking makes Teams tell the bot of the
    /// conversation once more, the remedy for a bot that lost its reference.
    ///
    /// Permission: as to read. Source: Microsoft Learn, "Get chat between user and teamsApp".
    pub fn chat(&self, installation: &InstallationId) -> Request<'a, Option<ConversationId>> {
        self.graph.get(&self.segments(&[installation.as_str(), "chat"]), |answer| {
            Ok(found::<Chat>(answer)?.map(|chat| chat.id))
        })
    }
}

impl List<'_, Installation> {
    /// Tells app and version of each installation; else Graph gives only its id.
    pub fn with_definitions(mut self) -> Self {
        self.query.expand = Some("teamsApp,teamsAppDefinition");
        self
    }

    /// Only the installation of this app.
    pub fn of_app(self, app: &CatalogAppId) -> Self {
        self.filter(Filter::is("teamsApp/id", app))
    }

    /// Only the installation of the app with this id in its manifest.
    pub fn of_manifest(self, manifest_id: &str) -> Self {
        self.filter(Filter::is("teamsApp/externalId", manifest_id))
    }
}

fn permission_set(consent: &[ResourcePermission]) -> Value {
    json!({ "resourceSpecificPermissions": consent })
}
