use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use pregon_domain::{LaneId, LaneKey};
use pregon_model::CatalogAppId;
use tokio::sync::watch;

use crate::gate::Gate;

/// What keeps a lane from going faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LimitedBy {
    /// Nothing: there is no more work.
    Nothing,
    /// The lane's limit a second.
    LaneLimit,
    /// The limits of the conversations at hand.
    ConversationLimit,
    /// Graph's budget for installs.
    GraphLimit,
    /// The channel asked to wait.
    Closed,
    /// Microsoft refuses the bot's credentials.
    Credentials,
    /// The service does not answer.
    Outage,
    /// Calls under way: answers are slow.
    Concurrency,
}

impl LimitedBy {
    /// The word for it in API and CLI.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::LaneLimit => "lane_limit",
            Self::ConversationLimit => "conversation_limit",
            Self::GraphLimit => "graph_limit",
            Self::Closed => "closed",
            Self::Credentials => "credentials",
            Self::Outage => "outage",
            Self::Concurrency => "concurrency",
        }
    }

    const ALL: [Self; 8] = [
        Self::Nothing,
        Self::LaneLimit,
        Self::ConversationLimit,
        Self::GraphLimit,
        Self::Closed,
        Self::Credentials,
        Self::Outage,
        Self::Concurrency,
    ];
}

/// How a lane is doing.
#[derive(Clone, Copy, Debug)]
pub struct LaneStatus {
    /// Connector calls a second allowed now: what is configured, or the lower ceiling learned from refusals;
    /// `None` when limits are lifted.
    pub rate_per_s: Option<u32>,
    /// What keeps it from going faster.
    pub limited_by: LimitedBy,
    /// Calls under way.
    pub in_flight: usize,
    /// Conversations whose windows remember a call, by kind of call: what a lane's memory grows with.
    pub conversations: usize,
    /// How much longer it is closed: the channel asked to wait.
    pub closed_for: Option<Duration>,
}

/// What a lane's worker, the expander and the server share.
#[derive(Debug)]
pub(crate) struct LaneShared {
    pub(crate) id: LaneId,
    pub(crate) key: LaneKey,
    pub(crate) gate: Gate,
    pub(crate) catalog_app: OnceLock<CatalogAppId>,
    /// Raised when the lane may have new work; its worker listens.
    pub(crate) wake: watch::Sender<()>,
    limited_by: AtomicU8,
    in_flight: AtomicUsize,
}

impl LaneShared {
    pub(crate) fn new(id: LaneId, key: LaneKey, gate: Gate) -> Self {
        Self {
            id,
            key,
            gate,
            catalog_app: OnceLock::new(),
            wake: watch::Sender::new(()),
            limited_by: AtomicU8::new(LimitedBy::Nothing as u8),
            in_flight: AtomicUsize::new(0),
        }
    }

    pub(crate) fn report(&self, limited_by: LimitedBy, in_flight: usize) {
        self.limited_by.store(limited_by as u8, Ordering::Relaxed);
        self.in_flight.store(in_flight, Ordering::Relaxed);
    }

    pub(crate) fn status(&self) -> LaneStatus {
        let limited_by = usize::from(self.limited_by.load(Ordering::Relaxed));
        LaneStatus {
            rate_per_s: self.gate.lane_rate(),
            limited_by: LimitedBy::ALL.get(limited_by).copied().unwrap_or(LimitedBy::Nothing),
            in_flight: self.in_flight.load(Ordering::Relaxed),
            conversations: self.gate.conversations(),
            closed_for: self.gate.closed_for(),
        }
    }
}
