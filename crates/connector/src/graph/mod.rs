//! Microsoft Graph, as far as a proactive bot needs it: the app in the catalogue and where it is
//! installed, people, groups, teams, what changed, and the activity feed.
//!
//! Calls start from [`Graph::tenant`], for a Graph token belongs to one tenant. Each is a builder that
//! does nothing until it is awaited or read; its documentation names the *application* permission it
//! needs, least first, its limit and Microsoft's page. Messages are sent by the
//! [`Connector`](crate::Connector): Graph lets no app write as itself. Nothing here paces or repeats.
//!
//! # First contact
//!
//! A bot may write to somebody for whom its app is installed. Graph installs it; Teams tells the bot a
//! little later, and who cannot wait asks for the chat.
//!
//! ```no_run
//! # use pregon_connector::{ConnectorError, Graph, UserKey};
//! # use pregon_model::TenantId;
//! # async fn example(graph: Graph, tenant: TenantId) -> Result<(), ConnectorError> {
//! let graph = graph.tenant(&tenant);
//! let manifest_id = "7e2b9d40-1c3a-4f58-9d6e-2a8b5c7f0e13";
//! let Some(app) = graph.catalog_app(manifest_id).await? else { return Ok(()) };
//! let apps = graph.apps_of_user(UserKey::Upn("ada@contoso.example"));
//! apps.add(&app.id).await?; // that it is there already is success, too
//! if let Some(installation) = apps.find(&app.id).await? {
//!     println!("the conversation is {:?}", apps.chat(&installation.id).await?);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Teams and chats have apps as well: [`TenantGraph::apps_of_team`], [`TenantGraph::apps_of_chat`].
//!
//! # Lists
//!
//! A [`List`] is read as a stream of items or of pages; a page's link can be stored to go on later. What
//! is asked for is written with [`Filter`] and [`Search`], which quote what people typed. Queries that
//! Graph calls advanced get their header and parameter by themselves.
//!
//! ```no_run
//! # use std::pin::pin;
//! # use futures_util::TryStreamExt as _;
//! # use pregon_connector::ConnectorError;
//! # use pregon_connector::graph::{Filter, TenantGraph};
//! # use pregon_model::GroupId;
//! # async fn example(graph: TenantGraph<'_>, group: GroupId) -> Result<(), ConnectorError> {
//! let guests = graph.users().filter(Filter::is("userType", "Guest"));
//! println!("{} guests", guests.total().await?);
//!
//! let mut people = pin!(graph.transitive_member_users(&group).page_size(999).items());
//! while let Some(person) = people.try_next().await? {
//!     println!("{:?} {:?}", person.display_name, person.mail);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What changed
//!
//! [`TenantGraph::user_changes`] and [`TenantGraph::group_changes`] read everything once, then only what
//! changed since a stored [`DeltaLink`]. A link that is too old is an error of its own
//! ([`DeltaError::StartOver`]).
//!
//! # Many calls at once
//!
//! [`TenantGraph::batch`] puts any of these calls into one request. [`TenantGraph::users_by_id`] and
//! [`TenantGraph::notify_users`] take many people in one call.
//!
//! # The activity feed
//!
//! An [`ActivityNotification`] is an entry of somebody's feed with a toast, and no message: it leads to
//! a page of the app, a chat or a channel.
//!
//! # Limits
//!
//! Teams' resources allow 30 calls a second for one app in one tenant; the directory counts resource
//! units, 3 500 to 8 000 in 10 seconds by the tenant's size. A throttled call fails with its wait
//! ([`ConnectorError::retry_after`](crate::ConnectorError::retry_after)). What a call cost is in its
//! [`Page`], or told by [`Request::metered`](crate::Request::metered); work that can wait says so with
//! [`TenantGraph::priority`].
//!
//! # Where the token goes
//!
//! Links of answers are followed as they are, but only to the scheme, host and port of the configured
//! Graph; another one is [`ConnectorError::Untrusted`](crate::ConnectorError::Untrusted).
//!
//! # What has no word here
//!
//! [`TenantGraph::raw`] takes any method and path, [`TenantGraph::raw_list`] any list, with our token and
//! our errors. Members of objects without a field of their own are in `extra`.

// First, for rustdoc shows methods in this order: what every list has, then what lists of apps have.
mod list;

mod apps;
mod batch;
mod client;
mod delta;
mod entity;
mod filter;
mod groups;
mod ids;
mod installations;
mod notification;
mod page;
mod query;
mod read;
mod search;
mod teams;
mod throttling;
mod users;

pub use batch::{Batch, BatchAnswer, BatchAnswers, BatchEntry};
pub use client::{Graph, TenantGraph};
pub use delta::{Change, Delta, DeltaError, DeltaPage, Removal};
pub use entity::{
    AppDefinition, CatalogApp, Channel, Chat, DirectoryObject, Group, InDirectory, Installation, Installed,
    OtherObject, ResourcePermission, Team, TeamMember, User, UserKey,
};
pub use filter::{Filter, Literal};
pub use ids::{AppDefinitionId, DeltaLink, InstallationId, MembershipId, PageLink};
pub use installations::{ChatScope, Installations, TeamScope, UserScope};
pub use list::List;
pub use notification::{ActivityNotification, ChatRecipient, TeamRecipient, Topic};
pub use page::Page;
pub use search::Search;
pub use throttling::{Metered, MeteredRequest, Priority, Throttling};
