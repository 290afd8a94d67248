//! Records that turned out to be one: what pointed at the one that is gone follows.

use pregon_domain::directory::{Capture, CaptureChange, Scope};
use pregon_domain::message::Learned;
use pregon_domain::ports::StoreError;
use pregon_domain::{DeliveryId, LaneId, MessageId, ReferenceId, Timestamp};
use pregon_model::ConversationId;

use super::State;
use crate::book::install;
use crate::ids::Ids;

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
        let pending = self.deliveries.get(&id).is_some_and(|row| self.pending.contains(&(row.lane, row.due, id)));
        pending && !self.in_flight(id)
    }

    fn drop_delivery(&mut self, id: DeliveryId) {
        if let Some(row) = self.deliveries.remove(&id) {
            self.pending.remove(&(row.lane, row.due, id));
        }
    }

    /// Writes what was learned while working deliveries, in order.
    pub(super) fn write_learned(
        &mut self,
        lane: LaneId,
        learned: &[Learned],
        ids: &Ids,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for one in learned {
            match one {
                Learned::Conversation(id, conversation) => self.met(lane, *id, conversation, ids, now)?,
                Learned::NoConversation(id) => self.book.change(self.resolve(*id), |record| {
                    record.conversation = None;
                    record.seen_at = now;
                }),
                Learned::Reach(id, reach) => self.book.change(self.resolve(*id), |record| {
                    record.reach = *reach;
                    record.seen_at = now;
                }),
                Learned::Installed(id) => self.book.change(self.resolve(*id), |record| {
                    install(record);
                    record.seen_at = now;
                }),
            }
        }
        Ok(())
    }

    /// A conversation was created. If another person's record has it, the two are one; if it is of
    /// another kind, it is not believed.
    fn met(
        &mut self,
        lane: LaneId,
        id: ReferenceId,
        conversation: &ConversationId,
        ids: &Ids,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let id = self.resolve(id);
        let Some(record) = self.book.get(id) else { return Ok(()) };
        if self.book.of_conversation(lane, conversation).is_none_or(|other| other == id) {
            self.book.change(id, |record| {
                record.conversation = Some(conversation.clone());
                record.seen_at = now;
            });
        } else if record.scope == Scope::Personal {
            let capture = Capture {
                lane,
                scope: record.scope,
                conversation: Some(conversation.clone()),
                service_url: None,
                person: record.person.clone(),
                name: None,
                team: None,
                group: None,
                change: CaptureChange::Seen,
            };
            self.capture(&capture, ids, now)?;
        }
        Ok(())
    }
}
