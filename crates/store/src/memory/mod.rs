//! A store in memory: for tests under paused time and for trying things out. Simple rather than fast,
//! and gone with the process.

mod directory;
mod lane;
mod merge;
mod message;
mod share;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use pregon_domain::message::{AutoPause, Canary, Hold, Message};
use pregon_domain::ports::{ApiKey, KeyStore, StoreError};
use pregon_domain::{DeliveryId, DeliveryState, KeyId, LaneId, LaneKey, MessageId, Reason, ReferenceId, Timestamp};
use pregon_model::ActivityId;
use uuid::Uuid;

use crate::book::Book;
use crate::ids::Ids;

/// A store in memory. No call of it waits.
#[derive(Debug)]
pub struct MemoryStore {
    state: Mutex<State>,
    ids: Ids,
    /// How many reads of a message are still to fail.
    failing: AtomicUsize,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(0)
    }
}

impl MemoryStore {
    /// An empty store; the ids it gives out depend on `seed` and the times it is told alone.
    pub fn new(seed: u64) -> Self {
        Self { state: Mutex::default(), ids: Ids::new(seed), failing: AtomicUsize::new(0) }
    }

    /// Lets the next reads of a message fail, so many of them: for tests of what follows.
    pub fn fail_to_read_messages(&self, times: usize) {
        self.failing.store(times, Ordering::Relaxed);
    }

    fn may_fail(&self) -> Result<(), StoreError> {
        let fails = self.failing.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
        match fails {
            Ok(_) => Err(StoreError { what: "reading a message".into(), source: "it was told to fail".into() }),
            Err(_) => Ok(()),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while it was held was a test's failing; what it left is still the truth.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default)]
struct State {
    lanes: BTreeMap<LaneId, Lane>,
    messages: BTreeMap<MessageId, Stored>,
    deliveries: BTreeMap<DeliveryId, Row>,
    /// A message's part of a lane.
    shares: BTreeMap<(LaneId, MessageId), Share>,
    /// Pending deliveries of each share in the order of claims.
    pending: BTreeSet<(LaneId, MessageId, Timestamp, DeliveryId)>,
    /// Nobody gets a message twice.
    once: BTreeMap<(MessageId, ReferenceId), DeliveryId>,
    starts: BTreeSet<(LaneId, ReferenceId, Timestamp, DeliveryId)>,
    book: Book,
    /// Ids that lead to another record now.
    merged: BTreeMap<ReferenceId, ReferenceId>,
    /// (team, person).
    memberships: BTreeSet<(ReferenceId, ReferenceId)>,
    opt_outs: BTreeSet<(ReferenceId, String)>,
    requests: BTreeMap<(String, String), Request>,
    sights: BTreeMap<(LaneId, String), Timestamp>,
    keys: BTreeMap<KeyId, ApiKey>,
}

#[derive(Debug)]
struct Lane {
    key: LaneKey,
    epoch: i64,
    closed_until: Option<Timestamp>,
    /// The tag served last.
    clock: i64,
}

impl Lane {
    fn new(key: LaneKey) -> Self {
        Self { key, epoch: 0, closed_until: None, clock: 0 }
    }
}

#[derive(Debug)]
struct Share {
    tag: i64,
    /// How many may still be claimed of its canary.
    allowance: Option<u64>,
    mark: (Timestamp, DeliveryId),
}

impl Share {
    fn new(canary: bool) -> Self {
        let nothing = (Timestamp::from_millis(-1), DeliveryId::from_uuid(Uuid::nil()));
        Self { tag: 0, allowance: canary.then_some(0), mark: nothing }
    }

    /// The first moment that is certainly after the mark.
    fn after_mark(&self) -> Timestamp {
        Timestamp::from_millis(self.mark.0.as_millis() + 1)
    }
}

#[derive(Debug)]
struct Stored {
    message: Message,
    cursor: Option<String>,
    expanded: bool,
    cancelled: bool,
    hold: Option<Hold>,
    /// Its canary, until it was sent and the message went on.
    canary: Option<Canary>,
    /// When failures pause it, until they did.
    auto_pause: Option<AutoPause>,
    purged: bool,
    /// Its deliveries that were purged.
    purged_counts: BTreeMap<(DeliveryState, Option<Reason>), u64>,
}

#[derive(Debug)]
struct Row {
    lane: LaneId,
    message: MessageId,
    reference: Option<ReferenceId>,
    address: String,
    due: Timestamp,
    state: DeliveryState,
    reason: Option<Reason>,
    attempts: u32,
    doubted: bool,
    updated_at: Option<Timestamp>,
    activity: Option<ActivityId>,
    thread_root: Option<ActivityId>,
    detail: Option<String>,
}

#[derive(Debug)]
struct Request {
    body_hash: Vec<u8>,
    message: MessageId,
    at: Timestamp,
}

impl State {
    fn lane(&self, id: LaneId) -> Result<&Lane, StoreError> {
        self.lanes.get(&id).ok_or_else(|| unknown("lane"))
    }

    /// What an id once given out leads to now.
    fn resolve(&self, id: ReferenceId) -> ReferenceId {
        self.merged.get(&id).copied().unwrap_or(id)
    }

    /// Whether a pending delivery was claimed.
    fn in_flight(&self, id: DeliveryId) -> bool {
        self.deliveries.get(&id).is_some_and(|row| {
            row.state == DeliveryState::Pending
                && self.shares.get(&(row.lane, row.message)).is_some_and(|share| (row.due, id) <= share.mark)
        })
    }

    /// Changes a delivery and keeps the order of claims.
    fn change(&mut self, id: DeliveryId, change: impl FnOnce(&mut Row)) {
        let Some(row) = self.deliveries.get_mut(&id) else { return };
        self.pending.remove(&(row.lane, row.message, row.due, id));
        change(row);
        if row.state == DeliveryState::Pending {
            self.pending.insert((row.lane, row.message, row.due, id));
        }
    }
}

fn unknown(what: &str) -> StoreError {
    StoreError { what: format!("looking up a {what}"), source: format!("there is no such {what}").into() }
}

#[async_trait]
impl KeyStore for MemoryStore {
    async fn add_key(&self, key: &ApiKey) -> Result<(), StoreError> {
        let mut state = self.state();
        let taken = |other: &ApiKey| other.id == key.id || other.hash == key.hash;
        if state.keys.values().any(taken) {
            return Err(StoreError { what: "storing an API key".into(), source: "there is one already".into() });
        }
        state.keys.insert(key.id, key.clone());
        Ok(())
    }

    async fn key_by_hash(&self, hash: &[u8]) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.state().keys.values().find(|key| key.hash == hash).cloned())
    }

    async fn keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        Ok(self.state().keys.values().cloned().collect())
    }

    async fn remove_key(&self, id: KeyId) -> Result<bool, StoreError> {
        Ok(self.state().keys.remove(&id).is_some())
    }
}
