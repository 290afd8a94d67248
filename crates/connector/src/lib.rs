//! Clients for the Bot Connector and for the parts of Microsoft Graph a bot needs.
//!
//! # When to take it
//!
//! Take this crate to speak to Microsoft Teams as a bot, unasked or in answer: [`Connector`] creates
//! conversations, sends, edits and deletes messages, reads rosters, sends to many at once; [`Graph`]
//! installs the app for people, teams and chats, finds people and follows what changes ([`graph`]).
//! What the two say on the wire is `pregon-model`; tokens, clouds and the check of inbound requests are
//! `pregon-auth`.
//!
//! Do not take it
//!
//! - to *send to thousands and lose nobody*: it sends each call once (twice after a 401, which proves
//!   that nothing was done). Pacing, retries and memory are the caller's, or the Pregón server's.
//! - to *receive*: the endpoint that Teams calls is `pregon-auth`'s and the bot's.
//! - to *write in the name of a person*: that is Graph with delegated permissions, which is not here.
//!
//! # Hello
//!
//! Every call is a builder that does nothing until it is awaited, and says then what is wrong with it.
//!
//! ```no_run
//! use std::sync::Arc;
//! use pregon_auth::{BotTokens, Endpoints, HttpClient, Secret};
//! use pregon_connector::Connector;
//! use pregon_model::{AppId, ConversationReference};
//!
//! async fn say_hello(
//!     reference: &ConversationReference,
//!     secret: Secret,
//! ) -> Result<(), Box<dyn std::error::Error>> {
//!     let endpoints = Arc::new(Endpoints::public());
//!     let http = HttpClient::new(&endpoints)?;
//!     let app = AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10");
//!     let tokens = Arc::new(BotTokens::new(http.clone(), Arc::clone(&endpoints), app, secret));
//!     let connector = Connector::new(http, tokens);
//!
//!     let service_url = endpoints.trust(&reference.service_url)?;
//!     connector.send(&service_url, &reference.conversation.id).text("¡Hola!").await?;
//!     Ok(())
//! }
//! ```
//!
//! A [`TrustedServiceUrl`](pregon_auth::TrustedServiceUrl) proves that a token may go there; text from
//! a database is none, and this does not compile:
//!
//! ```compile_fail,E0308
//! # async fn example(connector: pregon_connector::Connector, reference: pregon_model::ConversationReference) {
//! connector.send(&reference.service_url, &reference.conversation.id).text("¡Hola!").await;
//! # }
//! ```
//!
//! # A person never written to
//!
//! A conversation is created once, stored, and used from then on. The app must be installed for the
//! person, or in a team or chat where the bot has seen them.
//!
//! ```no_run
//! # use pregon_auth::TrustedServiceUrl;
//! # use pregon_connector::{Connector, ConnectorError};
//! use pregon_model::card::{AdaptiveCard, OpenUrl};
//! # use pregon_model::{ObjectId, TenantId};
//! # async fn example(connector: Connector, url: TrustedServiceUrl, ada: ObjectId, tenant: TenantId)
//! # -> Result<(), ConnectorError> {
//! let chat = connector.create_personal(&url, &ada, &tenant).await?.id;
//! let card = AdaptiveCard::new()
//!     .heading("Build 412 is red")
//!     .action(OpenUrl::new("Log", "https://ci.example/412"));
//! if let Some(id) = connector.send(&url, &chat).card(card, "Build 412 is red").alert().await? {
//!     connector.update(&url, &chat, &id).text("Build 412 is green again").await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # A thread in a channel
//!
//! ```no_run
//! # use pregon_auth::TrustedServiceUrl;
//! # use pregon_connector::{Connector, ConnectorError};
//! # use pregon_model::{TeamChannelId, TenantId};
//! # async fn example(connector: Connector, url: TrustedServiceUrl, channel: TeamChannelId, tenant: TenantId)
//! # -> Result<(), ConnectorError> {
//! let message = connector.create_thread(&url, &channel, &tenant);
//! let thread = message.markdown("**4.2** is out").await?;
//! connector.send(&url, &thread.conversation).text("Notes follow").await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Everybody in a team
//!
//! ```no_run
//! use std::pin::pin;
//! use futures_util::TryStreamExt as _;
//! # use pregon_auth::TrustedServiceUrl;
//! # use pregon_connector::{Connector, ConnectorError};
//! # use pregon_model::ConversationId;
//! # async fn example(connector: Connector, url: TrustedServiceUrl, team: ConversationId)
//! # -> Result<(), ConnectorError> {
//! let mut people = pin!(connector.each_member(&url, &team));
//! while let Some(person) = people.try_next().await? {
//!     println!("{:?} {:?}", person.name, person.email);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # One message to many
//!
//! A batch is one call; Teams sends in its own time. Who failed is a stream, too.
//!
//! ```no_run
//! # use futures_util::TryStreamExt as _;
//! # use pregon_auth::TrustedServiceUrl;
//! # use pregon_connector::{Connector, ConnectorError};
//! # use pregon_model::{TeamId, TenantId};
//! # async fn example(connector: Connector, url: TrustedServiceUrl, team: TeamId, tenant: TenantId)
//! # -> Result<(), ConnectorError> {
//! let batch = connector.batch_to_team(&url, &tenant, &team).text("We move on Friday").await?;
//! let end = connector.batch_end(&url, &batch, tokio::time::sleep).await?;
//! let missed: Vec<_> = connector.batch_failures(&url, &batch).try_collect().await?;
//! println!("{:?} of {:?}, not to {missed:?}", end.status_map, end.total_entries_count);
//! # Ok(())
//! # }
//! ```
//!
//! # What the crate has no word for
//!
//! [`Connector::send_activity`] takes a ready activity, [`Connector::raw`] any method and path with our
//! token and our errors, [`RawRequest::response`] gives the answer untouched.
//!
//! # When it fails
//!
//! A send is not idempotent and takes no idempotency key, so the first question is whether the message
//! may have arrived all the same: [`ConnectorError::may_have_been_delivered`]. What to do is
//! [`ConnectorError::next_step`], and each variant of [`ConnectorError`] says more.
//!
//! ```no_run
//! # use pregon_auth::TrustedServiceUrl;
//! # use pregon_connector::{Connector, NextStep};
//! # use pregon_model::ConversationId;
//! # async fn example(connector: Connector, url: TrustedServiceUrl, chat: ConversationId) {
//! let Err(error) = connector.send(&url, &chat).text("Build 412 is green").await else { return };
//! match error.next_step() {
//!     NextStep::Retry(wait) => println!("not delivered; again after {wait:?}"),
//!     NextStep::Decide => println!("perhaps delivered: {error}"),
//!     NextStep::Install => println!("install the app for them, then send again"),
//!     NextStep::CreateConversation => println!("forget the conversation and create it again"),
//!     NextStep::StopConversation => println!("nothing more until they write themselves"),
//!     NextStep::StopTenant => println!("their administrators do not allow the bot"),
//!     NextStep::StopBot => println!("{error}"), // says which of ten causes, and the remedy
//!     step => println!("{step:?}: {error}"),
//! }
//! # }
//! ```
//!
//! A 401 is looked into: [`ConnectorError::diagnosis`] tells which of ten causes it has, from the
//! service's code, the request and the token that was sent. Errors hold the service's correlation ids
//! for Microsoft's support ([`Details::correlation`]) and neither tokens nor what was written.
//!
//! # On the wire
//!
//! Connections are shared by all clones of an [`HttpClient`](pregon_auth::HttpClient), HTTP/2 where the
//! service offers it. No redirect is followed. Connecting, waiting and reading are bounded in time
//! (`timeout` on every request), answers in length. Proxies come from the environment.

mod bad_argument;
mod classify;
mod connector;
mod details;
mod error;
pub mod graph;
mod next_step;
mod pages;
mod raw;
mod request;
mod transport;
mod unauthorised;

pub use bad_argument::BadArgument;
pub use connector::{
    BadMessage, Connector, DeleteRequest, Download, DownloadRequest, MessageRequest, PagedMembersRequest, Person,
    StartedThread,
};
pub use details::Details;
pub use error::ConnectorError;
#[doc(inline)]
pub use graph::{Graph, TenantGraph, UserKey};
pub use next_step::NextStep;
pub use raw::{RawAnswer, RawRequest};
pub use request::{Request, RequestFuture};
#[doc(no_inline)]
pub use reqwest::Method;
pub use unauthorised::{AuthCause, Diagnosis, ToldBy};
