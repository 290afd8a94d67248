use std::fmt;

/// What is wrong when the service or the login service does not accept a bot.
///
/// Source: the tables "Authenticate with the Bot Connector API" (Microsoft Learn) and the questions
/// people ask Microsoft about 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthCause {
    /// The token was outside its lifetime: expired, or a clock is wrong.
    TokenLifetime,
    /// The token is for another service: a Graph token at the Connector, or the reverse.
    WrongAudience,
    /// The token is of another Microsoft cloud than the service.
    WrongCloud,
    /// The app is not registered as a bot.
    NotRegistered,
    /// Microsoft Teams is not among the bot's channels.
    TeamsChannelOff,
    /// The conversation belongs to another bot than the token.
    AnotherBot,
    /// The token was issued by another tenant than the registration wants: a single-tenant bot with a
    /// multi-tenant token, or the reverse.
    WrongTenancy,
    /// A conversation was to be created without its tenant.
    TenantMissing,
    /// The tenant is served at another service URL.
    WrongServiceUrl,
    /// The login service refused the credentials: another app's secret, or an expired one.
    CredentialsRefused,
    /// None of the ten can be told.
    Unknown,
}

impl AuthCause {
    /// What the operator does about it.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::TokenLifetime => "set this machine's clock; if it is right, ask for a new token",
            Self::WrongAudience => {
                "ask for the token with the scope of the service that is called: \
                 https://api.botframework.com/.default for the Connector, https://graph.microsoft.com/.default for Graph"
            }
            Self::WrongCloud => "configure the cloud the tenant lives in: public, gcc, gcc-high, dod or china",
            Self::NotRegistered => "create an Azure Bot resource for this app id, or correct the app id",
            Self::TeamsChannelOff => "add the Microsoft Teams channel to the Azure Bot resource",
            Self::AnotherBot => "send with the bot the conversation was stored for, or create a new conversation",
            Self::WrongTenancy => {
                "match the registration's kind: name the home tenant of a single-tenant bot, \
                 leave it out for a multi-tenant one"
            }
            Self::TenantMissing => "give the tenant when a conversation is created",
            Self::WrongServiceUrl => "take the service URL of the tenant's latest activity, or the one the error names",
            Self::CredentialsRefused => {
                "check app id and secret: configure the secret's value, of this app, not expired"
            }
            Self::Unknown => {
                "check app id, secret, tenant and cloud, and that the Azure Bot resource has the Teams channel"
            }
        }
    }
}

impl fmt::Display for AuthCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TokenLifetime => "the token is outside its lifetime",
            Self::WrongAudience => "the token is for another service",
            Self::WrongCloud => "the token is of another cloud",
            Self::NotRegistered => "the app is not registered as a bot",
            Self::TeamsChannelOff => "the bot has no Teams channel",
            Self::AnotherBot => "the conversation belongs to another bot",
            Self::WrongTenancy => "the token is of another tenant than the registration wants",
            Self::TenantMissing => "the request names no tenant",
            Self::WrongServiceUrl => "the tenant is served at another service URL",
            Self::CredentialsRefused => "the login service refused the credentials",
            Self::Unknown => "the cause is not known",
        })
    }
}

/// Which evidence told a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ToldBy {
    /// The code in the service's answer.
    Code,
    /// The `WWW-Authenticate` header of its answer.
    Challenge,
    /// This claim of the token that was sent.
    Claim(&'static str),
    /// What was asked for.
    Request,
    /// What the login service said.
    Login,
    /// Nothing did.
    Nothing,
}

impl fmt::Display for ToldBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code => f.write_str("the service's code"),
            Self::Challenge => f.write_str("the service's WWW-Authenticate header"),
            Self::Claim(name) => write!(f, "the token's claim {name:?}"),
            Self::Request => f.write_str("the request"),
            Self::Login => f.write_str("the login service"),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}

/// Why a bot was not accepted, as far as the evidence goes. For people; it holds no part of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Diagnosis {
    /// The most likely cause.
    pub cause: AuthCause,
    /// Another one the same evidence fits, if there is one.
    pub or: Option<AuthCause>,
    /// What told it.
    pub told_by: ToldBy,
}

impl Diagnosis {
    pub(crate) fn new(cause: AuthCause, told_by: ToldBy) -> Self {
        Self { cause, or: None, told_by }
    }

    pub(super) fn or(self, other: AuthCause) -> Self {
        Self { or: Some(other), ..self }
    }
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.cause)?;
        if let Some(other) = self.or {
            write!(f, ", or {other}")?;
        }
        if self.told_by != ToldBy::Nothing {
            write!(f, ", as {} tells", self.told_by)?;
        }
        write!(f, ": {}", self.cause.remedy())?;
        match self.or {
            Some(other) => write!(f, "; or {}", other.remedy()),
            None => Ok(()),
        }
    }
}
