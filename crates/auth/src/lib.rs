//! Bot credentials and inbound token validation for Microsoft Teams bots.
//!
//! Take this crate for the two questions every bot has about tokens:
//!
//! - *May I believe this request?* [`InboundValidator`] checks the token Teams sends along with an
//!   activity, and hands out the service URL it vouches for. [`InboundAuth`] puts it in front of a
//!   bot's endpoint, as a tower layer (feature `tower`) or an axum extractor (feature `axum`).
//! - *What do I show the Connector or Graph?* [`BotTokens`] gets tokens, caches them and
//!   renews them in time; anything else that implements [`TokenSource`] may stand in for it.
//!
//! Every Microsoft host is in [`Endpoints`], one constructor per cloud. A bot token is sent only to a
//! [`TrustedServiceUrl`], and [`HttpClient`] follows no redirect, so a token cannot be lured elsewhere.
//!
//! It is not for the sign-in of people (OAuth cards, single sign-on), nor for sending: that is
//! `pregon-connector`. Tokens of the Bot Framework Emulator and of other bots are refused unless
//! [`EntraCallers`] names them.
//!
//! ```
//! use pregon_auth::Endpoints;
//! use pregon_model::ServiceUrl;
//!
//! let endpoints = Endpoints::public();
//! assert!(endpoints.trust(&ServiceUrl::new("https://smba.trafficmanager.net/emea/")).is_ok());
//! assert!(endpoints.trust(&ServiceUrl::new("https://smba.trafficmanager.net.evil.example/")).is_err());
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
