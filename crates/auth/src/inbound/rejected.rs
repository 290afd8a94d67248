use http::StatusCode;

use crate::UntrustedServiceUrl;

/// Why an inbound request was refused. No variant holds any part of the token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejected {
    /// There is no `Authorization` header.
    #[error("the request carries no token")]
    Missing,
    /// There is more than one.
    #[error("the request carries more than one Authorization header")]
    Repeated,
    /// Another scheme than `Bearer`.
    #[error("the Authorization header is not of the Bearer scheme")]
    NotBearer,
    /// Longer than any token of Teams.
    #[error("the token is longer than {limit} bytes")]
    Oversized {
        /// The bound, bytes.
        limit: usize,
    },
    /// Not three base64url parts holding JSON of the right shape.
    #[error("the token is not a well-formed signed token")]
    Malformed,
    /// Signed with anything but RS256, or not at all.
    #[error("the token's algorithm is not RS256")]
    Algorithm,
    /// The header says that it is another kind of token.
    #[error("the token is not of the type JWT")]
    Type,
    /// A token within a token.
    #[error("the token holds another token")]
    Nested,
    /// No signing key of this name, also after a refresh.
    #[error("the token names a key that its issuer does not publish")]
    UnknownKey,
    /// The key did not sign this token.
    #[error("the token's signature does not match")]
    Signature,
    /// Issued by somebody else; for a token of Entra also: in another tenant than those pinned.
    #[error("the token's issuer is not one this bot believes: is the cloud right?")]
    Issuer,
    /// Meant for another bot.
    #[error("the token's audience is not this bot")]
    Audience,
    /// Not valid yet, beyond the clock skew allowed.
    #[error("the token is not valid yet; is this machine's clock right?")]
    NotYetValid,
    /// No longer valid, beyond the clock skew allowed.
    #[error("the token has expired; is this machine's clock right?")]
    Expired,
    /// The token vouches for no service URL; for a token of Entra: the activity names none.
    #[error("no service URL is vouched for")]
    ServiceUrlMissing,
    /// The activity names another service URL than the token vouches for, or none.
    #[error("the activity's service URL is not the one the token vouches for")]
    ServiceUrlMismatch,
    /// The key may not sign for the activity's channel.
    #[error("the token's key is not endorsed for the activity's channel")]
    Endorsement,
    /// The activity is addressed to another bot.
    #[error("the activity's recipient is not this bot")]
    WrongRecipient,
    /// A token of Entra whose version is unknown or at odds with its issuer.
    #[error("the token's version does not fit its issuer")]
    Version,
    /// A token of Entra that does not say which app holds it.
    #[error("the token does not say which app it was issued to")]
    CallerMissing,
    /// A token of Entra, held by an app that may not call this bot.
    #[error("the token was issued to an app that may not call this bot")]
    CallerNotAllowed,
    /// The vouched service URL is not on the cloud's allow-list.
    #[error(transparent)]
    UntrustedHost(#[from] UntrustedServiceUrl),
    /// The keys could not be fetched and none are known yet: the sender should try again.
    #[error("the signing keys cannot be fetched, so no token can be checked yet")]
    KeysUnavailable,
}

impl Rejected {
    /// A stable name of the reason, for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing_token",
            Self::Repeated => "repeated_token",
            Self::NotBearer => "not_bearer",
            Self::Oversized { .. } => "oversized_token",
            Self::Malformed => "malformed_token",
            Self::Algorithm => "wrong_algorithm",
            Self::Type => "wrong_type",
            Self::Nested => "nested_token",
            Self::UnknownKey => "unknown_key",
            Self::Signature => "bad_signature",
            Self::Issuer => "wrong_issuer",
            Self::Audience => "wrong_audience",
            Self::NotYetValid => "not_yet_valid",
            Self::Expired => "expired",
            Self::ServiceUrlMissing => "service_url_missing",
            Self::ServiceUrlMismatch => "service_url_mismatch",
            Self::Endorsement => "not_endorsed",
            Self::WrongRecipient => "wrong_recipient",
            Self::Version => "wrong_version",
            Self::CallerMissing => "caller_missing",
            Self::CallerNotAllowed => "caller_not_allowed",
            Self::UntrustedHost(_) => "untrusted_host",
            Self::KeysUnavailable => "keys_unavailable",
        }
    }

    /// The HTTP status to answer with: 503 makes Teams try again, 401 does not.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::KeysUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}
