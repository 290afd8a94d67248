//! Circuit breakers: a bot whose credentials are refused and a service that is down cost probes, not
//! attempts.
//!
//! A [`Breaker`] watches one thing that calls depend on. While it is closed every call passes. Failures
//! in a row open it: then nothing passes until its rest is over, when one call does, as a probe. A probe
//! that fails begins a longer rest; one that succeeds closes the breaker.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{LaneId, Timestamp};

/// When a breaker opens and how long it rests.
#[derive(Clone, Copy, Debug)]
pub struct BreakerPolicy {
    /// Failures in a row that open it.
    pub threshold: u32,
    /// Rest before the first probe; doubles with each probe that fails.
    pub first_rest: Duration,
    /// Longest rest.
    pub longest_rest: Duration,
    /// Whether a lane that has not seen it fail may probe at once, beside the others: what fails for one
    /// tenant alone then keeps no other waiting.
    pub each_lane_tries: bool,
}

/// For the credentials of a bot: one refusal is enough, for every call would meet the same.
pub const CREDENTIALS: BreakerPolicy = BreakerPolicy {
    threshold: 1,
    first_rest: Duration::from_secs(10),
    longest_rest: Duration::from_mins(5),
    each_lane_tries: false,
};

/// For a service: five calls in a row without an answer of its own.
pub const OUTAGE: BreakerPolicy = BreakerPolicy {
    threshold: 5,
    first_rest: Duration::from_secs(1),
    longest_rest: Duration::from_mins(1),
    each_lane_tries: true,
};

/// A probe that is not heard of for so long is taken for lost.
const LOST_PROBE: Duration = Duration::from_mins(2);
/// A lane that waits while another's probe is under way asks again after this.
const PROBE_REST: Duration = Duration::from_secs(1);

/// Watches one bot's credentials or one service.
#[derive(Clone, Debug)]
pub struct Breaker {
    policy: BreakerPolicy,
    /// Failures since the last success.
    in_a_row: u32,
    open: Option<Open>,
}

#[derive(Clone, Debug)]
struct Open {
    since: Timestamp,
    /// The next probe starts no earlier.
    until: Timestamp,
    rest: Duration,
    /// When the probe under way began.
    probe: Option<Timestamp>,
    /// Lanes that have seen it fail, or are about to: then since when.
    tried: BTreeMap<LaneId, Option<Timestamp>>,
}

/// Whether a call may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passage {
    /// It may.
    Free,
    /// It may, and what comes of it decides for all: say so with [`Breaker::succeeded`],
    /// [`Breaker::failed`] or [`Breaker::withdrawn`].
    Probe,
    /// Not before this time.
    Shut(Timestamp),
}

impl Breaker {
    /// A closed one.
    pub const fn new(policy: BreakerPolicy) -> Self {
        Self { policy, in_a_row: 0, open: None }
    }

    /// Whether a call of `lane` would pass at `now`; changes nothing.
    pub fn look(&self, lane: LaneId, now: Timestamp) -> Passage {
        let Some(open) = &self.open else { return Passage::Free };
        let own = match open.tried.get(&lane) {
            None if self.policy.each_lane_tries => return Passage::Probe,
            own => own.copied().flatten(),
        };
        match own.or(open.probe) {
            Some(begun) if now < begun + LOST_PROBE => Passage::Shut(now + PROBE_REST),
            _ if now < open.until => Passage::Shut(open.until),
            _ => Passage::Probe,
        }
    }

    /// A call of `lane` is about to begin, if it passes.
    pub fn enter(&mut self, lane: LaneId, now: Timestamp) -> Passage {
        let passage = self.look(lane, now);
        if let (Passage::Probe, Some(open)) = (passage, &mut self.open) {
            if self.policy.each_lane_tries && !open.tried.contains_key(&lane) {
                open.tried.insert(lane, Some(now));
            } else {
                open.probe = Some(now);
            }
        }
        passage
    }

    /// The probe of `lane` that entered at `begun` was not made, or tells nothing of what is watched.
    pub fn withdrawn(&mut self, lane: LaneId, begun: Timestamp) {
        match &mut self.open {
            Some(open) if open.probe == Some(begun) => open.probe = None,
            Some(open) => _ = open.tried.remove(&lane),
            None => {}
        }
    }

    /// A call begun at `begun` succeeded, or failed in a way that clears what is watched.
    pub fn succeeded(&mut self, begun: Timestamp) {
        // What was under way when it opened is no news; a probe is.
        if self.open.as_ref().is_none_or(|open| begun >= open.since) {
            self.in_a_row = 0;
            self.open = None;
        }
    }

    /// A call of `lane`, begun at `begun`, failed at `now` in the way that is watched; `jitter`, in
    /// `0.0..1.0`, is the caller's draw. Returns until when the breaker is open, if it is.
    pub fn failed(&mut self, lane: LaneId, begun: Timestamp, now: Timestamp, jitter: f64) -> Option<Timestamp> {
        self.in_a_row = self.in_a_row.saturating_add(1);
        match &mut self.open {
            None if self.in_a_row < self.policy.threshold => {}
            None => {
                let rest = self.policy.first_rest;
                let until = now + jittered(rest, jitter);
                self.open = Some(Open { since: now, until, rest, probe: None, tried: BTreeMap::from([(lane, None)]) });
            }
            Some(open) => {
                open.tried.insert(lane, None);
                // Only the probe tells something new; the others were under way when it opened.
                if open.probe == Some(begun) {
                    open.probe = None;
                    open.rest = open.rest.saturating_mul(2).min(self.policy.longest_rest);
                    open.until = now + jittered(open.rest, jitter);
                }
            }
        }
        self.open.as_ref().map(|open| open.until.max(now))
    }

    /// Whether it is closed and remembers no failure, so that it may be dropped.
    pub fn is_quiet(&self) -> bool {
        self.open.is_none() && self.in_a_row == 0
    }
}

/// Up to a quarter longer, so that many processes do not probe at once.
fn jittered(rest: Duration, jitter: f64) -> Duration {
    rest.mul_f64(1.0 + jitter / 4.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LANE: LaneId = LaneId(1);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn opened(policy: BreakerPolicy) -> Breaker {
        let mut breaker = Breaker::new(policy);
        for _ in 0..policy.threshold {
            breaker.failed(LANE, at(0), at(0), 0.0);
        }
        breaker
    }

    #[test]
    fn failures_with_a_success_between_them_open_nothing() {
        let mut breaker = Breaker::new(OUTAGE);
        for n in 0..100 {
            assert_eq!(breaker.failed(LANE, at(n), at(n), 0.0), None);
            if n % 4 == 3 {
                breaker.succeeded(at(n));
            }
        }
        assert_eq!(breaker.look(LANE, at(100)), Passage::Free);
    }

    #[test]
    fn one_probe_at_a_time_and_the_rest_doubles_up_to_its_longest() {
        let mut breaker = opened(OUTAGE);
        let mut rests = Vec::new();
        let mut now = at(0);
        for _ in 0..9 {
            let Passage::Shut(until) = breaker.enter(LANE, now) else { panic!("open") };
            rests.push(until.since(now).as_secs());
            assert_eq!(breaker.enter(LANE, until), Passage::Probe);
            assert_eq!(breaker.enter(LANE, until), Passage::Shut(until + PROBE_REST));
            now = until;
            breaker.failed(LANE, until, now, 0.0);
        }
        assert_eq!(rests, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        let probe = now + OUTAGE.longest_rest;
        assert_eq!(breaker.enter(LANE, probe), Passage::Probe);
        breaker.succeeded(probe);
        assert_eq!(breaker.enter(LANE, probe), Passage::Free);
        assert!(breaker.is_quiet());
    }

    #[test]
    fn what_was_under_way_when_it_opened_changes_nothing() {
        let mut breaker = opened(OUTAGE);
        breaker.failed(LANE, at(-1), at(0), 0.0);
        breaker.failed(LANE, at(-1), at(30), 0.0);
        breaker.succeeded(at(-1));
        assert_eq!(breaker.look(LANE, at(0)), Passage::Shut(at(1)));
    }

    #[test]
    fn a_lane_that_has_not_seen_it_fail_finds_out_for_itself_once() {
        let (mut breaker, other) = (opened(OUTAGE), LaneId(2));
        assert_eq!(breaker.enter(other, at(0)), Passage::Probe);
        assert_eq!(breaker.enter(other, at(0)), Passage::Shut(at(1)), "until its own probe is answered");
        breaker.failed(other, at(0), at(0), 0.0);
        for lane in [LANE, other] {
            assert_eq!(breaker.look(lane, at(0)), Passage::Shut(at(1)), "and lengthens nobody's rest");
        }
        let mut credentials = opened(CREDENTIALS);
        assert_eq!(credentials.enter(other, at(0)), Passage::Shut(at(10)));
    }

    #[test]
    fn a_probe_that_was_withdrawn_or_lost_leaves_its_place_to_the_next() {
        let mut breaker = opened(OUTAGE);
        assert_eq!(breaker.enter(LANE, at(1)), Passage::Probe);
        breaker.withdrawn(LANE, at(1));
        assert_eq!(breaker.enter(LANE, at(1)), Passage::Probe);
        assert_eq!(breaker.look(LANE, at(1) + LOST_PROBE), Passage::Probe);
    }

    proptest! {
        /// A thing that is dead for an hour, asked every 50 ms by one lane.
        #[test]
        fn an_hour_of_outage_costs_few_calls(took in 0..30_i64, jitter in 0.0..1.0_f64) {
            let mut breaker = Breaker::new(OUTAGE);
            let (mut now, mut calls) = (at(0), 0);
            while now < at(3_600) {
                match breaker.enter(LANE, now) {
                    Passage::Shut(until) => now = until,
                    Passage::Free | Passage::Probe => {
                        calls += 1;
                        let answered = now + Duration::from_secs(took.unsigned_abs());
                        breaker.failed(LANE, now, answered, jitter);
                        now = answered;
                    }
                }
            }
            prop_assert!(calls <= 75, "{} calls", calls);
        }
    }
}
