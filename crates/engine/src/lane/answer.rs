//! What follows an answer.

use std::sync::Arc;
use std::time::Duration;

use pregon_domain::message::{Learned, Outcome};
use pregon_domain::ports::ChannelError;
use pregon_domain::retry::{self, Next};
use pregon_domain::step::Step;
use pregon_domain::{Reason, Timestamp};

use super::attempt::{Answer, Reply};
use super::work::{KnownConversation, Work};
use super::{LONGEST_HOLD, LaneWorker, STORE_REST};
use crate::call::Failed;

impl LaneWorker {
    pub(super) fn answered(&mut self, answer: Answer) {
        let Answer { mut work, step, reply } = answer;
        let reference = work.claimed.target.reference;
        self.queue.answered(reference);
        work.crowded = self.lane.gate.is_crowded(reference);
        match reply {
            Reply::Installed => {
                self.outbox.learn(Learned::Installed(reference));
                self.queue.note(reference, |news| news.installed = true);
                self.queue.push_front(work);
            }
            Reply::Created(conversation) => {
                self.outbox.learn(Learned::Conversation(reference, conversation.clone()));
                self.queue.note(reference, |news| news.conversation = KnownConversation::Created(conversation));
                self.queue.push_front(work);
            }
            Reply::Sent(activity) => self.outbox.settle(&work, Outcome::Delivered(activity), 1, None),
            Reply::Failed(Failed { failure, rest }) => {
                let outage = rest.is_some_and(|rest| rest.reason == Reason::Outage);
                let attempt = work.attempt(step, self.may_install, outage);
                work.doubted |= failure.error == ChannelError::Unanswered && !attempt.idempotent;
                let (now, jitter) = (self.shared.clock.now(), self.shared.chance.unit());
                let policy = &self.shared.config.retry;
                let next = retry::next(&failure.error, attempt, work.message.policy, now, jitter, policy);
                if let Some(reach) = retry::reach_after(&failure.error).filter(|_| next != Next::Install) {
                    self.outbox.learn(Learned::Reach(reference, reach));
                    self.queue.note(reference, |news| news.reach = Some(reach));
                }
                let rest = rest.map_or(STORE_REST, |rest| rest.time);
                if next == Next::Snooze(Reason::Throttled) && step != Step::Install && rest > LONGEST_HOLD {
                    self.close_lane(now + rest);
                }
                self.follow(next, work, rest, failure.detail);
            }
        }
    }

    /// Carries out what is to follow a failed attempt; calls like it rest so long.
    fn follow(&mut self, next: Next, mut work: Work, rest: Duration, detail: String) {
        let reference = work.claimed.target.reference;
        match next {
            Next::Retry(at, reason) => self.outbox.settle(&work, Outcome::Pending(at, Some(reason)), 1, Some(detail)),
            Next::Snooze(reason) => {
                let due = self.shared.clock.now() + rest;
                self.outbox.settle(&work, Outcome::Pending(due, Some(reason)), 0, Some(detail));
            }
            Next::Recreate => {
                work.tried.recreating = true;
                work.claimed.target.conversation = None;
                self.outbox.learn(Learned::NoConversation(reference));
                self.queue.note(reference, |news| news.conversation = KnownConversation::Gone);
                self.queue.push_front(work);
            }
            Next::Install => {
                work.tried.installing = true;
                work.claimed.target.conversation = None;
                work.forget_membership();
                self.queue.push_front(work);
            }
            Next::Stop(reason) => self.outbox.settle(&work, Outcome::Stopped(reason), 1, Some(detail)),
            Next::Uncertain(reason) => self.outbox.settle(&work, Outcome::Uncertain(reason), 1, Some(detail)),
        }
    }

    /// Remembers in the store that the channel closed the lane, for the owner after a restart.
    fn close_lane(&mut self, until: Timestamp) {
        let (shared, lane) = (Arc::clone(&self.shared), self.lane.id);
        tokio::spawn(async move {
            if let Err(error) = shared.store.close_lane(lane, until).await {
                tracing::warn!(%error, "{lane}: its closing was not stored: {error}");
            }
        });
    }
}
