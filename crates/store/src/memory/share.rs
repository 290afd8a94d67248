//! Shares: what of a message may be claimed in a lane.

use std::collections::BTreeMap;
use std::ops::Bound;

use pregon_domain::message::{Claimed, Hold};
use pregon_domain::share::{Portion, Ready};
use pregon_domain::{DeliveryId, LaneId, MessageId, Timestamp};

use super::State;

impl State {
    /// Deliveries of a share that are not in flight, in the order of claims.
    pub(super) fn after_mark(
        &self,
        lane: LaneId,
        message: MessageId,
    ) -> impl Iterator<Item = (Timestamp, DeliveryId)> + use<'_> {
        let mark = self.shares.get(&(lane, message)).map(|share| (lane, message, share.mark.0, share.mark.1));
        let rest = mark.map(|mark| self.pending.range((Bound::Excluded(mark), Bound::Unbounded)));
        let own = rest.into_iter().flatten().take_while(move |row| (row.0, row.1) == (lane, message));
        own.map(|(_, _, due, delivery)| (*due, *delivery))
    }

    /// Shares of a lane that may be claimed from, and when each has something due.
    fn open(&self, lane: LaneId) -> impl Iterator<Item = (Ready, Timestamp)> + use<'_> {
        let own = self.shares.iter().filter(move |((of, _), _)| *of == lane);
        own.filter_map(move |((_, message), share)| {
            let stored = self.messages.get(message)?;
            let rests = stored.cancelled || stored.hold.is_some_and(|hold| hold != Hold::Canary);
            if rests || share.allowance == Some(0) {
                return None;
            }
            let (due, _) = self.after_mark(lane, *message).next()?;
            let priority = stored.message.priority;
            Some((Ready { message: *message, priority, tag: share.tag, most: share.allowance }, due))
        })
    }

    pub(super) fn ready(&self, lane: LaneId, now: Timestamp) -> Vec<Ready> {
        self.open(lane).filter(|(_, due)| *due <= now).map(|(ready, _)| ready).collect()
    }

    pub(super) fn next_due(&self, lane: LaneId) -> Option<Timestamp> {
        self.open(lane).map(|(_, due)| due).min()
    }

    /// Moves a share's mark past what was taken from it.
    pub(super) fn move_mark(&mut self, lane: LaneId, portion: &Portion, taken: &[Claimed]) {
        let Some(share) = self.shares.get_mut(&(lane, portion.message)) else { return };
        share.tag = portion.tag;
        if let Some(last) = taken.last() {
            share.mark = (last.due, last.id);
        }
        share.allowance = share.allowance.map(|left| left.saturating_sub(taken.len() as u64));
        let sent = share.allowance == Some(0) && self.after_mark(lane, portion.message).next().is_some();
        if let Some(stored) = self.messages.get_mut(&portion.message).filter(|_| sent) {
            stored.hold.get_or_insert(Hold::Canary);
        }
    }

    /// The audience is complete: how large a message's canary is in each lane is known now.
    pub(super) fn open_canary(&mut self, message: MessageId) {
        let Some(canary) = self.messages.get(&message).and_then(|stored| stored.canary) else { return };
        self.allow(message, |open| Some(canary.of(open)));
    }

    /// Sets how many deliveries may be claimed of each share of a message, by how many have not ended.
    pub(super) fn allow(&mut self, message: MessageId, allowance: impl Fn(u64) -> Option<u64>) {
        let mut open = BTreeMap::new();
        for (lane, ..) in self.pending.iter().filter(|row| row.1 == message) {
            *open.entry(*lane).or_insert(0) += 1;
        }
        for ((lane, of), share) in &mut self.shares {
            if *of == message {
                share.allowance = allowance(open.get(lane).copied().unwrap_or(0));
            }
        }
    }
}
