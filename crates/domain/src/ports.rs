//! What the engine and the server need from a store and from the channel.
//!
//! Times are passed in: a store has no clock. Lookups return `Option`; an error means that the store
//! itself failed. Every method is atomic: after a crash either all of it happened or nothing.

use std::time::Duration;

use async_trait::async_trait;
use pregon_model::{
    Activity, ActivityId, CatalogAppId, ConversationId, GroupId, MemberId, ObjectId, ServiceUrl, TeamId,
};
use serde::{Deserialize, Serialize};

use crate::directory::{Capture, Person, Reference};
use crate::message::{Claimed, Delivery, Hold, Learned, Message, MessageProgress, NewDelivery, Settlement};
use crate::{BotName, DeliveryId, DeliveryState, KeyId, LaneId, LaneKey, MessageId, Reason, ReferenceId, Timestamp};

/// The store failed. What was asked for did not happen.
#[derive(Debug, thiserror::Error)]
#[error("store: {what}")]
pub struct StoreError {
    /// What was being done.
    pub what: String,
    /// Why it failed.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// A lane taken by this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// The lane.
    pub lane: LaneId,
    /// What it is.
    pub key: LaneKey,
    /// Fences every write: a later owner has a higher epoch.
    pub epoch: i64,
    /// Closed by the channel until then.
    pub closed_until: Option<Timestamp>,
    /// Deliveries the former owner may have sent and could not settle: now pending again or uncertain.
    pub doubtful: u64,
}

/// The lanes and their deliveries, as their owner works them.
#[async_trait]
pub trait LaneStore: Send + Sync {
    /// The lane of a bot in a tenant, made if it is new.
    async fn lane(&self, key: &LaneKey) -> Result<LaneId, StoreError>;

    /// Every lane.
    async fn lanes(&self) -> Result<Vec<(LaneId, LaneKey)>, StoreError>;

    /// Becomes the owner of a lane, with a new epoch.
    ///
    /// Deliveries at or before their share's mark without an outcome may have been sent by the former
    /// owner. In the same transaction each becomes, by its message's policy, pending again (due after the
    /// mark, `doubted`, reason `interrupted`, its attempt counted) or uncertain (reason
    /// `interrupted`). Edits and deletions are always pending again: repeating them does no harm.
    async fn take(&self, lane: LaneId, now: Timestamp) -> Result<Lease, StoreError>;

    /// Takes deliveries due at `now`, at most `limit`, divided among the messages that have some as
    /// [`share::apportion`](crate::share::apportion) says, the oldest of each first; and moves each
    /// share's mark to the last one taken, in the same transaction: it is durable before any of them
    /// leaves. Messages that rest or were cancelled give nothing. `None` when another owner has taken the lane.
    async fn claim(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        limit: usize,
    ) -> Result<Option<Vec<Claimed>>, StoreError>;

    /// Writes outcomes and what was learned, in one transaction, and keeps the messages' tallies.
    /// A delivery that goes back is due at the time given or just after its share's mark, whichever is later.
    /// `false`, writing nothing, when another owner has taken the lane.
    async fn settle(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        settlements: &[Settlement],
        learned: &[Learned],
    ) -> Result<bool, StoreError>;

    /// When the next delivery that may be claimed is due; `None` when there is none.
    async fn next_due(&self, lane: LaneId) -> Result<Option<Timestamp>, StoreError>;

    /// Remembers that the channel closed the lane.
    async fn close_lane(&self, lane: LaneId, until: Timestamp) -> Result<(), StoreError>;

    /// When these conversations were called since `since`, as far as settlements told that they were
    /// crowded: what the windows of a new owner must remember.
    async fn starts_since(
        &self,
        lane: LaneId,
        references: &[ReferenceId],
        since: Timestamp,
    ) -> Result<Vec<(ReferenceId, Timestamp)>, StoreError>;
}

/// What makes a repeated request the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// Whose key space: an API key, or the server itself.
    pub owner: String,
    /// The key.
    pub key: String,
    /// Hash of the request body.
    pub body_hash: Vec<u8>,
}

/// What became of a message offered to the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// It is stored and will be sent.
    New,
    /// The same request had been made: this is its message.
    Same(MessageId),
    /// The key was used with another body.
    Conflict,
}

/// An audience being worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Expansion {
    /// The message.
    pub message: Message,
    /// Where to go on; `None` at the beginning.
    pub cursor: Option<String>,
}

/// Which deliveries of a message to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Only in this state.
    pub state: Option<DeliveryState>,
    /// Only for this reason.
    pub reason: Option<Reason>,
    /// Only the one to this reference: found by index, however many there are.
    pub reference: Option<ReferenceId>,
    /// Only those after this one, in the order of ids.
    pub after: Option<DeliveryId>,
    /// At most so many.
    pub limit: usize,
}

/// Deliveries that ended and are to be decided anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Those that stopped for one of these reasons.
    Stopped(Vec<Reason>),
    /// The uncertain ones.
    Uncertain,
    /// This one, if it is uncertain.
    One(DeliveryId),
}

/// What becomes of deliveries decided anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They are sent (again), with all their attempts before them. A copy may have arrived before.
    Send,
    /// They arrived.
    Delivered,
    /// They did not arrive, and are not sent.
    Stopped,
}

/// How far [`MessageStore::reconsider`] came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconsidered {
    /// Deliveries changed.
    pub count: u64,
    /// The last one looked at; `None` when there is none after it.
    pub next: Option<DeliveryId>,
}

/// Messages and the listing of their deliveries.
#[async_trait]
pub trait MessageStore: Send + Sync {
    /// Stores a message. With an idempotency key, a request made before (within 24 hours) stores nothing.
    async fn accept(&self, message: &Message, idempotency: Option<&Idempotency>) -> Result<Accepted, StoreError>;

    /// What an earlier request with this key led to, if it was made in the 24 hours before `now`.
    async fn repeated(&self, request: &Idempotency, now: Timestamp) -> Result<Option<Accepted>, StoreError>;

    /// A message and its progress; constant time however many deliveries it has.
    async fn message(&self, id: MessageId) -> Result<Option<MessageProgress>, StoreError>;

    /// Messages, newest first, after (older than) this one.
    async fn messages(&self, after: Option<MessageId>, limit: usize) -> Result<Vec<MessageProgress>, StoreError>;

    /// Messages whose audience is to be worked out at `now`, not cancelled, oldest first.
    async fn expansions(&self, now: Timestamp, limit: usize) -> Result<Vec<Expansion>, StoreError>;

    /// When the next audience is to be worked out; `None` when there is none.
    async fn next_expansion(&self) -> Result<Option<Timestamp>, StoreError>;

    /// Adds deliveries and moves the expansion's cursor, in one transaction. A reference that has a
    /// delivery of this message already gets no second one. With `done` the audience is complete.
    /// A delivery whose time has come is due just after its share's mark. A message with a canary gives
    /// nothing before its audience is complete; then its canary may be claimed.
    async fn expand(
        &self,
        message: MessageId,
        deliveries: &[NewDelivery],
        cursor: Option<&str>,
        done: bool,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// A delivery; about constant time however many there are.
    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError>;

    /// Deliveries of a message.
    async fn deliveries(&self, message: MessageId, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreError>;

    /// Cancels a message: from now on none of its deliveries is claimed; those in flight end as they
    /// end. The others are stopped by [`MessageStore::stop_cancelled`]. `false` when there is no such
    /// message. Cancelling twice is no error.
    async fn cancel(&self, message: MessageId) -> Result<bool, StoreError>;

    /// Stops deliveries of cancelled messages that are not in flight, at most `limit`; says how many.
    async fn stop_cancelled(&self, limit: usize, now: Timestamp) -> Result<u64, StoreError>;

    /// Lets a message rest, or (`None`) go on: nothing of it is claimed meanwhile. Going on after its
    /// canary ends the canary. Failures pause a message once, and only one that asked for it: who resumes it
    /// has seen them. Doing it twice is no error; `false` when there is no such message.
    async fn hold(&self, message: MessageId, hold: Option<Hold>) -> Result<bool, StoreError>;

    /// Decides anew about deliveries that had ended, at most `limit` of them, in the order of ids after
    /// `after`. Doing it twice changes nothing more.
    async fn reconsider(
        &self,
        message: MessageId,
        which: &Ended,
        verdict: Verdict,
        after: Option<DeliveryId>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Reconsidered, StoreError>;

    /// Removes deliveries of messages that ended and were created before `before`, at most `limit`;
    /// says how many. The messages and their tallies stay.
    async fn purge(&self, before: Timestamp, limit: usize) -> Result<u64, StoreError>;
}

/// Conversation references, people, teams and their choices.
#[async_trait]
pub trait DirectoryStore: Send + Sync {
    /// Writes what was learned of one conversation; makes its record if it is new.
    async fn capture(&self, capture: &Capture, now: Timestamp) -> Result<ReferenceId, StoreError>;

    /// Writes what a roster page tells: the people, and that they are members of `team`. People are
    /// returned in the order given. A person who had left a team and is back is open again.
    async fn capture_members(
        &self,
        lane: LaneId,
        team: ReferenceId,
        service_url: Option<&ServiceUrl>,
        people: &[Person],
        now: Timestamp,
    ) -> Result<Vec<ReferenceId>, StoreError>;

    /// A person left a team. Without another team and without an installation of their own they are
    /// out of reach (`left_team`).
    async fn member_left(&self, lane: LaneId, team: ReferenceId, member: &MemberId) -> Result<(), StoreError>;

    /// The app was removed from a team: its channels close, and so do members reached through it alone.
    async fn team_removed(&self, team: ReferenceId) -> Result<(), StoreError>;

    /// One reference.
    async fn reference(&self, id: ReferenceId) -> Result<Option<Reference>, StoreError>;

    /// References of a bot, oldest first, after this one; only of `scope` when given.
    async fn references(
        &self,
        bot: Option<&BotName>,
        scope: Option<crate::directory::Scope>,
        after: Option<ReferenceId>,
        limit: usize,
    ) -> Result<Vec<Reference>, StoreError>;

    /// The references of a bot behind a conversation id, in any tenant.
    async fn find_conversation(&self, bot: &BotName, id: &ConversationId) -> Result<Option<Reference>, StoreError>;

    /// A team of a bot by its group.
    async fn find_team_by_group(&self, bot: &BotName, group: &GroupId) -> Result<Option<Reference>, StoreError>;

    /// A person of a bot by e-mail address or sign-in name (lower-cased).
    async fn find_email(&self, bot: &BotName, email: &str) -> Result<Option<Reference>, StoreError>;

    /// A person of a bot by Entra object id.
    async fn find_object(&self, bot: &BotName, id: &ObjectId) -> Result<Option<Reference>, StoreError>;

    /// A person of a bot by member id.
    async fn find_member(&self, bot: &BotName, id: &MemberId) -> Result<Option<Reference>, StoreError>;

    /// Opts a person out of a topic, or in again.
    async fn set_opt_out(
        &self,
        reference: ReferenceId,
        topic: &str,
        out: bool,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Whether an inbound activity was noted in the last 24 hours.
    async fn seen_before(&self, lane: LaneId, activity_key: &str, now: Timestamp) -> Result<bool, StoreError>;

    /// Notes an inbound activity, once all it leads to is stored: a crash before that takes it again
    /// when it is delivered again. `false` when it was noted before (within 24 hours at least).
    async fn first_sight(&self, lane: LaneId, activity_key: &str, now: Timestamp) -> Result<bool, StoreError>;
}

/// An API key as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// What it is for, in the operator's words.
    pub name: String,
    /// SHA-256 of the secret.
    pub hash: Vec<u8>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// API keys.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Stores a key.
    async fn add_key(&self, key: &ApiKey) -> Result<(), StoreError>;

    /// The key with this hash.
    async fn key_by_hash(&self, hash: &[u8]) -> Result<Option<ApiKey>, StoreError>;

    /// Every key.
    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError>;

    /// Removes a key; `false` when there is none with this id.
    async fn remove_key(&self, id: KeyId) -> Result<bool, StoreError>;
}

/// A whole store.
pub trait Store: LaneStore + MessageStore + DirectoryStore + KeyStore {}

impl<T: LaneStore + MessageStore + DirectoryStore + KeyStore> Store for T {}

/// Why the channel did not do what was asked: what the caller does next, not what broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// 429: nothing was delivered; the same call may be made again later.
    #[error("throttled")]
    Throttled {
        /// How long the channel asked to wait.
        retry_after: Option<Duration>,
    },
    /// The bot's credentials were refused.
    #[error("credentials refused")]
    Credentials,
    /// Certainly not delivered, and may go better later: no connection, 412, 503, no token.
    #[error("not sent")]
    NotSent,
    /// No answer after the request was written, or a gateway's timeout. It may have been delivered.
    #[error("no answer")]
    Unanswered,
    /// The person blocked the bot.
    #[error("blocked")]
    Blocked,
    /// The app is not installed there.
    #[error("not installed")]
    NotInstalled,
    /// The tenant's administrator blocks the app.
    #[error("blocked by the tenant")]
    TenantBlocked,
    /// The conversation does not exist.
    #[error("conversation gone")]
    ConversationGone,
    /// The message to change does not exist.
    #[error("message gone")]
    ActivityGone,
    /// No such person, team or app.
    #[error("not found")]
    NotFound,
    /// Larger than the channel takes.
    #[error("too large")]
    TooLarge,
    /// 500.
    #[error("internal error of the service")]
    ServerError,
    /// The service URL is not one a token may be sent to.
    #[error("untrusted service URL")]
    Untrusted,
    /// Another refusal.
    #[error("refused")]
    Refused,
}

/// A failed call: the error, and for people its code and correlation id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {detail}")]
pub struct ChannelFailure {
    /// What to do next.
    #[source]
    pub error: ChannelError,
    /// Status, code and correlation id. Never a token or message text.
    pub detail: String,
}

/// What a call to the channel yields.
pub type ChannelResult<T> = Result<T, ChannelFailure>;

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bot and tenant: which credentials.
    pub lane: LaneKey,
    /// The Connector; the cloud's global one when none is known yet.
    pub service_url: Option<ServiceUrl>,
}

/// One page of a roster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MembersPage {
    /// The people.
    pub people: Vec<Person>,
    /// Asks for the next page; `None` on the last.
    pub continuation: Option<String>,
}

/// A channel of a team.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamChannel {
    /// Its id.
    pub id: ConversationId,
    /// Its name; `None` for General.
    pub name: Option<String>,
}

/// Teams, as the engine sees it: each method is exactly one paced call (token calls aside).
#[async_trait]
pub trait Channel: Send + Sync {
    /// Creates the personal conversation with a member, or finds it: idempotent.
    async fn create_personal(&self, place: &Place, member: &str) -> ChannelResult<ConversationId>;

    /// Begins a new thread in a channel.
    async fn create_thread(
        &self,
        place: &Place,
        channel: &ConversationId,
        activity: &Activity,
    ) -> ChannelResult<Option<ActivityId>>;

    /// Sends to a conversation. Not idempotent.
    async fn send(
        &self,
        place: &Place,
        conversation: &ConversationId,
        activity: &Activity,
    ) -> ChannelResult<Option<ActivityId>>;

    /// Replaces a message of the bot's own.
    async fn update(
        &self,
        place: &Place,
        conversation: &ConversationId,
        id: &ActivityId,
        activity: &Activity,
    ) -> ChannelResult<()>;

    /// Deletes a message of the bot's own.
    async fn delete(&self, place: &Place, conversation: &ConversationId, id: &ActivityId) -> ChannelResult<()>;

    /// One page of a team's roster.
    async fn members(
        &self,
        place: &Place,
        team: &ConversationId,
        continuation: Option<&str>,
    ) -> ChannelResult<MembersPage>;

    /// The channels of a team.
    async fn channels(&self, place: &Place, team: &TeamId) -> ChannelResult<Vec<TeamChannel>>;

    /// The app's id in the tenant's catalogue (a Graph call).
    async fn catalog_app(&self, place: &Place) -> ChannelResult<CatalogAppId>;

    /// Installs the app for a person (a Graph call). Already installed is success.
    async fn install_for_person(&self, place: &Place, app: &CatalogAppId, person: &ObjectId) -> ChannelResult<()>;

    /// Installs the app in a team (a Graph call). Already installed is success.
    async fn install_in_team(&self, place: &Place, app: &CatalogAppId, group: &GroupId) -> ChannelResult<()>;

    /// A person by e-mail address, sign-in name or object id (a Graph call).
    async fn find_person(&self, place: &Place, who: &str) -> ChannelResult<Option<Person>>;
}
