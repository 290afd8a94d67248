//! The port of messages.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use pregon_domain::message::{Delivery, Hold, Message, MessageProgress, NewDelivery, Tally};
use pregon_domain::ports::{
    Accepted, DeliveryFilter, Ended, Expansion, Idempotency, MessageStore, Reconsidered, StoreError, Verdict,
};
use pregon_domain::{DeliveryId, DeliveryState, MessageId, Reason, Timestamp};

use super::{MemoryStore, Request, Row, Share, State, Stored, unknown};
use crate::ids::first_message;
use crate::rules::{REMEMBERED, decided};

impl State {
    fn accept(&mut self, message: &Message, idempotency: Option<&Idempotency>) -> Result<Accepted, StoreError> {
        let now = message.created_at;
        if let Some(before) = idempotency.and_then(|request| self.repeated(request, now)) {
            return Ok(before);
        }
        if self.messages.contains_key(&message.id) {
            return Err(StoreError { what: "accepting a message".into(), source: "its id is taken".into() });
        }
        if let Some(request) = idempotency {
            let noted = Request { body_hash: request.body_hash.clone(), message: message.id, at: now };
            self.requests.insert((request.owner.clone(), request.key.clone()), noted);
        }
        let stored = Stored {
            message: message.clone(),
            cursor: None,
            expanded: false,
            cancelled: false,
            hold: None,
            canary: message.canary,
            auto_pause: message.auto_pause,
            purged: false,
            purged_counts: BTreeMap::new(),
        };
        self.messages.insert(message.id, stored);
        Ok(Accepted::New)
    }

    fn repeated(&self, request: &Idempotency, now: Timestamp) -> Option<Accepted> {
        let before = self.requests.get(&(request.owner.clone(), request.key.clone()))?;
        let same = before.body_hash == request.body_hash;
        (before.at > now - REMEMBERED).then_some(if same { Accepted::Same(before.message) } else { Accepted::Conflict })
    }

    fn progress(&self, stored: &Stored) -> MessageProgress {
        let mut counts = stored.purged_counts.clone();
        for row in self.deliveries.values().filter(|row| row.message == stored.message.id) {
            *counts.entry((row.state, row.reason)).or_default() += 1;
        }
        let tallies = counts.into_iter().map(|((state, reason), count)| Tally { state, reason, count });
        MessageProgress {
            message: stored.message.clone(),
            expanded: stored.expanded,
            cancelled: stored.cancelled,
            hold: stored.hold,
            purged: stored.purged,
            tallies: tallies.collect(),
        }
    }

    /// Audiences still to be worked out, in their order.
    fn waiting(&self) -> Vec<(Timestamp, &Stored)> {
        let waiting = self.messages.values().filter(|stored| !stored.expanded && !stored.cancelled);
        let mut waiting: Vec<_> =
            waiting.map(|stored| (stored.message.send_at.unwrap_or(stored.message.created_at), stored)).collect();
        waiting.sort_by_key(|(at, stored)| (*at, stored.message.id));
        waiting
    }

    fn expand(
        &mut self,
        message: MessageId,
        deliveries: &[NewDelivery],
        cursor: Option<&str>,
        done: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let stored = self.messages.get_mut(&message).ok_or_else(|| unknown("message"))?;
        stored.cursor = cursor.map(str::to_owned);
        stored.expanded |= done;
        let cancelled = stored.cancelled;
        for new in deliveries {
            self.add(message, new, cancelled, now)?;
        }
        if done {
            self.open_canary(message);
        }
        Ok(())
    }

    fn add(
        &mut self,
        message: MessageId,
        new: &NewDelivery,
        cancelled: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let reference = new.reference.map(|id| self.resolve(id)).filter(|id| self.book.get(*id).is_some());
        let taken = reference.is_some_and(|id| self.once.contains_key(&(message, id)));
        if taken || self.deliveries.contains_key(&new.id) {
            return Ok(());
        }
        let nobody = reference.is_none().then_some(Reason::NotFound);
        let reason = new.stopped.or(nobody).or(cancelled.then_some(Reason::Cancelled));
        let canary = self.messages.get(&message).is_some_and(|stored| stored.canary.is_some());
        self.lane(new.lane)?;
        let share = self.shares.entry((new.lane, message)).or_insert_with(|| Share::new(canary));
        let after_mark = share.after_mark();
        let row = Row {
            lane: new.lane,
            message,
            reference,
            address: new.address.clone(),
            due: if reason.is_none() { new.due.max(after_mark) } else { new.due },
            state: if reason.is_none() { DeliveryState::Pending } else { DeliveryState::Stopped },
            reason,
            attempts: 0,
            doubted: false,
            updated_at: reason.map(|_| now),
            activity: new.activity.clone(),
            thread_root: new.thread_root.clone(),
            detail: None,
        };
        self.deliveries.insert(new.id, row);
        self.change(new.id, |_| {});
        if let Some(id) = reference {
            self.once.insert((message, id), new.id);
        }
        Ok(())
    }

    fn listed(&self, id: DeliveryId, row: &Row) -> Delivery {
        let reference = row.reference.and_then(|id| self.book.get(id));
        let person = reference.and_then(|reference| reference.person.as_ref());
        Delivery {
            id,
            message: row.message,
            reference: row.reference,
            address: row.address.clone(),
            scope: reference.map(|reference| reference.scope),
            name: person
                .and_then(|person| person.name.clone())
                .or_else(|| reference.and_then(|reference| reference.name.clone())),
            email: person.and_then(|person| person.email.clone()),
            state: row.state,
            reason: row.reason,
            detail: row.detail.clone(),
            attempts: row.attempts,
            doubted: row.doubted,
            due: row.due,
            updated_at: row.updated_at,
            activity: row.activity.clone(),
            thread_root: row.thread_root.clone(),
        }
    }

    fn stop_cancelled(&mut self, limit: usize, now: Timestamp) -> u64 {
        let cancelled = |id: &MessageId| self.messages.get(id).is_some_and(|stored| stored.cancelled);
        let waiting = self.pending.iter().filter(|row| cancelled(&row.1) && !self.in_flight(row.3));
        let waiting: Vec<_> = waiting.map(|row| row.3).take(limit).collect();
        for id in &waiting {
            self.change(*id, |row| {
                row.state = DeliveryState::Stopped;
                row.reason = Some(Reason::Cancelled);
                row.updated_at = Some(now);
            });
        }
        waiting.len() as u64
    }

    fn hold(&mut self, message: MessageId, hold: Option<Hold>) -> bool {
        let Some(stored) = self.messages.get_mut(&message) else { return false };
        if hold == Some(Hold::Failures) && stored.auto_pause.is_none() {
            return true;
        }
        let before = stored.hold;
        // A message that rests after its canary keeps that reason: resuming it ends the canary.
        stored.hold = hold.map(|hold| before.filter(|before| *before == Hold::Canary).unwrap_or(hold));
        if stored.hold == Some(Hold::Failures) {
            stored.auto_pause = None;
        }
        if hold.is_none() && before == Some(Hold::Canary) {
            stored.canary = None;
            self.allow(message, |_| None);
        }
        true
    }

    fn reconsider(
        &mut self,
        message: MessageId,
        which: &Ended,
        verdict: Verdict,
        after: Option<DeliveryId>,
        limit: usize,
        now: Timestamp,
    ) -> Reconsidered {
        let wanted = |id: &DeliveryId, row: &Row| match which {
            Ended::Stopped(reasons) => {
                row.state == DeliveryState::Stopped && row.reason.is_some_and(|reason| reasons.contains(&reason))
            }
            Ended::Uncertain => row.state == DeliveryState::Uncertain,
            Ended::One(one) => row.state == DeliveryState::Uncertain && id == one,
        };
        let of = |(id, row): &(&DeliveryId, &Row)| {
            row.message == message
                && row.reference.is_some()
                && after.is_none_or(|after| **id > after)
                && wanted(id, row)
        };
        let found: Vec<_> = self.deliveries.iter().filter(of).map(|(id, row)| (*id, row.lane)).take(limit).collect();
        for (id, lane) in &found {
            let after_mark = self.shares.get(&(*lane, message)).map(Share::after_mark);
            self.change(*id, |row| {
                (row.state, row.reason) = decided(verdict, row.reason);
                row.updated_at = Some(now);
                if row.state == DeliveryState::Pending {
                    row.due = after_mark.into_iter().fold(now, Timestamp::max);
                    row.attempts = 0;
                }
            });
        }
        let next = found.last().filter(|_| found.len() == limit).map(|(id, _)| *id);
        Reconsidered { count: found.len() as u64, next }
    }

    fn purge(&mut self, before: Timestamp, limit: usize) -> u64 {
        let pending: BTreeSet<_> = self.pending.iter().map(|row| row.1).collect();
        let mut purged = 0;
        for (id, stored) in &mut self.messages {
            let ended = (stored.expanded || stored.cancelled) && !pending.contains(id);
            if stored.purged || !ended || *id >= first_message(before) {
                continue;
            }
            let own = self.deliveries.iter().filter(|(_, row)| row.message == *id);
            let own: Vec<_> = own.map(|(id, _)| *id).take(limit - purged).collect();
            for delivery in &own {
                let Some(row) = self.deliveries.remove(delivery) else { continue };
                *stored.purged_counts.entry((row.state, row.reason)).or_default() += 1;
                if let Some(reference) = row.reference {
                    self.once.remove(&(*id, reference));
                }
            }
            purged += own.len();
            if purged == limit {
                break;
            }
            stored.purged = true;
        }
        purged as u64
    }
}

#[async_trait]
impl MessageStore for MemoryStore {
    async fn accept(&self, message: &Message, idempotency: Option<&Idempotency>) -> Result<Accepted, StoreError> {
        self.state().accept(message, idempotency)
    }

    async fn repeated(&self, request: &Idempotency, now: Timestamp) -> Result<Option<Accepted>, StoreError> {
        Ok(self.state().repeated(request, now))
    }

    async fn message(&self, id: MessageId) -> Result<Option<MessageProgress>, StoreError> {
        self.may_fail()?;
        let state = self.state();
        Ok(state.messages.get(&id).map(|stored| state.progress(stored)))
    }

    async fn messages(&self, after: Option<MessageId>, limit: usize) -> Result<Vec<MessageProgress>, StoreError> {
        let state = self.state();
        let older = state.messages.values().rev().filter(|stored| after.is_none_or(|after| stored.message.id < after));
        Ok(older.take(limit).map(|stored| state.progress(stored)).collect())
    }

    async fn expansions(&self, now: Timestamp, limit: usize) -> Result<Vec<Expansion>, StoreError> {
        let state = self.state();
        let due = state.waiting().into_iter().take_while(|(at, _)| *at <= now).take(limit);
        Ok(due.map(|(_, one)| Expansion { message: one.message.clone(), cursor: one.cursor.clone() }).collect())
    }

    async fn next_expansion(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.state().waiting().first().map(|(at, _)| *at))
    }

    async fn expand(
        &self,
        message: MessageId,
        deliveries: &[NewDelivery],
        cursor: Option<&str>,
        done: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.state().expand(message, deliveries, cursor, done, now)
    }

    async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let state = self.state();
        Ok(state.deliveries.get(&id).map(|row| state.listed(id, row)))
    }

    async fn deliveries(&self, message: MessageId, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreError> {
        let state = self.state();
        let reference = filter.reference.map(|id| state.resolve(id));
        let wanted = state.deliveries.iter().filter(|(id, row)| {
            row.message == message
                && filter.after.is_none_or(|after| **id > after)
                && filter.state.is_none_or(|wanted| row.state == wanted)
                && filter.reason.is_none_or(|wanted| row.reason == Some(wanted))
                && (reference.is_none() || row.reference == reference)
        });
        Ok(wanted.take(filter.limit).map(|(id, row)| state.listed(*id, row)).collect())
    }

    async fn cancel(&self, message: MessageId) -> Result<bool, StoreError> {
        let mut state = self.state();
        let stored = state.messages.get_mut(&message);
        Ok(stored.map(|stored| stored.cancelled = true).is_some())
    }

    async fn stop_cancelled(&self, limit: usize, now: Timestamp) -> Result<u64, StoreError> {
        Ok(self.state().stop_cancelled(limit, now))
    }

    async fn hold(&self, message: MessageId, hold: Option<Hold>) -> Result<bool, StoreError> {
        Ok(self.state().hold(message, hold))
    }

    async fn reconsider(
        &self,
        message: MessageId,
        which: &Ended,
        verdict: Verdict,
        after: Option<DeliveryId>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Reconsidered, StoreError> {
        Ok(self.state().reconsider(message, which, verdict, after, limit, now))
    }

    async fn purge(&self, before: Timestamp, limit: usize) -> Result<u64, StoreError> {
        Ok(self.state().purge(before, limit))
    }
}
