use std::time::Duration;

use crate::ConnectorError;

/// What a caller does about an error, where the variants of [`ConnectorError`] say more than is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NextStep {
    /// Nothing was delivered: send it again, not before this long. After a throttle every call of
    /// this bot in this tenant waits; without a time, back off a second or two and then longer.
    Retry(Option<Duration>),
    /// It may have been delivered, and repeated it would be seen twice: a person or the message's own
    /// rule decides. Creating a personal chat, updating and deleting are simply repeated.
    Decide,
    /// Install the app there, then send again.
    Install,
    /// Forget the conversation. A personal chat can be created again; another is gone.
    CreateConversation,
    /// Forget this message's id; the conversation is still there.
    ForgetMessage,
    /// Take the service URL of the tenant's latest activity, or the one the error names; send once more.
    ChangeServiceUrl,
    /// Send nothing more to this conversation until the person writes or installs the app.
    StopConversation,
    /// Send nothing more in this tenant: its administrators do not allow the bot.
    StopTenant,
    /// Send nothing more with this bot until its registration or credentials are corrected.
    StopBot,
    /// Correct the request: the same one fails again.
    FixRequest,
}

impl ConnectorError {
    /// What to do next.
    ///
    /// ```
    /// # use pregon_connector::{ConnectorError, NextStep};
    /// # fn example(error: ConnectorError) {
    /// match error.next_step() {
    ///     NextStep::Retry(wait) => println!("again after {wait:?}"),
    ///     NextStep::Decide => println!("perhaps delivered: {error}"),
    ///     NextStep::Install => println!("install the app first"),
    ///     step => println!("not delivered ({error}): {step:?}"),
    /// }
    /// # }
    /// ```
    pub fn next_step(&self) -> NextStep {
        match self {
            Self::Throttled(_) | Self::Transient(_) | Self::NotSent(_) => NextStep::Retry(self.retry_after()),
            Self::Token(error) if error.is_transient() => NextStep::Retry(self.retry_after()),
            Self::Unanswered { .. } | Self::ServerError(_) | Self::Unreadable { .. } => NextStep::Decide,
            Self::NotInstalled(_) => NextStep::Install,
            Self::ConversationNotFound(_) => NextStep::CreateConversation,
            Self::ActivityNotFound(_) => NextStep::ForgetMessage,
            Self::WrongHost(_) => NextStep::ChangeServiceUrl,
            Self::Blocked(_) => NextStep::StopConversation,
            Self::TenantBlocked(_) => NextStep::StopTenant,
            Self::Unauthorised { .. } | Self::Token(_) => NextStep::StopBot,
            Self::TooLarge(_)
            | Self::Refused(_)
            | Self::Untrusted(_)
            | Self::BadId
            | Self::BadMessage(_)
            | Self::BadArgument(_) => NextStep::FixRequest,
        }
    }
}
