//! Starting what may start.

use std::sync::Arc;
use std::time::Duration;

use pregon_domain::Reason;
use pregon_domain::message::Outcome;
use pregon_domain::scopes::{Call, CallKind, GraphCall};
use pregon_domain::step::{Step, next_step};
use pregon_model::ServiceUrl;
use tokio::time::Instant;

use super::attempt::Permit;
use super::work::Work;
use super::{Event, LONGEST_HOLD, LaneWorker, attempt};
use crate::breakers::{About, Outlook, Pass, Service};
use crate::gate::{Gate, Turn, WaitFor};
use crate::status::LimitedBy;

/// A delivery that may not start yet.
pub(super) struct Blocked {
    work: Box<Work>,
    wait: Duration,
    by: Hindrance,
}

enum Hindrance {
    Gate(WaitFor),
    /// The credentials or the service it needs.
    Breaker(Reason),
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
                Err(Blocked { work, wait, by: Hindrance::Breaker(reason) }) => {
                    self.services.put_back();
                    let due = self.shared.clock.now() + wait;
                    self.outbox.settle(&work, Outcome::Pending(due, Some(reason)), 0, None);
                }
                Err(Blocked { work, wait, by: Hindrance::Gate(by @ (WaitFor::Conversation | WaitFor::Graph)) }) => {
                    let is_graph = by == WaitFor::Graph;
                    self.held_by = if is_graph { LimitedBy::GraphLimit } else { LimitedBy::ConversationLimit };
                    if wait > LONGEST_HOLD {
                        let due = self.shared.clock.now() + wait;
                        self.outbox.settle(&work, Outcome::Pending(due, None), 0, None);
                    } else {
                        self.queue.hold(*work, Instant::now() + wait);
                    }
                }
                Err(Blocked { work, wait, by: Hindrance::Gate(WaitFor::Lane) }) => {
                    self.queue.push_front(*work);
                    return self.limited(LimitedBy::LaneLimit, Some(wait));
                }
                Err(Blocked { work, wait, by: Hindrance::Gate(WaitFor::Opening) }) => {
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
        // More is due (as far as is known) and is claimed when the lane opens.
        let waits = self.claim_at.is_some();
        match (self.outlook(), wait.by) {
            (Outlook::Shut(rest), _) if waits && rest.reason == Reason::Credentials => LimitedBy::Credentials,
            (Outlook::Shut(_), _) if waits => LimitedBy::Outage,
            (_, WaitFor::Opening) if waits && !wait.time.is_zero() => LimitedBy::Closed,
            _ if waits && !wait.time.is_zero() => LimitedBy::LaneLimit,
            _ if self.queue.is_holding() => self.held_by,
            _ => LimitedBy::Nothing,
        }
    }

    /// What the breakers say of the services this lane calls.
    pub(super) fn outlook(&self) -> Outlook {
        self.shared.breakers.outlook(self.lane.id, &self.lane.key, self.services.called())
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
            Step::Install => Call::graph(GraphCall::Install),
            Step::Create => Call::about(reference, CallKind::Create),
            Step::Send => Call::about(reference, attempt::send_kind(&work)),
        };
        let call = Call { haste: work.haste(self.shared.clock.now()), ..call };
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
        let (pass, turn) = match self.permitted(call, work.claimed.target.service_url.as_ref()) {
            Ok(permitted) => permitted,
            Err((by, wait)) => return Err(Blocked { work: Box::new(work), wait, by }),
        };
        self.services.started();
        self.queue.busy(reference);
        self.calls += 1;
        let permit = Permit { step, call, activity, pass, turn };
        let (shared, lane) = (Arc::clone(&self.shared), Arc::clone(&self.lane));
        self.tasks.spawn(async move { Event::Answered(Box::new(attempt::make(&shared, &lane, work, permit).await)) });
        Ok(())
    }

    /// Asks the breakers and the gate.
    fn permitted(&mut self, call: Call, url: Option<&ServiceUrl>) -> Result<(Pass, Turn), (Hindrance, Duration)> {
        if !matches!(call.kind, CallKind::Graph(_)) {
            self.services.note(Service::of(call.kind, url));
        }
        let about = About { lane: &self.lane, kind: call.kind, url };
        let breakers = &self.shared.breakers;
        let pass = breakers.enter(about).map_err(|rest| (Hindrance::Breaker(rest.reason), rest.time))?;
        match Gate::try_begin(&self.lane, call) {
            Ok(turn) => Ok((pass, turn)),
            Err(wait) => {
                breakers.withdrawn(about, pass);
                Err((Hindrance::Gate(wait.by), wait.time))
            }
        }
    }
}
