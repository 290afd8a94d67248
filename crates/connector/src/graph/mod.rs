//! The client of Microsoft Graph: one file for each of its resources.

mod apps;
mod client;
mod delta;
mod entity;
mod filter;
mod groups;
mod ids;
mod installations;
mod list;
mod page;
mod query;
mod read;
mod search;
mod teams;
mod throttling;
mod users;

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
pub use page::Page;
pub use search::Search;
pub use throttling::{Metered, MeteredRequest, Priority, Throttling};
