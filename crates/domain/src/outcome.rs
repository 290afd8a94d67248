//! How deliveries end: one closed list of states and reasons, the same in API, CLI, logs and docs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Waiting for its time, its turn or a retry.
    Pending,
    /// The channel accepted it. Final.
    Delivered,
    /// It will not be sent; the reason says why. Final.
    Stopped,
    /// It may or may not have been delivered and the message asked not to risk a second copy. Final
    /// until a person decides.
    Uncertain,
}

impl DeliveryState {
    /// Every state, in the order people read them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Delivered, Self::Stopped, Self::Uncertain];

    /// The word for it in API, SQL and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Stopped => "stopped",
            Self::Uncertain => "uncertain",
        }
    }

    /// The state of this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

impl fmt::Display for DeliveryState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $says:literal, $remedy:literal;)+) => {
        /// Why a delivery stopped, is uncertain, or waits longer than its turn.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Reason {
            $($(#[$doc])* $name,)+
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word for it in API, SQL, metrics and logs.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// What happened, in one sentence.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$name => $says,)+ }
            }

            /// What the operator or the person can do about it.
            pub const fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy,)+ }
            }
        }
    };
}

reasons! {
    /// The person blocked the bot, or uninstalled it in a way Teams reports the same.
    Blocked = "blocked", "The person has blocked the bot or removed the app.",
        "The person unblocks the bot, writes to it, or installs the app again; nothing is sent until then.";
    /// The app is not installed where the message should go.
    NotInstalled = "not_installed", "The app is not installed for this person, team or chat.",
        "Install the app there (POST /api/v1/installs, or an app setup policy), then send again.";
    /// The person left the last team through which the bot reached them.
    LeftTeam = "left_team", "The person left the team through which the bot could reach them.",
        "Install the app for the person, or add them to a team that has it, then send again.";
    /// The person opted out of the topic.
    OptedOut = "opted_out", "The person opted out of this topic.",
        "None: it is the person's choice. They can opt in again from any earlier notification.";
    /// Guests are left out unless the message asks for them.
    Guest = "guest", "The person is a guest of the tenant and the message does not include guests.",
        "Send with include_guests: true if guests should receive it.";
    /// No such person, team, channel or conversation.
    NotFound = "not_found", "Nobody and nothing with this address is known to the bot or to the directory.",
        "Check the spelling; for a channel, install the app in its team first.";
    /// The tenant's administrator disabled the bot or its policy forbids it.
    TenantBlocked = "tenant_blocked", "The tenant's administrator has blocked the app.",
        "Ask the administrator to allow the app in the Teams admin center.";
    /// The conversation no longer exists.
    ConversationGone = "conversation_gone", "The conversation does not exist any more.",
        "Nothing for a deleted chat or channel; for a person, send again and a new one is created.";
    /// The message to edit or delete, or to reply to, no longer exists.
    ActivityGone = "activity_gone", "The message to change or to reply to does not exist any more.",
        "Send a new message instead.";
    /// The rendered message is larger than Teams takes.
    TooLarge = "too_large", "The message is larger than Teams accepts.",
        "Shorten it, or link to the long part.";
    /// A template or card could not be rendered for this recipient.
    InvalidContent = "invalid_content", "The message could not be rendered for this recipient.",
        "Correct the template or give the missing data, then send again.";
    /// Its last acceptable moment passed.
    Expired = "expired", "The message's not_after passed before its turn came.",
        "Send again with a later not_after.";
    /// The message was cancelled.
    Cancelled = "cancelled", "The message was cancelled.", "Create the message again if it was cancelled in error.";
    /// Every attempt failed.
    Exhausted = "exhausted", "Every attempt failed; the detail names the last failure.",
        "Look at the detail and at the service's health, then send again.";
    /// The service answered 500; Microsoft asks not to retry it.
    ServerError = "server_error", "Teams answered with an internal error, which must not be retried at once.",
        "Send again later; report it to Microsoft with the correlation id in the detail if it persists.";
    /// The service refused the request.
    Refused = "refused", "Teams refused the request; the detail names its code.",
        "Correct what the code names; see docs/outcomes.md.";
    /// The service URL's host is not one a token may be sent to.
    Untrusted = "untrusted", "The conversation's service URL is not on the cloud's list, so no token was sent.",
        "If the address is genuine, add its host to the bot's cloud configuration.";
    /// No answer came after the request was written, or a gateway gave up waiting.
    Unanswered = "unanswered", "No answer came after the request was sent: it may have been delivered.",
        "Look in the conversation, or send again and accept a possible second copy.";
    /// The process ended between sending and writing down the outcome.
    Interrupted = "interrupted", "The server stopped after the message may have been sent and before its outcome was stored.",
        "Look in the conversation, or send again and accept a possible second copy.";
    /// Waiting: the channel asked to slow down.
    Throttled = "throttled", "Teams asked to wait; the delivery goes out when the wait is over.",
        "None needed.";
    /// Waiting: credentials are refused.
    Credentials = "credentials", "Microsoft refuses the bot's credentials; all of the bot's deliveries wait.",
        "Correct the bot's app id, secret or tenant; deliveries go on by themselves.";
    /// Waiting: the service does not answer.
    Outage = "outage", "The service does not answer; the delivery waits, without an attempt being counted, until it does.",
        "None needed; look at the network and at Microsoft's service health if it lasts.";
    /// Waiting: the last attempt failed in a way that may pass.
    Retrying = "retrying", "The last attempt failed in a way that passes; the next one is due.",
        "None needed.";
}

impl Reason {
    /// Whether a delivery that stopped for it failed, so that sending it again may help: neither somebody's
    /// choice nor an end that was asked for.
    pub const fn is_failure(self) -> bool {
        match self {
            Self::NotInstalled
            | Self::NotFound
            | Self::TenantBlocked
            | Self::ConversationGone
            | Self::ActivityGone
            | Self::TooLarge
            | Self::InvalidContent
            | Self::Exhausted
            | Self::ServerError
            | Self::Refused
            | Self::Untrusted
            | Self::Unanswered
            | Self::Interrupted => true,
            Self::Blocked
            | Self::LeftTeam
            | Self::OptedOut
            | Self::Guest
            | Self::Expired
            | Self::Cancelled
            | Self::Throttled
            | Self::Credentials
            | Self::Outage
            | Self::Retrying => false,
        }
    }

    /// The reason of this word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == text)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_says_what_to_do() {
        for &reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.as_str()), Some(reason));
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.as_str());
            assert!(reason.explanation().ends_with('.') && !reason.remedy().is_empty());
        }
        for state in DeliveryState::ALL {
            assert_eq!(DeliveryState::parse(state.as_str()), Some(state));
        }
    }
}
