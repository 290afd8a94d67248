//! Starting what may start.

use std::sync::Arc;
use std::time::Duration;

use pregon_domain::Reason;
use pregon_domain::message::Outcome;
use pregon_domain::scopes::{Call, CallKind};
use pregon_domain::step::{Step, next_step};
use tokio::time::Instant;

use super::work::Work;
use super::{Event, LONGEST_HOLD, LaneWorker, attempt};
use crate::gate::{Gate, WaitFor};
use crate::status::LimitedBy;

/// A delivery that may not start yet.
pub(super) struct Blocked {
    work: Box<Work>,
    wait: Duration,
    by: WaitFor,
}

impl LaneWorker {
    /// Starts every call that may start now; says when to look again.
    pub(super) fn start_what_may(&mut self) -> Option<Instant> {
        self.queue.wake_waiting(Instant::now());
        while let Some(work) = self.queue.pop() {
            if self.calls >= self.shared.config.request_concurrency {
                self.queue.push_front(work);
                return self.limited(LimitedBy::Concurrency, None);
            }
            match self.start(work) {
                Ok(()) => {}
                Err(Blocked { work, wait, by: WaitFor::Conversation }) => {
                    if wait > LONGEST_HOLD {
                        let due = self.shared.clock.now() + wait;
                        self.outbox.settle(&work, Outcome::Pending(due, None), 0, None);
                    } else {
                        self.queue.hold(*work, Instant::now() + wait);
                    }
                }
                Err(Blocked { work, wait, by: WaitFor::Lane }) => {
                    self.queue.push_front(*work);
                    return self.limited(LimitedBy::LaneLimit, Some(wait));
                }
                Err(Blocked { work, wait, by: WaitFor::Opening }) => {
                    self.queue.push_front(*work);
                    if wait > LONGEST_HOLD {
                        self.release_all(Some(wait));
                    }
                    return self.limited(LimitedBy::Closed, Some(wait));
                }
            }
        }
        self.lane.report(self.idle_for(), self.calls);
        self.queue.next_held()
    }

    /// What keeps the lane from going faster when nothing waits for its turn.
    fn idle_for(&self) -> LimitedBy {
        let wait = self.lane.gate.lane_wait();
        match wait.by {
            // More is due (as far as is known) and is claimed when the lane opens.
            by if self.claim_at.is_some() && !wait.time.is_zero() => match by {
                WaitFor::Opening => LimitedBy::Closed,
                WaitFor::Lane | WaitFor::Conversation => LimitedBy::LaneLimit,
            },
            _ if self.queue.is_holding() => LimitedBy::ConversationLimit,
            _ => LimitedBy::Nothing,
        }
    }

    pub(super) fn limited(&self, by: LimitedBy, wait: Option<Duration>) -> Option<Instant> {
        self.lane.report(by, self.calls);
        wait.map(|wait| Instant::now() + wait)
    }

    /// Takes the next step of a delivery, or gives it back with what it waits for.
    pub(super) fn start(&mut self, mut work: Work) -> Result<(), Blocked> {
        self.queue.tell_news(&mut work);
        let reference = work.claimed.target.reference;
        let step = next_step(&work.claimed, &work.message, self.may_install, self.shared.clock.now());
        let call = match step {
            Step::Skip(reason) => {
                self.outbox.settle(&work, Outcome::Stopped(reason), 0, None);
                return Ok(());
            }
            _ if self.queue.is_busy(reference) => {
                self.queue.park(work);
                return Ok(());
            }
            // An install waits for Graph's turn by itself, so that it holds up no send.
            Step::Install => None,
            Step::Create => Some(Call { kind: CallKind::Create, reference: Some(reference) }),
            Step::Send => Some(Call { kind: attempt::send_kind(&work), reference: Some(reference) }),
        };
        let activity = match step {
            Step::Send => match attempt::rendered(&work) {
                Ok(activity) => activity,
                Err(error) => {
                    self.outbox.settle(&work, Outcome::Stopped(Reason::InvalidContent), 0, Some(error.to_string()));
                    return Ok(());
                }
            },
            _ => None,
        };
        let turn = match call.map(|call| Gate::try_begin(&self.lane, call)).transpose() {
            Ok(turn) => turn,
            Err(wait) => return Err(Blocked { work: Box::new(work), wait: wait.time, by: wait.by }),
        };
        self.queue.busy(reference);
        self.calls += 1;
        let (shared, lane) = (Arc::clone(&self.shared), Arc::clone(&self.lane));
        self.tasks.spawn(async move {
            Event::Answered(Box::new(attempt::make(&shared, &lane, work, step, activity, turn).await))
        });
        Ok(())
    }
}
