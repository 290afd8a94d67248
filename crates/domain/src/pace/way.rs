use std::collections::VecDeque;
use std::time::Duration;

use crate::Timestamp;

/// The way to a service and back, as its answers show it: from this it is told when a call arrived.
///
/// An answer takes the way out, the service's own time and the way back; only the first matters,
/// for the service counts a call when it arrives. Three rules, from certain to assumed:
///
/// 1. What all answers have in common (the fastest seen lately) is fixed: it moves every arrival
///    alike and costs nothing. Calls begun before the first answer (also the first after a quiet time)
///    are no evidence: they may all have waited for a token and connections that those after them
///    find ready.
/// 2. What an answer took beyond that is charged as if the call had spent it on its way out.
/// 3. From a service far away (the fastest answer takes 25 ms, and the usual one less than twice as
///    long as it) what answers vary by is the service's own time, after it counted the call, as far as
///    sixteen in seventeen answers share it; what goes beyond is charged. This is taken on trust: after
///    a refusal it does not hold for an hour, and rule 2 alone does. Nearby it never holds: there a
///    busy machine makes answers vary, on both ways.
///
/// Under rule 2 no variation, wherever it happens, brings more calls to the service than a window
/// allows; it costs as much time in each window as answers vary in the mean. Under rule 3 that holds
/// as long as the way out varies by no more than 5 ms or, for single calls, shows in the answer.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// When the first answer came, and the first after each quiet time.
    first_answer: Option<Timestamp>,
    last_answer: Option<Timestamp>,
    /// Complete samples, the latest last, and the one being gathered.
    samples: VecDeque<Sample>,
    current: Sample,
    /// Answers that told something.
    seen: u32,
    distrusts_until: Option<Timestamp>,
}

/// Answers without which nothing is taken for fixed: nearby many, for its fastest answer may be long in
/// coming when the machine is busy.
const FEWEST_NEARBY: u32 = 256;
const FEWEST_FAR: u32 = 16;
/// Answers in the first sample, which is to be had soon.
const FIRST: u32 = 32;
/// Answers in a sample.
const SPAN: u32 = 136;
/// Complete samples remembered.
const SAMPLES: usize = 5;
/// Rank of the answer that tells what is usual, from the slowest: one in seventeen is slower.
const RANK: usize = 8;
/// The fastest answer is taken for slower than it could have been: on a busy machine even the fastest
/// of many waited for a processor. With the clock's grain this costs 0.9 % of a window of one second.
const MARGIN: Duration = Duration::from_millis(7);
/// What the way out is taken to vary by under rule 3.
const STEADY: Duration = Duration::from_millis(5);
/// A service whose fastest answer comes within this is nearby.
const NEARBY: Duration = Duration::from_millis(25);
/// Connections that idle so long may have been closed.
const QUIET: Duration = Duration::from_secs(10);
/// How long a refusal is remembered.
const DISTRUST: Duration = Duration::from_hours(1);

impl Way {
    /// The latest moment at which a call begun at `begun` and answered at `now` can have arrived.
    pub fn arrival(&mut self, begun: Timestamp, now: Timestamp) -> Timestamp {
        let was_quiet = self.last_answer.is_none_or(|last| now.since(last) > QUIET);
        self.last_answer = Some(now);
        if was_quiet {
            self.first_answer = Some(now);
        }
        if self.first_answer.is_some_and(|first| begun < first) {
            return now;
        }
        let took = now.since(begun);
        self.note(took);
        begun + self.charged(took, now)
    }

    /// The service refused a call: what was taken on trust may be why.
    pub fn refused(&mut self, now: Timestamp) {
        self.distrusts_until = Some(now + DISTRUST);
    }

    fn note(&mut self, took: Duration) {
        self.seen = self.seen.saturating_add(1);
        self.current.note(took);
        if self.current.seen == if self.samples.is_empty() { FIRST } else { SPAN } {
            self.samples.push_back(std::mem::take(&mut self.current));
            if self.samples.len() > SAMPLES {
                self.samples.pop_front();
            }
        }
    }

    /// How much of what an answer took is charged.
    fn charged(&self, took: Duration, now: Timestamp) -> Duration {
        let seen = self.samples.iter().chain(Some(&self.current).filter(|sample| sample.seen > 0));
        let fastest = seen.map(|sample| sample.fastest).min().unwrap_or_default();
        let usual = self.samples.back().unwrap_or(&self.current).usual();
        let is_far = fastest >= NEARBY && usual <= fastest * 2;
        let trusts = self.distrusts_until.is_none_or(|until| until <= now);
        if is_far && trusts && !self.samples.is_empty() {
            return took.saturating_sub(usual).max(STEADY);
        }
        let enough = if is_far { FEWEST_FAR } else { FEWEST_NEARBY };
        let fixed = if self.seen >= enough { fastest.saturating_sub(MARGIN) } else { Duration::ZERO };
        took.saturating_sub(fixed)
    }
}

/// What a number of answers took: the fastest and, in constant memory, the slowest few.
#[derive(Clone, Debug, Default)]
struct Sample {
    seen: u32,
    fastest: Duration,
    /// Slowest first.
    slowest: [Duration; RANK],
}

impl Sample {
    fn note(&mut self, took: Duration) {
        self.fastest = if self.seen == 0 { took } else { self.fastest.min(took) };
        self.seen += 1;
        let place = self.slowest.partition_point(|&slower| slower >= took);
        if place < RANK {
            self.slowest[place..].rotate_right(1);
            self.slowest[place] = took;
        }
    }

    fn usual(&self) -> Duration {
        self.slowest[RANK - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    /// What a call of `took` is charged after `answers` that took as given.
    fn charged(way: &mut Way, now: i64, took: i64) -> i64 {
        way.arrival(at(now - took), at(now)).as_millis() - (now - took)
    }

    fn after(answers: impl IntoIterator<Item = i64>) -> Way {
        let mut way = Way::default();
        way.arrival(at(0), at(300));
        for (n, took) in answers.into_iter().enumerate() {
            charged(&mut way, 800 + i64::try_from(n).unwrap() * 20, took);
        }
        way
    }

    #[test]
    fn calls_begun_before_the_first_answer_tell_nothing_of_those_that_follow() {
        let mut way = Way::default();
        for n in 0..50 {
            assert_eq!(way.arrival(at(n), at(300 + n)), at(300 + n), "they may all have waited for a token");
        }
        for n in 0..40 {
            charged(&mut way, 1_000 + n * 20, 100);
        }
        assert_eq!(charged(&mut way, 2_000, 105), 5, "what varies little is the margin's");
        assert_eq!(charged(&mut way, 20_000, 120), 120, "after a quiet time they may have to connect again");
    }

    #[test]
    fn nearby_nothing_is_fixed_before_many_answers_and_all_variation_is_charged() {
        let mut way = after((0..200).map(|n| 10 + n % 15));
        assert_eq!(charged(&mut way, 5_000, 24), 24);
        let mut way = after((0..500).map(|n| 10 + n % 15));
        assert_eq!(charged(&mut way, 11_000, 24), 21, "14 of variation and 7 of margin");
        assert_eq!(charged(&mut way, 11_020, 90), 87);
    }

    #[test]
    fn a_busy_machine_is_not_taken_for_a_service_far_away() {
        let mut way = after((0..500).map(|n| 30 + n * 7 % 100));
        assert_eq!(charged(&mut way, 11_000, 110), 87);
    }

    #[test]
    fn far_away_variation_is_the_services_own_until_a_refusal_says_otherwise() {
        let mut way = after((0..500).map(|n| 400 + n * 7 % 100));
        assert_eq!(charged(&mut way, 11_000, 480), 5);
        assert_eq!(charged(&mut way, 11_020, 600), 106, "what is not usual is charged beyond it");
        way.refused(at(11_030));
        assert_eq!(charged(&mut way, 11_040, 480), 87);
        way.arrival(at(3_611_000), at(3_611_020));
        assert_eq!(charged(&mut way, 3_612_000, 480), 5, "an hour later it is trusted again");
    }
}
