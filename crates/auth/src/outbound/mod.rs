//! What is shown to the Connector and to Graph?

mod client_credentials;
mod token;
mod token_request;

pub use client_credentials::ClientCredentials;
pub use token::{Refusal, TokenError, TokenFor, TokenSource};
