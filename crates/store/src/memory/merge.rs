//! Records that turned out to be one: what pointed at the one that is gone follows.

use std::collections::BTreeSet;

use pregon_domain::message::Learned;
use pregon_domain::ports::StoreError;
use pregon_domain::{DeliveryId, LaneId, MessageId, ReferenceId, Timestamp};

use super::State;
use crate::ids::Ids;
use crate::lesson::{lessons, met, same_person};

impl State {
    /// Lets everything that pointed at `gone` point at `kept`.
    pub(super) fn follow(&mut self, gone: ReferenceId, kept: ReferenceId) {
        let copies: Vec<_> =
            self.once.iter().filter(|((_, id), _)| *id == gone).map(|((message, _), id)| (*message, *id)).collect();
        for (message, delivery) in copies {
            self.once.remove(&(message, gone));
            self.move_delivery(message, delivery, kept);
        }
        let starts: Vec<_> = self.starts.iter().filter(|(_, id, ..)| *id == gone).copied().collect();
        for (lane, id, at, delivery) in starts {
            self.starts.remove(&(lane, id, at, delivery));
            self.starts.insert((lane, kept, at, delivery));
        }
        let here = |id: ReferenceId| if id == gone { kept } else { id };
        let opt_outs = std::mem::take(&mut self.opt_outs);
        self.opt_outs = opt_outs.into_iter().map(|(id, topic)| (here(id), topic)).collect();
        let memberships = std::mem::take(&mut self.memberships);
        self.memberships = memberships.into_iter().map(|(team, person)| (here(team), here(person))).collect();
        self.merged.values_mut().for_each(|id| *id = here(*id));
        self.merged.insert(gone, kept);
    }

    /// Gives a delivery to `kept`. If that one has a delivery of the message too, one that is not
    /// claimed yet is dropped; if both are claimed or ended, this one stays without a reference.
    fn move_delivery(&mut self, message: MessageId, delivery: DeliveryId, kept: ReferenceId) {
        if let Some(other) = self.once.get(&(message, kept)).copied() {
            if self.unclaimed(delivery) {
                return self.drop_delivery(delivery);
            }
            if !self.unclaimed(other) {
                return self.change(delivery, |row| row.reference = None);
            }
            self.drop_delivery(other);
        }
        self.change(delivery, |row| row.reference = Some(kept));
        self.once.insert((message, kept), delivery);
    }

    fn unclaimed(&self, id: DeliveryId) -> bool {
        let pending =
            self.deliveries.get(&id).is_some_and(|row| self.pending.contains(&(row.lane, row.message, row.due, id)));
        pending && !self.in_flight(id)
    }

    fn drop_delivery(&mut self, id: DeliveryId) {
        if let Some(row) = self.deliveries.remove(&id) {
            self.pending.remove(&(row.lane, row.message, row.due, id));
        }
    }

    /// Writes what was learned while working deliveries.
    pub(super) fn write_learned(
        &mut self,
        lane: LaneId,
        learned: &[Learned],
        ids: &Ids,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (mut settled, mut captures) = (BTreeSet::new(), Vec::new());
        for (asked, conversation, twice) in met(learned) {
            let Some(record) = self.book.get(self.resolve(asked)) else { continue };
            let others = self.book.of_conversation(lane, &conversation).is_some_and(|other| other != record.id);
            if twice || others {
                settled.insert(asked);
                captures.extend(same_person(record, &conversation));
            }
        }
        for capture in &captures {
            self.capture(capture, ids, now)?;
        }
        for (id, lesson) in lessons(learned, &settled, |id| self.resolve(id)) {
            self.book.change(id, |record| lesson.apply(record, now));
        }
        Ok(())
    }
}
