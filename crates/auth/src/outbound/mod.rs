//! What is shown to the Connector and to Graph?

mod answer;
mod assertion;
mod bot_tokens;
mod cache;
mod certificate;
mod credential;
mod federated;
mod login;
mod managed_identity;
mod refusal;
mod retries;
mod token;

pub use bot_tokens::BotTokens;
pub use certificate::{BadCertificate, ClientCertificate};
pub use credential::{ClientSecret, Credential};
pub use federated::{BadFederatedToken, FederatedToken};
pub use managed_identity::{ManagedIdentity, ManagedIdentityError};
pub use refusal::{Refusal, TokenService};
pub use token::{TokenError, TokenFor, TokenSource};
