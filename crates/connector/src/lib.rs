//! Clients for the Bot Connector and for the parts of Microsoft Graph a bot needs.
//!
//! Take this crate to speak to Microsoft Teams as a bot: [`Connector`] creates conversations, sends,
//! edits and deletes messages and reads rosters; [`Graph`] installs the app for people and teams and
//! finds people. Every call is a builder that does nothing until it is awaited, and every error says
//! what to do next ([`ConnectorError`]) and whether the message may have been delivered all the same.
//!
//! It sends each call once (twice after a 401, which proves that nothing was done). Pacing, retries
//! and memory are the caller's: Teams allows 50 calls a second for one bot in one tenant and takes no
//! idempotency key. Whoever wants those solved takes the Pregón server instead. Messages in the name
//! of a person are Graph's business and not here.
//!
//! ```no_run
//! use std::sync::Arc;
//! use pregon_auth::{ClientCredentials, Endpoints, HttpClient, Secret};
//! use pregon_connector::Connector;
//! use pregon_model::{AppId, ConversationReference};
//!
//! async fn say_hello(reference: &ConversationReference, secret: Secret) -> Result<(), Box<dyn std::error::Error>> {
//!     let endpoints = Arc::new(Endpoints::public());
//!     let http = HttpClient::new(&endpoints)?;
//!     let app = AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10");
//!     let tokens = Arc::new(ClientCredentials::new(http.clone(), Arc::clone(&endpoints), app, secret));
//!     let connector = Connector::new(http, tokens);
//!
//!     let service_url = endpoints.trust(&reference.service_url)?;
//!     connector.send(&service_url, &reference.conversation.id).text("¡Hola!").await?;
//!     Ok(())
//! }
//! ```

mod classify;
mod connector;
mod details;
mod error;
mod graph;
mod graph_types;
mod next_step;
mod pages;
mod raw;
mod request;
mod transport;
mod unauthorised;

pub use connector::{
    BadMessage, Connector, DeleteRequest, Download, DownloadRequest, MessageRequest, PagedMembersRequest, Person,
    StartedThread,
};
pub use details::Details;
pub use error::ConnectorError;
pub use graph::{Graph, TenantGraph, UserKey};
pub use graph_types::{AppDefinition, CatalogApp, GraphChannel, Installation, InstallationId, Installed, UserProfile};
pub use next_step::NextStep;
pub use raw::{RawAnswer, RawRequest};
pub use request::{Request, RequestFuture};
pub use reqwest::Method;
pub use unauthorised::{AuthCause, Diagnosis, ToldBy};
