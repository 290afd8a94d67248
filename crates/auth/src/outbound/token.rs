use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use pregon_model::TenantId;

use crate::AccessToken;
use crate::http::BoxError;

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
    /// The login service refused the credentials. The same request will be refused again.
    #[error("the login service refused the bot's credentials ({refusal}): {}", refusal.remedy())]
    Refused {
        /// What it said.
        refusal: Refusal,
    },
    /// The login service answered, but asks to come again later.
    #[error("the login service is unavailable (HTTP {status})")]
    Unavailable {
        /// Its status: 429 or 5xx.
        status: u16,
        /// How long it asks to wait.
        retry_after: Option<Duration>,
    },
    /// The login service could not be reached or gave no answer.
    #[error("no answer from the login service")]
    Unreachable(#[source] BoxError),
    /// A 2xx answer that holds no usable token.
    #[error("the login service's answer holds no usable token: is the login address right?")]
    Unusable,
    /// The tenant is not a GUID or domain name.
    #[error("{:?} is no tenant: write its id or one of its domain names", .0.as_str())]
    BadTenant(TenantId),
}

impl TokenError {
    /// Whether the same request may succeed later with nothing changed.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. } | Self::Unreachable(_))
    }
}

/// What the login service said when it refused; safe to log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// OAuth code: `invalid_client`, `unauthorized_client` …
    pub error: Option<String>,
    /// The number after `AADSTS`.
    pub aadsts: Option<u32>,
    /// For Microsoft's support.
    pub trace_id: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.aadsts, &self.error) {
            (Some(code), _) => write!(f, "AADSTS{code}")?,
            (None, Some(error)) => f.write_str(error)?,
            (None, None) => write!(f, "HTTP {}", self.status)?,
        }
        match &self.trace_id {
            Some(trace_id) => write!(f, ", trace id {trace_id}"),
            None => Ok(()),
        }
    }
}

impl Refusal {
    /// What the operator does about it.
    ///
    /// Source: Microsoft Learn, "Microsoft Entra authentication and authorization error codes".
    pub fn remedy(&self) -> &'static str {
        match self.aadsts {
            Some(7_000_215) => "the client secret is wrong; configure the secret's value, not its id",
            Some(7_000_222) => "the client secret has expired; create a new one in the app registration",
            Some(7_000_216) => "no client secret was sent; configure one",
            Some(700_027) => "the certificate is not registered for this app, or it has expired",
            Some(70_021 | 700_211 | 700_212 | 700_213) => {
                "the federated credential's issuer, subject or audience does not match the app registration"
            }
            Some(700_016) => {
                "the app is not known in this tenant; check the app id, and name the home tenant of a single-tenant bot"
            }
            Some(7_000_229) => "the app has no service principal in this tenant; have an administrator consent to it",
            Some(90_002 | 900_023) => "the tenant does not exist; check its id",
            Some(70_011 | 1_002_012) => "the scope is not one of this cloud; check which cloud is configured",
            Some(500_011) => "the resource is unknown in this tenant; check which cloud is configured",
            _ => "check app id, secret, tenant and cloud",
        }
    }
}
