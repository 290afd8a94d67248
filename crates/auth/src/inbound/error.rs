use http::StatusCode;

use crate::Rejected;

/// Why a request to the bot's endpoint was refused; [`InboundError::status`] is the answer to give.
///
/// No variant holds any part of the token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InboundError {
    /// Another method than `POST`.
    #[error("the bot's endpoint takes POST only")]
    Method,
    /// The body is beyond the bound, which protects this process' memory.
    #[error("the body is longer than {limit} bytes")]
    BodyTooLarge {
        /// The bound, bytes.
        limit: usize,
    },
    /// The connection ended first.
    #[error("the body broke off")]
    BodyIncomplete,
    /// The sender stopped sending.
    #[error("the body did not come in time")]
    BodyTooSlow,
    /// The body is not JSON in UTF-8.
    #[error("the body is not JSON, from line {line}, column {column}")]
    NotJson {
        /// Counted from 1.
        line: usize,
        /// Counted from 1, bytes.
        column: usize,
    },
    /// JSON, but a list, a text, a number …
    #[error("the body is not a JSON object")]
    NotAnObject,
    /// An object whose `type` is absent, empty or no text.
    #[error("the activity has no type")]
    MissingType,
    /// A field of the activity is of the wrong kind.
    #[error("the body is not an activity: {why}")]
    NotAnActivity {
        /// The reader's words: which field, or what was expected where.
        why: String,
    },
    /// The token, or what it has to do with the activity.
    #[error(transparent)]
    Token(#[from] Rejected),
    /// The activity is of a tenant that is not served, or names none.
    #[error("the activity's tenant is not one this bot serves")]
    TenantNotAllowed,
}

impl InboundError {
    /// A stable name of the reason, for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Method => "method_not_allowed",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::BodyIncomplete => "body_incomplete",
            Self::BodyTooSlow => "body_too_slow",
            Self::NotJson { .. } => "malformed_json",
            Self::NotAnObject => "not_an_object",
            Self::MissingType => "missing_type",
            Self::NotAnActivity { .. } => "invalid_activity",
            Self::Token(rejected) => rejected.code(),
            Self::TenantNotAllowed => "tenant_not_allowed",
        }
    }

    /// The HTTP status to answer with. 503 makes Teams try again; it takes the others as final.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::BodyIncomplete
            | Self::NotJson { .. }
            | Self::NotAnObject
            | Self::MissingType
            | Self::NotAnActivity { .. } => StatusCode::BAD_REQUEST,
            Self::Token(rejected) => rejected.status(),
            Self::TenantNotAllowed => StatusCode::FORBIDDEN,
        }
    }
}
