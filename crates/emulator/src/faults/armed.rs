use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use super::{Aim, Effect, Fault};
use crate::{chance::Chance, lock::lock, operation::Operation, world::PersonIx};

struct Armed {
    fault: Fault,
    person: Option<PersonIx>,
    chance: Chance,
    /// Microseconds of the emulator's clock.
    ends: Option<u64>,
}

impl Armed {
    fn is_over(&self, now: u64) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }

    fn fits(&self, operation: Operation, aim: &Aim) -> bool {
        let conversation = self.fault.conversation.as_deref().is_none_or(|wanted| {
            aim.conversation.as_deref().is_some_and(|id| id == wanted || id.split(";messageid=").next() == Some(wanted))
        });
        self.fault.operation == operation && conversation && (self.person.is_none() || self.person == aim.person)
    }

    fn is_drawn(&mut self) -> bool {
        self.fault.probability.is_none_or(|probability| self.chance.unit() < probability)
    }
}

/// A fault that happens to a call.
pub(crate) struct Hit {
    pub(crate) effect: Effect,
    /// The fault's own draw, `0.0..1.0`.
    pub(crate) draw: f64,
}

/// The faults still to happen.
#[derive(Default)]
pub(crate) struct Faults {
    armed: Mutex<Vec<Armed>>,
    // Looked at by every call, so that a run without faults takes no lock.
    count: AtomicUsize,
}

impl Faults {
    /// Adds a fault at `now`, microseconds of the emulator's clock.
    pub(crate) fn add(&self, fault: Fault, person: Option<PersonIx>, now: u64) {
        let ends = fault.for_ms.map(|ms| now.saturating_add(ms.saturating_mul(1000)));
        let chance = Chance::new(fault.seed);
        let mut armed = lock(&self.armed);
        armed.push(Armed { fault, person, chance, ends });
        self.count.store(armed.len(), Ordering::Relaxed);
    }

    pub(crate) fn clear(&self) {
        lock(&self.armed).clear();
        self.count.store(0, Ordering::Relaxed);
    }

    /// Those still to happen, with the times that are left.
    pub(crate) fn list(&self, now: u64) -> Vec<Fault> {
        let armed = lock(&self.armed);
        armed.iter().filter(|armed| !armed.is_over(now)).map(|armed| armed.fault.clone()).collect()
    }

    pub(crate) fn take(&self, operation: Operation, aim: &Aim, now: u64) -> Option<Hit> {
        if self.count.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let mut armed = lock(&self.armed);
        armed.retain(|armed| !armed.is_over(now));
        self.count.store(armed.len(), Ordering::Relaxed);
        let at = (0..armed.len()).find(|&at| armed[at].fits(operation, aim) && armed[at].is_drawn())?;
        let hit = Hit { effect: armed[at].fault.effect.clone(), draw: armed[at].chance.unit() };
        match armed[at].fault.times {
            0 => {}
            1 => {
                armed.remove(at);
            }
            _ => armed[at].fault.times -= 1,
        }
        self.count.store(armed.len(), Ordering::Relaxed);
        Some(hit)
    }
}
