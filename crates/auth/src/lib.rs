//! Bot credentials and inbound token validation for Microsoft Teams bots.
//!
//! # When to take it
//!
//! Take this crate for the two questions every bot has about tokens:
//!
//! - *May I believe this request?* [`InboundAuth`] checks a request to the bot's endpoint: its token, its
//!   body and its tenant. It is a tower layer, an axum extractor, or a function.
//! - *What do I show the Connector or Graph?* [`BotTokens`] gets tokens for a [`Credential`], caches them
//!   and renews them in time.
//!
//! Do not take it
//!
//! - to *sign people in* (OAuth cards, single sign-on): those tokens are theirs, not the bot's;
//! - to *send*: that is `pregon-connector`, and a whole bot is `pregon-bot`;
//! - to *serve HTTP*: it checks what a server of yours received;
//! - to *answer skills* without a look of your own: that their caller answers where it says is not
//!   checked, see [`InboundValidator::with_entra`].
//!
//! Every Microsoft host is in [`Endpoints`], one constructor per cloud. A bot token is sent only to a
//! [`TrustedServiceUrl`], and [`HttpClient`] follows no redirect, so a token cannot be lured elsewhere.
//! No secret and no token is in any `Debug` output, error or log line.
//!
//! # A bot's endpoint
//!
//! With the feature `axum`, a handler that takes [`Authenticated`] runs for activities only that Teams
//! sent to this bot, from a tenant that is served:
//!
//! ```
//! # #[cfg(feature = "axum")] {
//! use std::sync::Arc;
//!
//! use axum::Router;
//! use axum::routing::post;
//! use pregon_auth::{AllowedTenants, Authenticated, InboundAuth, InboundValidator};
//! use pregon_auth::{Endpoints, HttpClient, HttpSetupError, SigningKeys};
//! use pregon_model::{AppId, TenantId};
//!
//! async fn receive(Authenticated { activity, vouched }: Authenticated) {
//!     println!("{}, answered at {}", activity.kind.as_str(), vouched.service_url.service_url());
//! }
//!
//! fn router(app_id: AppId, home: TenantId) -> Result<Router, HttpSetupError> {
//!     let endpoints = Arc::new(Endpoints::public());
//!     let keys = Arc::new(SigningKeys::new(HttpClient::new(&endpoints)?, &endpoints));
//!     let validator = InboundValidator::new(keys, endpoints, app_id);
//!     let auth = InboundAuth::new(validator, AllowedTenants::one(home));
//!     Ok(Router::new().route("/api/messages", post(receive)).with_state(auth))
//! }
//! # }
//! ```
//!
//! With the feature `tower`, `InboundAuth` is a layer for any HTTP service: `Router::layer(auth)`,
//! `ServiceBuilder::layer(auth)`. Without a feature, [`InboundAuth::authenticate`] takes headers and body.
//! Refusals are [`InboundError`]: 401 for the token, 403 for the tenant, 400 and 413 for the body, 405 for
//! the method, and 503 while no signing key could be fetched, so that Teams tries again.
//!
//! # A bot's tokens
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use pregon_auth::{BotTokens, Credential, Endpoints, HttpClient, TokenFor, TokenSource};
//! use pregon_model::{AppId, TenantId};
//!
//! # async fn example(credential: Credential) -> Result<(), Box<dyn std::error::Error>> {
//! let endpoints = Arc::new(Endpoints::public());
//! let http = HttpClient::new(&endpoints)?;
//! let app = AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10");
//! let home = TenantId::new("5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596");
//! let tokens = BotTokens::new(http, endpoints, app, credential).single_tenant(home.clone());
//! let for_teams = tokens.token(&TokenFor::Connector).await?;
//! let for_graph = tokens.token(&TokenFor::Graph(home)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! ## Which credential
//!
//! A managed identity, where the bot runs in Azure: there is nothing to keep and nothing to renew. Its
//! client id is the bot's app id (a bot of the kind `UserAssignedMSI`):
//!
//! ```no_run
//! use pregon_auth::{Credential, ManagedIdentity};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client_id = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";
//! let identity = ManagedIdentity::from_env(client_id, |name| std::env::var(name).ok())?;
//! let credential = Credential::from(identity);
//! # Ok(())
//! # }
//! ```
//!
//! A federated token, where the app registration trusts the platform: Kubernetes, or a managed identity
//! for an app of its own:
//!
//! ```no_run
//! use pregon_auth::{Credential, FederatedToken, ManagedIdentity};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let file = "/var/run/secrets/azure/tokens/azure-identity-token";
//! let of_kubernetes: Credential = FederatedToken::File(file.into()).into();
//! let identity = ManagedIdentity::of_machine("9f1b2c3d-4e5f-4061-8273-94a5b6c7d8e9")?;
//! let of_azure: Credential = FederatedToken::ManagedIdentity(identity).into();
//! # Ok(())
//! # }
//! ```
//!
//! A certificate, anywhere else. It ends, and says when ([`Credential::expires_at`]):
//!
//! ```no_run
//! use pregon_auth::{ClientCertificate, Clock, Credential, SystemClock};
//!
//! # fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let (certificate, key) = (std::fs::read("bot.crt")?, std::fs::read("bot.key")?);
//! let certificate = ClientCertificate::from_pem(&certificate, &key, SystemClock.now())?;
//! let credential = Credential::from(certificate);
//! # Ok(())
//! # }
//! ```
//!
//! A client secret, for development: it is easily copied, and Entra does not tell the bot when it ends:
//!
//! ```
//! use pregon_auth::{Credential, Secret};
//!
//! let credential: Credential = Secret::new("its value, not its id").into();
//! ```
//!
//! Anything else that has tokens may stand in for [`BotTokens`]: it implements [`TokenSource`].
//!
//! # Clouds
//!
//! [`Endpoints`] of one cloud trust no address of another:
//!
//! ```
//! use pregon_auth::{Cloud, Endpoints};
//! use pregon_model::ServiceUrl;
//!
//! let endpoints = Endpoints::of("gcc-high".parse::<Cloud>()?);
//! let own = ServiceUrl::new("https://smba.infra.gov.teams.microsoft.us/teams");
//! let of_another_cloud = ServiceUrl::new("https://smba.trafficmanager.net/emea/");
//! assert!(endpoints.trust(&own).is_ok());
//! assert!(endpoints.trust(&of_another_cloud).is_err());
//! # Ok::<(), pregon_auth::UnknownCloud>(())
//! ```

mod chance;
mod clock;
mod cloud;
mod endpoints;
mod http;
mod inbound;
mod outbound;
mod retry_after;
mod secret;
mod service_host;

pub use chance::{Chance, SystemChance};
pub use clock::{Clock, SystemClock};
pub use cloud::{Cloud, UnknownCloud};
pub use endpoints::{BadEndpoint, Endpoints};
pub use http::{BodyError, BoxError, CONNECT_TIMEOUT, HttpClient, HttpSetupError, TOTAL_TIMEOUT, read_bounded};
#[cfg(feature = "tower")]
pub use inbound::InboundAuthService;
pub use inbound::{
    AllowedTenants, Authenticated, BadKeySet, Caller, EntraCallers, InboundAuth, InboundError, InboundValidator,
    Rejected, SigningKeys, Vouched,
};
pub use outbound::{
    BadCertificate, BadFederatedToken, BotTokens, ClientCertificate, ClientSecret, Credential, FederatedToken,
    ManagedIdentity, ManagedIdentityError, Refusal, TokenError, TokenFor, TokenService, TokenSource,
};
pub use retry_after::{LONGEST_RETRY_AFTER, http_date, retry_after};
pub use secret::{AccessToken, Secret};
pub use service_host::{TrustedServiceUrl, UntrustedServiceUrl};
