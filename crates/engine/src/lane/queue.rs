use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use pregon_domain::ReferenceId;
use tokio::time::Instant;

use super::work::{News, Work};

/// Claimed deliveries that are not under way.
#[derive(Debug, Default)]
pub(super) struct Queue {
    ready: VecDeque<Work>,
    /// Held until their conversation's window opens; the number keeps keys unique and in order.
    held: BTreeMap<(Instant, u64), Work>,
    held_so_far: u64,
    /// References a call is under way for: one at a time, so that a conversation is created once and
    /// messages arrive in the order they were accepted.
    busy: HashSet<ReferenceId>,
    parked: HashMap<ReferenceId, Vec<Work>>,
    /// What was learned since these deliveries were claimed.
    news: HashMap<ReferenceId, News>,
}

impl Queue {
    /// Whether nothing waits for its turn.
    pub(super) fn is_dry(&self) -> bool {
        self.ready.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.ready.len() + self.held.len() + self.parked.values().map(Vec::len).sum::<usize>()
    }

    pub(super) fn push(&mut self, work: Work) {
        self.ready.push_back(work);
    }

    pub(super) fn push_front(&mut self, work: Work) {
        self.ready.push_front(work);
    }

    pub(super) fn pop(&mut self) -> Option<Work> {
        self.ready.pop_front()
    }

    pub(super) fn hold(&mut self, work: Work, until: Instant) {
        self.held_so_far += 1;
        self.held.insert((until, self.held_so_far), work);
    }

    pub(super) fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    pub(super) fn next_held(&self) -> Option<Instant> {
        self.held.first_key_value().map(|(&(until, _), _)| until)
    }

    /// Puts what was held long enough first in line.
    pub(super) fn wake_waiting(&mut self, now: Instant) {
        let still_held = self.held.split_off(&(now, u64::MAX));
        for work in std::mem::replace(&mut self.held, still_held).into_values().rev() {
            self.ready.push_front(work);
        }
    }

    pub(super) fn is_busy(&self, reference: ReferenceId) -> bool {
        self.busy.contains(&reference)
    }

    pub(super) fn busy(&mut self, reference: ReferenceId) {
        self.busy.insert(reference);
    }

    /// The call was answered: those who waited for it go on.
    pub(super) fn answered(&mut self, reference: ReferenceId) {
        self.busy.remove(&reference);
        for work in self.parked.remove(&reference).unwrap_or_default().into_iter().rev() {
            self.ready.push_front(work);
        }
    }

    pub(super) fn park(&mut self, work: Work) {
        self.parked.entry(work.claimed.target.reference).or_default().push(work);
    }

    pub(super) fn note(&mut self, reference: ReferenceId, what: impl FnOnce(&mut News)) {
        what(self.news.entry(reference).or_default());
    }

    pub(super) fn tell_news(&self, work: &mut Work) {
        if let Some(news) = self.news.get(&work.claimed.target.reference) {
            work.tell(news);
        }
    }

    /// Drops news the store knows by now, unless a delivery claimed before is still here.
    pub(super) fn forget_news(&mut self) {
        if self.ready.is_empty() && self.held.is_empty() && self.parked.is_empty() {
            self.news.clear();
        }
    }

    /// Takes out everything.
    pub(super) fn drain(&mut self) -> Vec<Work> {
        let held = std::mem::take(&mut self.held).into_values();
        let parked = std::mem::take(&mut self.parked).into_values().flatten();
        self.ready.drain(..).chain(held).chain(parked).collect()
    }
}
