use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use pregon_model::TenantId;

use crate::http::BoxError;
use crate::{AccessToken, BadCertificate, BadFederatedToken, Refusal};

/// What a token is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TokenFor {
    /// The Bot Connector; the same token serves every tenant.
    Connector,
    /// Microsoft Graph in this tenant.
    Graph(TenantId),
}

/// Gives out the tokens of one bot.
#[async_trait]
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// A token that is valid now, from the cache where possible.
    async fn token(&self, target: &TokenFor) -> Result<AccessToken, TokenError>;

    /// Forgets `refused` after the service answered 401 to it; a newer token is kept.
    fn invalidate(&self, target: &TokenFor, refused: &AccessToken);
}

/// Why there is no token.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The token service refused. The same request will be refused again.
    #[error("{} refused the bot's credentials ({refusal}): {}", .refusal.service, .refusal.remedy())]
    Refused {
        /// What it said.
        refusal: Refusal,
    },
    /// The token service answered, but asks to come again later.
    #[error("the token service is unavailable (HTTP {status})")]
    Unavailable {
        /// Its status: 429 or 5xx.
        status: u16,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The token service could not be reached or gave no answer.
    #[error("no answer from the token service")]
    Unreachable(#[source] BoxError),
    /// A 2xx answer that holds no usable token.
    #[error("the token service's answer holds no usable token: is the login address right?")]
    Unusable,
    /// The tenant is not a GUID or domain name.
    #[error("{:?} is no tenant: write its id or one of its domain names", .0.as_str())]
    BadTenant(TenantId),
    /// A managed identity has tokens of its own tenant only.
    #[error("a managed identity has no token for tenant {:?}: use another credential to reach other tenants", .0.as_str())]
    OtherTenant(TenantId),
    /// The certificate can no longer be used.
    #[error(transparent)]
    Certificate(#[from] BadCertificate),
    /// The federated token cannot be used.
    #[error(transparent)]
    FederatedToken(#[from] BadFederatedToken),
}

impl TokenError {
    /// Whether the same request may succeed later with nothing changed.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Unreachable(_))
    }

    /// How long the token service asks to wait, if it does.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unavailable { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}
