use pregon_domain::message::{Learned, Outcome, Settlement};

use super::work::Work;

/// Outcomes on their way to the store.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    settlements: Vec<Settlement>,
    learned: Vec<Learned>,
}

impl Outbox {
    /// Notes the outcome of a delivery; `counted` attempts are added to those it had.
    pub(super) fn settle(&mut self, work: &Work, outcome: Outcome, counted: u32, detail: Option<String>) {
        self.settlements.push(Settlement {
            id: work.claimed.id,
            message: work.claimed.message,
            before: work.claimed.reason,
            outcome,
            attempts: work.claimed.attempts + counted,
            doubted: work.doubted,
            crowded: work.crowded,
            detail,
        });
    }

    pub(super) fn learn(&mut self, learned: Learned) {
        self.learned.push(learned);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.settlements.is_empty() && self.learned.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.settlements.len()
    }

    pub(super) fn settlements(&self) -> &[Settlement] {
        &self.settlements
    }

    pub(super) fn learned(&self) -> &[Learned] {
        &self.learned
    }

    /// Whether some of it goes back to be claimed again.
    pub(super) fn has_put_back(&self) -> bool {
        self.settlements.iter().any(|settlement| matches!(settlement.outcome, Outcome::Pending(..)))
    }

    /// Takes back what could not be written, before what came since.
    pub(super) fn restore(&mut self, mut unwritten: Self) {
        unwritten.settlements.append(&mut self.settlements);
        unwritten.learned.append(&mut self.learned);
        *self = unwritten;
    }
}
