//! The port of lanes.

use async_trait::async_trait;
use pregon_domain::directory::{Reference, Scope};
use pregon_domain::message::{Claimed, DeliveryPolicy, Learned, Operation, Outcome, Settlement, Target};
use pregon_domain::ports::{LaneStore, Lease, StoreError};
use pregon_domain::share::apportion;
use pregon_domain::{DeliveryId, LaneId, LaneKey, Reason, ReferenceId, Timestamp};

use uuid::Uuid;

use super::{Lane, MemoryStore, State, unknown};
use crate::rules::{LONGEST_WINDOW, landing};

impl State {
    fn find_lane(&mut self, key: &LaneKey) -> LaneId {
        if let Some((id, _)) = self.lanes.iter().find(|(_, lane)| lane.key == *key) {
            return *id;
        }
        let id = LaneId(self.lanes.last_key_value().map_or(1, |(last, _)| last.0 + 1));
        self.lanes.insert(id, Lane::new(key.clone()));
        id
    }

    fn take(&mut self, id: LaneId, now: Timestamp) -> Result<Lease, StoreError> {
        let lane = self.lanes.get_mut(&id).ok_or_else(|| unknown("lane"))?;
        lane.epoch += 1;
        let mut lease =
            Lease { lane: id, key: lane.key.clone(), epoch: lane.epoch, closed_until: lane.closed_until, doubtful: 0 };
        let own = self.pending.iter().filter(|(lane, ..)| *lane == id);
        let in_doubt: Vec<_> = own.map(|row| row.3).filter(|delivery| self.in_flight(*delivery)).collect();
        lease.doubtful = in_doubt.len() as u64;
        let interrupted: Vec<_> = in_doubt.into_iter().filter_map(|delivery| self.interrupted(delivery, now)).collect();
        self.write_outcomes(id, now, &interrupted);
        Ok(lease)
    }

    /// What becomes of a delivery the former owner may have sent.
    fn interrupted(&self, id: DeliveryId, now: Timestamp) -> Option<Settlement> {
        let row = self.deliveries.get(&id)?;
        let message = &self.messages.get(&row.message)?.message;
        let harmless = message.operation != Operation::Send;
        let outcome = if harmless || message.policy == DeliveryPolicy::AtLeastOnce {
            Outcome::Pending(now, Some(Reason::Interrupted))
        } else {
            Outcome::Uncertain(Reason::Interrupted)
        };
        let attempts = row.attempts + 1;
        Some(Settlement {
            id,
            message: row.message,
            before: row.reason,
            outcome,
            attempts,
            doubted: true,
            crowded: false,
            detail: None,
        })
    }

    fn claim(
        &mut self,
        id: LaneId,
        epoch: i64,
        now: Timestamp,
        limit: usize,
    ) -> Result<Option<Vec<Claimed>>, StoreError> {
        let lane = self.lane(id)?;
        if lane.epoch != epoch {
            return Ok(None);
        }
        let (portions, clock) = apportion(&self.ready(id, now), lane.clock, limit);
        let mut batch = Vec::new();
        for portion in portions {
            let due = self.after_mark(id, portion.message).take_while(|(due, _)| *due <= now);
            let taken: Vec<_> = due.take(portion.count).filter_map(|(_, delivery)| self.claimed(delivery)).collect();
            self.move_mark(id, &portion, &taken);
            batch.extend(taken);
        }
        if let Some(lane) = self.lanes.get_mut(&id) {
            lane.clock = clock;
        }
        Ok(Some(batch))
    }

    fn claimed(&self, id: DeliveryId) -> Option<Claimed> {
        let row = self.deliveries.get(&id)?;
        let stored = self.messages.get(&row.message)?;
        let reference = self.book.get(row.reference?)?;
        let out = |topic: &String| self.opt_outs.contains(&(reference.id, topic.clone()));
        Some(Claimed {
            id,
            message: row.message,
            cancelled: stored.cancelled,
            attempts: row.attempts,
            reason: row.reason,
            due: row.due,
            target: target(reference),
            opted_out: stored.message.topic.as_ref().is_some_and(out),
            thread_root: row.thread_root.clone(),
            activity: row.activity.clone(),
        })
    }

    fn write_outcomes(&mut self, lane: LaneId, now: Timestamp, settlements: &[Settlement]) {
        for settlement in settlements {
            if self.in_flight(settlement.id) {
                self.write_outcome(lane, now, settlement);
            }
        }
    }

    fn write_outcome(&mut self, id: LaneId, now: Timestamp, settlement: &Settlement) {
        let Some(row) = self.deliveries.get(&settlement.id) else { return };
        let key = (id, row.message);
        let Some(share) = self.shares.get(&key) else { return };
        let landing = landing(&settlement.outcome, row.reference.is_some(), share.after_mark());
        if let Some(reference) = row.reference.filter(|_| landing.started && settlement.crowded) {
            let at = |time| (id, reference, time, DeliveryId::from_uuid(Uuid::nil()));
            let old = at(Timestamp::from_millis(i64::MIN))..at(now - LONGEST_WINDOW);
            for start in self.starts.range(old).copied().collect::<Vec<_>>() {
                self.starts.remove(&start);
            }
            self.starts.insert((id, reference, now, settlement.id));
        }
        self.change(settlement.id, |row| {
            row.state = landing.state;
            row.reason = landing.reason;
            row.due = landing.due.unwrap_or(row.due);
            row.attempts = settlement.attempts;
            row.doubted |= settlement.doubted;
            row.updated_at = Some(now);
            if let (None, Outcome::Delivered(activity)) = (&row.activity, &settlement.outcome) {
                row.activity.clone_from(activity);
            }
            row.detail = settlement.detail.clone().or(row.detail.take());
        });
        if let Some(share) = self.shares.get_mut(&key).filter(|_| landing.due.is_some()) {
            // A canary that was put back may be claimed once more.
            share.allowance = share.allowance.map(|left| left + 1);
        }
    }
}

/// The part of a reference that sending needs.
fn target(reference: &Reference) -> Target {
    Target {
        reference: reference.id,
        scope: reference.scope,
        reach: reference.reach,
        conversation: reference.conversation.clone(),
        service_url: reference.service_url.clone(),
        person: reference.person.clone().filter(|_| reference.scope == Scope::Personal),
        name: reference.name.clone(),
        installed: reference.installed,
        tenant: reference.tenant.clone(),
    }
}

#[async_trait]
impl LaneStore for MemoryStore {
    async fn lane(&self, key: &LaneKey) -> Result<LaneId, StoreError> {
        Ok(self.state().find_lane(key))
    }

    async fn lanes(&self) -> Result<Vec<(LaneId, LaneKey)>, StoreError> {
        Ok(self.state().lanes.iter().map(|(id, lane)| (*id, lane.key.clone())).collect())
    }

    async fn take(&self, lane: LaneId, now: Timestamp) -> Result<Lease, StoreError> {
        self.state().take(lane, now)
    }

    async fn claim(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        limit: usize,
    ) -> Result<Option<Vec<Claimed>>, StoreError> {
        self.state().claim(lane, epoch, now, limit)
    }

    async fn settle(
        &self,
        lane: LaneId,
        epoch: i64,
        now: Timestamp,
        settlements: &[Settlement],
        learned: &[Learned],
    ) -> Result<bool, StoreError> {
        let mut state = self.state();
        if state.lane(lane)?.epoch != epoch {
            return Ok(false);
        }
        state.write_outcomes(lane, now, settlements);
        state.write_learned(lane, learned, &self.ids, now)?;
        Ok(true)
    }

    async fn next_due(&self, lane: LaneId) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.state().next_due(lane))
    }

    async fn close_lane(&self, lane: LaneId, until: Timestamp) -> Result<(), StoreError> {
        if let Some(lane) = self.state().lanes.get_mut(&lane) {
            lane.closed_until = Some(until);
        }
        Ok(())
    }

    async fn starts_since(
        &self,
        lane: LaneId,
        references: &[ReferenceId],
        since: Timestamp,
    ) -> Result<Vec<(ReferenceId, Timestamp)>, StoreError> {
        let state = self.state();
        let wanted = state
            .starts
            .iter()
            .filter(|(of, reference, at, _)| *of == lane && *at >= since && references.contains(reference));
        let mut starts: Vec<_> = wanted.map(|(_, reference, at, _)| (*reference, *at)).collect();
        starts.sort_by_key(|(reference, at)| (*at, *reference));
        Ok(starts)
    }
}
