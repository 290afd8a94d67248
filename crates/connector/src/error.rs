use std::time::{Duration, SystemTime};

use pregon_auth::{BoxError, TokenError, UntrustedServiceUrl};

use crate::unauthorised::at_login;
use crate::{AuthCause, BadArgument, BadMessage, Details, Diagnosis, ToldBy};

/// Why a call to the Connector or to Graph failed: one variant for each thing a caller does next.
///
/// [`ConnectorError::may_have_been_delivered`] answers the question every retry turns on, and
/// [`ConnectorError::next_step`] groups the variants for callers who want to know no more.
///
/// Source: Microsoft Learn, "Build conversational capability", table of status codes.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectorError {
    /// 429: nothing was delivered. Every call of this bot in this tenant waits, until
    /// [`Details::retry_at`] if the service names a time, then the same call may be made again.
    #[error("throttled by the service ({0})")]
    Throttled(Box<Details>),
    /// 403 `ConversationBlockedByUser`, `MessageWritesBlocked`: the person blocked, muted or
    /// removed the app. Send nothing more until they write or install it again.
    #[error("the conversation takes no messages from this bot ({0})")]
    Blocked(Box<Details>),
    /// 403 `BotNotInConversationRoster`, `ForbiddenOperationException`: install the app, then try again.
    #[error("the app is not installed there ({0})")]
    NotInstalled(Box<Details>),
    /// 403 `BotDisabledByAdmin`, `TenantNoPermission`, `CapabilityOverride`: the tenant's
    /// administrators do not let this bot speak. Stop for the whole tenant.
    #[error("the tenant's administrators do not allow this bot ({0})")]
    TenantBlocked(Box<Details>),
    /// 404 `ConversationNotFound`: forget the conversation; a personal one can be created again.
    #[error("the conversation does not exist ({0})")]
    ConversationNotFound(Box<Details>),
    /// 404 `ActivityNotFoundInConversation`: forget this message; the conversation is still there.
    #[error("the message does not exist ({0})")]
    ActivityNotFound(Box<Details>),
    /// 413: shorten the message.
    #[error("the message is too large ({0})")]
    TooLarge(Box<Details>),
    /// 401, also with a new token. Send nothing more with this bot until the diagnosis is dealt with.
    #[error("the service does not accept the bot ({details}): {diagnosis}")]
    Unauthorised {
        /// Which of ten causes, how it was told, and the remedy.
        diagnosis: Diagnosis,
        /// What the service said.
        details: Box<Details>,
    },
    /// 403 `InvalidBotApiHost`: the tenant lives at another service URL; the message names it.
    #[error("the tenant is served by another service URL ({0})")]
    WrongHost(Box<Details>),
    /// 412 or 503: nothing was delivered; try again soon.
    #[error("the service asks to try again ({0})")]
    Transient(Box<Details>),
    /// The request never left: no connection (refused, TLS, DNS), or it could not be written down.
    #[error("the request could not be sent")]
    NotSent(#[source] BoxError),
    /// No answer of the service after the request may have been written: the connection broke, the
    /// wait was too long, or a gateway answered in its place (408, 502, 504 and unlisted 5xx), which
    /// proves nothing. It may have been delivered.
    #[error("no answer from the service{}", of_gateway(details.as_deref()))]
    Unanswered {
        /// What the gateway said.
        details: Option<Box<Details>>,
        /// How the connection broke.
        #[source]
        source: Option<BoxError>,
    },
    /// 500: it may have been delivered; Microsoft advises to report it, not to repeat it.
    #[error("the service failed ({0})")]
    ServerError(Box<Details>),
    /// Another 3xx or 4xx: the same request will be refused again. Correct it, or the id it names.
    #[error("the service refused the request ({0})")]
    Refused(Box<Details>),
    /// Success, but the body is not what the call returns. It was probably carried out.
    #[error("the service's answer is not understood ({details})")]
    Unreadable {
        /// What the service said.
        details: Box<Details>,
        /// What is wrong with it.
        #[source]
        source: BoxError,
    },
    /// There is no token to call with. Nothing was sent.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The address is not one a token may be sent to. Nothing was sent.
    #[error(transparent)]
    Untrusted(#[from] UntrustedServiceUrl),
    /// An id that is empty, `.` or `..` would name another resource. Nothing was sent; correct it.
    #[error("an id of the request is empty or a path of dots")]
    BadId,
    /// The message would fail or be shown otherwise than meant. Nothing was sent; correct it.
    #[error(transparent)]
    BadMessage(#[from] BadMessage),
    /// An argument is outside what the service takes. Nothing was sent; correct it.
    #[error(transparent)]
    BadArgument(#[from] BadArgument),
}

impl ConnectorError {
    /// Whether the recipient may already have what was sent, so that sending again may show it twice.
    pub fn may_have_been_delivered(&self) -> bool {
        match self {
            Self::Unanswered { .. } | Self::ServerError(_) | Self::Unreadable { .. } => true,
            Self::Throttled(_)
            | Self::Blocked(_)
            | Self::NotInstalled(_)
            | Self::TenantBlocked(_)
            | Self::ConversationNotFound(_)
            | Self::ActivityNotFound(_)
            | Self::TooLarge(_)
            | Self::Unauthorised { .. }
            | Self::WrongHost(_)
            | Self::Transient(_)
            | Self::NotSent(_)
            | Self::Refused(_)
            | Self::Token(_)
            | Self::Untrusted(_)
            | Self::BadId
            | Self::BadMessage(_)
            | Self::BadArgument(_) => false,
        }
    }

    /// Which of ten causes keeps the bot from being accepted, when that is what failed: a 401, a
    /// service URL of another cloud, credentials the login service refused.
    pub fn diagnosis(&self) -> Option<Diagnosis> {
        match self {
            Self::Unauthorised { diagnosis, .. } => Some(*diagnosis),
            Self::WrongHost(_) => Some(Diagnosis::new(AuthCause::WrongServiceUrl, ToldBy::Code)),
            Self::Token(TokenError::Refused { refusal }) => Some(at_login(refusal)),
            _ => None,
        }
    }

    /// What the service said, if it said anything.
    pub fn details(&self) -> Option<&Details> {
        match self {
            Self::Unreadable { details, .. }
            | Self::Unauthorised { details, .. }
            | Self::Throttled(details)
            | Self::Blocked(details)
            | Self::NotInstalled(details)
            | Self::TenantBlocked(details)
            | Self::ConversationNotFound(details)
            | Self::ActivityNotFound(details)
            | Self::TooLarge(details)
            | Self::WrongHost(details)
            | Self::Transient(details)
            | Self::ServerError(details)
            | Self::Refused(details) => Some(details),
            Self::Unanswered { details, .. } => details.as_deref(),
            Self::NotSent(_)
            | Self::Token(_)
            | Self::Untrusted(_)
            | Self::BadId
            | Self::BadMessage(_)
            | Self::BadArgument(_) => None,
        }
    }

    /// HTTP status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.details().map(|details| details.status)
    }

    /// The service's own code, if it gave one.
    pub fn code(&self) -> Option<&str> {
        self.details()?.code.as_deref()
    }

    /// How long the service, or the login service, asks to wait, if it does.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Token(TokenError::Unavailable { retry_after, .. }) => *retry_after,
            _ => self.details()?.retry_after,
        }
    }

    /// When the wait the service asks for is over, by this client's clock.
    pub fn retry_at(&self) -> Option<SystemTime> {
        self.details()?.retry_at
    }

    /// Whether the service answered with this code, without regard to case.
    pub fn is(&self, code: &str) -> bool {
        self.code().is_some_and(|own| own.eq_ignore_ascii_case(code))
    }
}

fn of_gateway(details: Option<&Details>) -> String {
    details.map(|details| format!(" (a gateway: {details})")).unwrap_or_default()
}
