//! The client of Microsoft Graph: one file for each of its resources.

mod apps;
mod client;
mod entity;
mod filter;
mod ids;
mod installations;
mod list;
mod page;
mod query;
mod read;
mod search;
mod throttling;
mod users;

pub use client::{Graph, TenantGraph};
pub use entity::{
    AppDefinition, CatalogApp, Chat, InDirectory, Installation, Installed, ResourcePermission, User, UserKey,
};
pub use filter::{Filter, Literal};
pub use ids::{AppDefinitionId, InstallationId, PageLink};
pub use installations::{ChatScope, Installations, TeamScope, UserScope};
pub use list::List;
pub use page::Page;
pub use search::Search;
pub use throttling::{Metered, MeteredRequest, Priority, Throttling};
