//! Messages and deliveries as records.

use pregon_model::{ActivityId, ConversationId, ServiceUrl, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::content::Content;
use crate::directory::{Person, Reach, Scope};
use crate::{Address, BotName, DeliveryId, DeliveryState, KeyId, LaneId, MessageId, Reason, ReferenceId, Timestamp};

/// What to do when nobody knows whether a send arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryPolicy {
    /// Send again: the person may see it twice, never not at all.
    #[default]
    AtLeastOnce,
    /// Leave it uncertain for a person to decide.
    AtMostOnce,
}

/// How a message stands to others of the same lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// A person is waiting: goes before all others.
    Urgent,
    /// Takes turns with its like.
    #[default]
    Normal,
    /// Gets one turn where a normal one gets eight.
    Bulk,
}

/// Sends to a part of the audience first and then waits for a person to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// Part of each lane's deliveries sent before the message waits, 1 to 99 in a hundred, at least one.
    pub percent: u8,
}

impl Canary {
    /// How many of `all` are sent first.
    pub fn of(self, all: u64) -> u64 {
        (all * u64::from(self.percent)).div_ceil(100).max(1)
    }
}

/// Pauses a message when too many of its deliveries fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoPause {
    /// It rests when more than so many in a hundred of the attempted deliveries failed, 1 to 99.
    pub percent: u8,
    /// Never before so many were attempted.
    #[serde(default = "AutoPause::after_by_default")]
    pub after: u64,
}

impl AutoPause {
    /// Attempts that say something about the whole, where the caller does not say how many.
    pub const AFTER: u64 = 20;

    const fn after_by_default() -> u64 {
        Self::AFTER
    }

    /// Whether a message that stands so is to rest.
    pub fn trips(self, progress: &MessageProgress) -> bool {
        let failed: u64 = progress.tallies.iter().filter(|tally| tally.failed()).map(|tally| tally.count).sum();
        let attempted = failed + progress.count(DeliveryState::Delivered);
        attempted >= self.after && failed * 100 > attempted * u64::from(self.percent)
    }
}

/// Why a message rests: nothing more of it is sent until it is resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// A person paused it.
    Paused,
    /// Its canary was sent.
    Canary,
    /// Too many deliveries failed.
    Failures,
}

impl Hold {
    /// What happened, in one sentence.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Paused => "It was paused.",
            Self::Canary => "Its canary was sent; the rest waits for a person to look.",
            Self::Failures => "More of its deliveries failed than auto_pause allows.",
        }
    }

    /// What goes on from here.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Paused => "Resume it, or cancel it.",
            Self::Canary => "Look at those who have it, then resume the message, or cancel it.",
            Self::Failures => {
                "Look at the reasons and their remedies, then resume it: failures do not pause it again. \
                 Resend sends again what failed."
            }
        }
    }
}

/// What a message does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "message")]
pub enum Operation {
    /// Sends something new.
    #[default]
    Send,
    /// Replaces what this earlier message delivered.
    Edit(MessageId),
    /// Deletes what this earlier message delivered.
    Delete(MessageId),
}

/// A message as it is stored: what the caller asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The bot that speaks.
    pub bot: BotName,
    /// The key that asked; `None` for the server's own messages (welcomes, answers).
    pub created_by: Option<KeyId>,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// What it does.
    pub operation: Operation,
    /// What is said; `None` for a deletion.
    pub content: Option<Content>,
    /// The caller's data for templates.
    #[serde(default)]
    pub data: Value,
    /// Whom it is for, as written. Empty for edits and deletions: theirs is the earlier message's.
    pub to: Vec<String>,
    /// The subject a person can opt out of.
    pub topic: Option<String>,
    /// Whether opting out of the topic is not possible.
    pub mandatory: bool,
    /// Whether guests of the tenant receive it.
    pub include_guests: bool,
    /// Whether it interrupts the person with a notification.
    pub alert: bool,
    /// What to do in doubt.
    pub policy: DeliveryPolicy,
    /// How it stands to other messages.
    #[serde(default)]
    pub priority: Priority,
    /// Whether a part of the audience comes first.
    #[serde(default)]
    pub canary: Option<Canary>,
    /// When failures pause it.
    #[serde(default)]
    pub auto_pause: Option<AutoPause>,
    /// Not sent before this.
    pub send_at: Option<Timestamp>,
    /// Not sent after this.
    pub not_after: Timestamp,
}

impl Message {
    /// A message of the server's own that sends `content`, to nobody yet and with every option at its
    /// default.
    pub fn send(id: MessageId, bot: BotName, content: Content, created_at: Timestamp, not_after: Timestamp) -> Self {
        Self {
            id,
            bot,
            created_by: None,
            created_at,
            operation: Operation::Send,
            content: Some(content),
            data: Value::Null,
            to: Vec::new(),
            topic: None,
            mandatory: false,
            include_guests: false,
            alert: false,
            policy: DeliveryPolicy::AtLeastOnce,
            priority: Priority::Normal,
            canary: None,
            auto_pause: None,
            send_at: None,
            not_after,
        }
    }

    /// The audience, parsed. What is stored was valid when it was accepted.
    pub fn addresses(&self) -> impl Iterator<Item = Address> + '_ {
        self.to.iter().filter_map(|text| text.parse().ok())
    }
}

/// Deliveries of a message in one state, for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The state.
    pub state: DeliveryState,
    /// The reason; `None` where none is needed.
    pub reason: Option<Reason>,
    /// How many.
    pub count: u64,
}

impl Tally {
    /// Whether these were attempted and did not arrive: not those that were skipped by somebody's choice.
    pub fn failed(&self) -> bool {
        match self.state {
            DeliveryState::Uncertain => true,
            DeliveryState::Stopped => self.reason.is_some_and(Reason::is_failure),
            DeliveryState::Pending | DeliveryState::Delivered => false,
        }
    }
}

/// A message and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageProgress {
    /// The message.
    pub message: Message,
    /// Whether its audience is complete.
    pub expanded: bool,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Why it rests, if it does.
    pub hold: Option<Hold>,
    /// Whether the rows of its deliveries were purged; the tallies are what is left of them.
    pub purged: bool,
    /// How its deliveries stand.
    pub tallies: Vec<Tally>,
}

/// Where a message stands, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Its audience is being worked out, or its time has not come.
    Preparing,
    /// Deliveries are pending.
    Sending,
    /// Deliveries are pending, and rest until it is resumed.
    Paused,
    /// Every delivery has ended.
    Done,
    /// It was cancelled before it was done; what was delivered before stays delivered.
    Cancelled,
}

impl MessageProgress {
    /// Deliveries in `state`, whatever the reason.
    pub fn count(&self, state: DeliveryState) -> u64 {
        self.tallies.iter().filter(|tally| tally.state == state).map(|tally| tally.count).sum()
    }

    /// Deliveries in all.
    pub fn total(&self) -> u64 {
        self.tallies.iter().map(|tally| tally.count).sum()
    }

    /// Where the message stands.
    pub fn state(&self) -> MessageState {
        let cancelled_some =
            self.tallies.iter().any(|tally| tally.reason == Some(Reason::Cancelled) && tally.count > 0);
        let pending = self.count(DeliveryState::Pending);
        if self.cancelled && (cancelled_some || pending > 0 || !self.expanded) {
            MessageState::Cancelled
        } else if self.hold.is_some() && (pending > 0 || !self.expanded) {
            MessageState::Paused
        } else if !self.expanded {
            MessageState::Preparing
        } else if pending > 0 {
            MessageState::Sending
        } else {
            MessageState::Done
        }
    }
}

/// A delivery to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDelivery {
    /// Its id; ids of one message ascend in the order of its audience.
    pub id: DeliveryId,
    /// The lane that will work it.
    pub lane: LaneId,
    /// Whom it goes to; `None` when the address led to nobody (then `stopped` says why).
    pub reference: Option<ReferenceId>,
    /// The address it came from, for people to read.
    pub address: String,
    /// When it may go out.
    pub due: Timestamp,
    /// Root message of the thread it replies in.
    pub thread_root: Option<ActivityId>,
    /// The activity it edits or deletes.
    pub activity: Option<ActivityId>,
    /// Set when it is known from the start that it will not be sent.
    pub stopped: Option<Reason>,
}

/// A delivery as people look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Its message.
    pub message: MessageId,
    /// Whom it goes to.
    pub reference: Option<ReferenceId>,
    /// The address it came from.
    pub address: String,
    /// What the reference addresses.
    pub scope: Option<Scope>,
    /// Name of the person, team or channel.
    pub name: Option<String>,
    /// E-mail address of the person.
    pub email: Option<String>,
    /// Where it stands.
    pub state: DeliveryState,
    /// Why.
    pub reason: Option<Reason>,
    /// Code and correlation id of the last failure.
    pub detail: Option<String>,
    /// Attempts that counted.
    pub attempts: u32,
    /// Whether an attempt's outcome was ever in doubt: a second copy is possible.
    pub doubted: bool,
    /// When it is (or was) due.
    pub due: Timestamp,
    /// When it ended or was last tried.
    pub updated_at: Option<Timestamp>,
    /// The activity the channel created.
    pub activity: Option<ActivityId>,
    /// The thread it is in.
    pub thread_root: Option<ActivityId>,
}

/// A delivery taken by the lane's owner, with all it needs to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// Its id.
    pub id: DeliveryId,
    /// Its message; content is read once per message, not with every delivery.
    pub message: MessageId,
    /// Whether the message was cancelled meanwhile.
    pub cancelled: bool,
    /// Attempts that counted so far.
    pub attempts: u32,
    /// What it waited for, if for more than its turn.
    pub reason: Option<Reason>,
    /// When it was due.
    pub due: Timestamp,
    /// Whom it goes to.
    pub target: Target,
    /// Whether the person opted out of the message's topic.
    pub opted_out: bool,
    /// Root message of the thread it replies in.
    pub thread_root: Option<ActivityId>,
    /// The activity it edits or deletes.
    pub activity: Option<ActivityId>,
}

/// The part of a reference that sending needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The reference.
    pub reference: ReferenceId,
    /// What it addresses.
    pub scope: Scope,
    /// Whether it can be spoken to.
    pub reach: Reach,
    /// The conversation, once it exists.
    pub conversation: Option<ConversationId>,
    /// Where its Connector is.
    pub service_url: Option<ServiceUrl>,
    /// The person of a personal reference.
    pub person: Option<Person>,
    /// Name of a team, channel or group chat.
    pub name: Option<String>,
    /// Whether the app is installed for this very person.
    pub installed: bool,
    /// The tenant.
    pub tenant: TenantId,
}

/// What became of a claimed delivery.
#[derive(Clone, Debug, PartialEq)]
pub struct Settlement {
    /// The delivery.
    pub id: DeliveryId,
    /// Its message.
    pub message: MessageId,
    /// The reason it was claimed with: the count it leaves.
    pub before: Option<Reason>,
    /// What became of it.
    pub outcome: Outcome,
    /// Attempts that counted, this one included.
    pub attempts: u32,
    /// Whether this attempt's outcome was in doubt.
    pub doubted: bool,
    /// Whether its conversation was called so often lately that a later owner must know of this attempt
    /// ([`CROWDED`](crate::scopes::CROWDED)).
    pub crowded: bool,
    /// Code and correlation id of the failure, for people to read.
    pub detail: Option<String>,
}

/// The outcome of a claimed delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The channel accepted it, as this activity (`None` when Teams returned no id).
    Delivered(Option<ActivityId>),
    /// It will not be sent.
    Stopped(Reason),
    /// It may have arrived and is not repeated.
    Uncertain(Reason),
    /// It goes back, due at this time; the reason says what it waits for.
    Pending(Timestamp, Option<Reason>),
}

/// Something learned about a reference while working it, written with the settlements.
#[derive(Clone, Debug, PartialEq)]
pub enum Learned {
    /// Its conversation was created.
    Conversation(ReferenceId, ConversationId),
    /// Its conversation does not exist any more.
    NoConversation(ReferenceId),
    /// Whether it can be spoken to changed.
    Reach(ReferenceId, Reach),
    /// The app was installed for the person.
    Installed(ReferenceId),
}
