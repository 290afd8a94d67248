use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use pregon_domain::ports::{ChannelError, ChannelFailure};
use pregon_domain::scopes::CallKind;
use pregon_domain::{LaneId, LaneKey};
use pregon_model::CatalogAppId;

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
    /// The channel asked to wait, or credentials are refused.
    Closed,
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
            Self::Closed => "closed",
            Self::Concurrency => "concurrency",
        }
    }

    const ALL: [Self; 5] = [Self::Nothing, Self::LaneLimit, Self::ConversationLimit, Self::Closed, Self::Concurrency];
}

/// How a lane is doing.
#[derive(Clone, Copy, Debug)]
pub struct LaneStatus {
    /// Connector calls a second allowed now; `None` when limits are lifted.
    pub rate_per_s: Option<u32>,
    /// What keeps it from going faster.
    pub limited_by: LimitedBy,
    /// Calls under way.
    pub in_flight: usize,
    /// How much longer it is closed: the channel asked to wait, or credentials are refused.
    pub closed_for: Option<Duration>,
}

/// What a lane's worker, the expander and the server share.
#[derive(Debug)]
pub(crate) struct LaneShared {
    pub(crate) id: LaneId,
    pub(crate) key: LaneKey,
    pub(crate) gate: Gate,
    pub(crate) catalog_app: OnceLock<CatalogAppId>,
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
            limited_by: AtomicU8::new(LimitedBy::Nothing as u8),
            in_flight: AtomicUsize::new(0),
        }
    }

    /// Does what a failed call outside the worker asks of the lane: a 429 closes it, or Graph.
    pub(crate) fn heed(&self, kind: CallKind, failure: &ChannelFailure) {
        if let ChannelError::Throttled { retry_after } = failure.error {
            self.gate.throttled(kind, retry_after);
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
            closed_for: self.gate.closed_for(),
        }
    }
}
