//! Claiming the next batch.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use pregon_domain::message::{Claimed, Message};
use pregon_domain::ports::StoreError;
use pregon_domain::scopes::CROWDED;
use pregon_domain::{LaneId, MessageId, Reason, ReferenceId, Timestamp};
use tokio::time::Instant;

use super::work::Work;
use super::{BATCH, Event, LaneWorker};
use crate::breakers::Outlook;
use crate::engine::Shared;

/// Longest window of a conversation: what the former owner sent within it still counts.
const LONGEST_WINDOW: Duration = Duration::from_hours(1);
/// A batch holds what may start within this span: less is in doubt after a crash, and a claim costs a
/// small write ten times a second at most.
const CLAIM_SPAN: Duration = Duration::from_millis(100);
/// A batch is claimed this long before its first call may start.
const CLAIM_LEAD: Duration = Duration::from_millis(20);
/// Messages kept in memory to render from.
const MESSAGES_KEPT: usize = 64;

/// A claimed batch, and what is needed to work it.
pub(super) struct Batch {
    pub(super) claimed: Vec<Claimed>,
    messages: Vec<Arc<Message>>,
    starts: Vec<(ReferenceId, Timestamp)>,
}

/// What a former owner sent: its starts count in the windows of conversations.
pub(super) struct Former {
    taken_at: Timestamp,
    /// Conversations already asked for.
    asked: HashSet<ReferenceId>,
}

impl Former {
    pub(super) fn new(taken_at: Timestamp) -> Self {
        Self { taken_at, asked: HashSet::new() }
    }

    /// The former owner's starts in conversations of this batch that were not asked for before: those the
    /// store remembers, and as many as it may not know of, for it is told of crowded conversations only.
    pub(super) fn news(&mut self, batch: &Batch) -> Vec<(ReferenceId, Timestamp)> {
        let fresh: HashSet<ReferenceId> = batch
            .claimed
            .iter()
            .map(|delivery| delivery.target.reference)
            .filter(|id| !self.asked.contains(id))
            .collect();
        let known =
            batch.starts.iter().filter(|(reference, start)| *start <= self.taken_at && fresh.contains(reference));
        let unknown = fresh.iter().flat_map(|id| std::iter::repeat_n((*id, self.taken_at), CROWDED - 1));
        let news = known.copied().chain(unknown).collect();
        self.asked.extend(fresh);
        news
    }
}

impl LaneWorker {
    /// When the next batch is to be claimed, if there may be one: not before what is in hand is mostly
    /// settled, and just before the lane may start another call. What is claimed and not settled is
    /// what a crash leaves in doubt.
    pub(super) fn claim_when(&self) -> Option<Instant> {
        if self.claiming || !self.queue.is_dry() || self.in_hand() > BATCH / 2 {
            return None;
        }
        let opens = Instant::now() + self.lane.gate.lane_wait().time.saturating_sub(CLAIM_LEAD);
        let opens = match self.outlook() {
            Outlook::Shut(rest) if self.services.all_known() || rest.reason == Reason::Credentials => {
                opens.max(Instant::now() + rest.time)
            }
            _ => opens,
        };
        Some(self.claim_at?.max(opens).max(self.services.next_claim()))
    }

    /// How many deliveries to claim.
    fn claim_limit(&self) -> usize {
        let limit = match self.outlook() {
            Outlook::Probe => 1,
            _ if self.services.are_in_the_way() => BATCH / 2,
            _ => self.lane.gate.room(CLAIM_SPAN),
        };
        limit.min(BATCH - self.in_hand()).max(1)
    }

    /// Deliveries claimed and not settled.
    fn in_hand(&self) -> usize {
        self.queue.len() + self.calls + self.outbox.len() + self.settling
    }

    pub(super) fn claim_if_due(&mut self) {
        if self.claim_when().is_none_or(|at| at > Instant::now()) {
            return;
        }
        self.claiming = true;
        self.claim_at = None;
        let limit = self.claim_limit();
        self.services.claiming();
        if self.settling == 0 && self.outbox.is_empty() {
            self.queue.forget_news();
        }
        let since = self.shared.clock.now() - LONGEST_WINDOW;
        self.former.take_if(|former| former.taken_at < since);
        let asks_starts = self.former.is_some().then_some(since);
        let known = self.messages.clone();
        let (shared, lane, epoch) = (Arc::clone(&self.shared), self.lane.id, self.lease.epoch);
        self.tasks.spawn(async move { Event::Claimed(claim(&shared, lane, epoch, limit, &known, asks_starts).await) });
    }

    pub(super) fn took(&mut self, batch: Batch) {
        if let Some(former) = &mut self.former {
            self.lane.gate.remember(&former.news(&batch));
        }
        if self.messages.len() + batch.messages.len() > MESSAGES_KEPT {
            self.messages.clear();
        }
        for message in &batch.messages {
            self.messages.insert(message.id, Arc::clone(message));
        }
        self.services.claimed(batch.claimed.iter().map(|claimed| claimed.due));
        if batch.claimed.is_empty() {
            let (shared, lane) = (Arc::clone(&self.shared), self.lane.id);
            // Nothing is due: find out when to look again.
            self.claiming = true;
            self.tasks.spawn(async move { Event::NextDue(shared.store.next_due(lane).await) });
            return;
        }
        self.claim_at = Some(Instant::now());
        for claimed in batch.claimed {
            if let Some(message) = self.messages.get(&claimed.message) {
                self.queue.push(Work::new(claimed, Arc::clone(message)));
            } else {
                tracing::error!(delivery.id = %claimed.id, "delivery {} has no message", claimed.id);
            }
        }
    }
}

async fn claim(
    shared: &Shared,
    lane: LaneId,
    epoch: i64,
    limit: usize,
    known: &HashMap<MessageId, Arc<Message>>,
    since: Option<Timestamp>,
) -> Result<Option<Batch>, StoreError> {
    let Some(claimed) = shared.store.claim(lane, epoch, shared.clock.now(), limit).await? else { return Ok(None) };
    let mut messages: HashMap<MessageId, Arc<Message>> = HashMap::new();
    for delivery in &claimed {
        let id = delivery.message;
        if messages.contains_key(&id) {
            continue;
        }
        let message = match known.get(&id) {
            Some(message) => Some(Arc::clone(message)),
            None => shared.store.message(id).await?.map(|progress| Arc::new(progress.message)),
        };
        messages.extend(message.map(|message| (id, message)));
    }
    let starts = match since {
        Some(since) => {
            let references: Vec<ReferenceId> = claimed.iter().map(|delivery| delivery.target.reference).collect();
            shared.store.starts_since(lane, &references, since).await?
        }
        None => Vec::new(),
    };
    Ok(Some(Batch { claimed, messages: messages.into_values().collect(), starts }))
}
