//! The pace of one scope: how soon the next call may start.
//!
//! The algorithm is an exact sliding-window log. What makes it exact at the *service's* clock and
//! not only at ours is the charge: the service counts a call when it arrives, somewhere between our
//! start and its answer. A call is charged at the latest moment it can have arrived, given that the
//! fixed part of the way (the fastest answer seen lately) is the same for every call. So steady
//! latency costs nothing, and jitter costs exactly the jitter.

use std::collections::VecDeque;
use std::time::Duration;

use crate::Timestamp;

/// At most `max` starts in any span of `per`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Starts allowed in the span.
    pub max: u32,
    /// Length of the span.
    pub per: Duration,
}

impl Window {
    /// At most `max` starts in any `per_s` seconds.
    pub const fn per_seconds(max: u32, per_s: u64) -> Self {
        Self { max, per: Duration::from_secs(per_s) }
    }
}

/// Longest time a call without an answer is taken to travel: its charge before the answer is known.
pub const TRAVEL_BOUND: Duration = Duration::from_secs(1);

/// Two clocks that count whole milliseconds can differ by one at either end of a window.
const GRAIN: Duration = Duration::from_millis(2);

/// Starts of one scope, as far back as its longest window reaches.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    /// When each call is charged, ascending.
    charges: VecDeque<Timestamp>,
    closed_until: Option<Timestamp>,
}

impl Pace {
    /// Earliest time the next call may start; `now` when the scope is free.
    pub fn earliest(&self, windows: &[Window], now: Timestamp) -> Timestamp {
        let by_window = windows.iter().filter_map(|window| {
            let nth_last = self.charges.len().checked_sub(window.max as usize)?;
            self.charges.get(nth_last).map(|&charge| charge + window.per + GRAIN)
        });
        by_window.chain(self.closed_until).fold(now, Timestamp::max)
    }

    /// How many calls may start by `at`, if none starts before.
    pub fn room(&self, windows: &[Window], at: Timestamp) -> usize {
        if self.closed(at).is_some() {
            return 0;
        }
        let by_window = windows.iter().map(|window| {
            let over = self.charges.partition_point(|&charge| charge + window.per + GRAIN <= at);
            (window.max as usize).saturating_sub(self.charges.len() - over)
        });
        by_window.min().unwrap_or(usize::MAX)
    }

    /// Charges a call that starts at `now`: for the time being as late as it can arrive.
    pub fn begin(&mut self, windows: &[Window], now: Timestamp) {
        self.forget(windows, now);
        self.insert(now + TRAVEL_BOUND);
    }

    /// Corrects the charge of a call begun at `start`, now that it is known to have arrived at or
    /// before `arrived`.
    pub fn answered(&mut self, start: Timestamp, arrived: Timestamp) {
        let worst = start + TRAVEL_BOUND;
        if arrived >= worst {
            return;
        }
        let place = self.charges.partition_point(|&charge| charge < worst);
        if self.charges.get(place) == Some(&worst) {
            self.charges.remove(place);
            self.insert(arrived.max(start));
        }
    }

    /// Lets nothing start before `until`; an earlier closing that lasts longer stays.
    pub fn close_until(&mut self, until: Timestamp) {
        self.closed_until = self.closed_until.max(Some(until));
    }

    /// Until when the scope is closed, if it is at `now`.
    pub fn closed(&self, now: Timestamp) -> Option<Timestamp> {
        self.closed_until.filter(|&until| until > now)
    }

    /// Charges of calls made before this process ran, as the store remembers them.
    pub fn remember(&mut self, starts: impl IntoIterator<Item = Timestamp>) {
        for start in starts {
            self.insert(start);
        }
    }

    /// Calls remembered, those no window reaches back to included until the next one begins.
    pub fn remembered(&self) -> usize {
        self.charges.len()
    }

    /// Whether no window remembers anything at `now`, so that the scope may be dropped.
    pub fn idle(&self, windows: &[Window], now: Timestamp) -> bool {
        let longest = windows.iter().map(|window| window.per).max().unwrap_or_default();
        self.closed(now).is_none() && self.charges.back().is_none_or(|&last| last + longest + GRAIN <= now)
    }

    fn insert(&mut self, charge: Timestamp) {
        let place = self.charges.partition_point(|&other| other <= charge);
        self.charges.insert(place, charge);
    }

    fn forget(&mut self, windows: &[Window], now: Timestamp) {
        let longest = windows.iter().map(|window| window.per).max().unwrap_or_default();
        while self.charges.front().is_some_and(|&first| first + longest + GRAIN <= now) {
            self.charges.pop_front();
        }
    }
}

/// The fixed part of the way to a service and back: the fastest of the last 512 to 1 024 answers.
///
/// Nothing is taken for fixed before 256 answers were seen: what the first calls have in common (a
/// token to fetch, connections to open) is not on the way of those that follow. And the fastest
/// answer is taken for slower than it could have been, by 7 ms: on a busy machine
/// even the fastest of many waited for a processor.
#[derive(Clone, Debug, Default)]
pub struct FastestAnswer {
    before: Option<Duration>,
    current: Option<Duration>,
    seen: u32,
}

impl FastestAnswer {
    const FIRST: u32 = 256;
    const SPAN: u32 = 512;
    /// With the two milliseconds of clock grain this costs 0.9 % of a window of one second.
    const MARGIN: Duration = Duration::from_millis(7);

    /// Notes an answer that took `took` and returns how much of that was jitter.
    pub fn jitter(&mut self, took: Duration) -> Duration {
        let span = if self.before.is_none() { Self::FIRST } else { Self::SPAN };
        if self.seen == span {
            self.before = self.current.take();
            self.seen = 0;
        }
        self.seen += 1;
        self.current = Some(self.current.map_or(took, |fastest| fastest.min(took)));
        let fastest = self.before.map_or(Duration::ZERO, |before| before.min(self.current.unwrap_or(before)));
        took.saturating_sub(fastest.saturating_sub(Self::MARGIN))
    }
}

/// A limit learned from refusals: halved-ish at each, creeping back by one a second, never above
/// what is configured.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling {
    configured: u32,
    lowered: Option<(u32, Timestamp)>,
}

impl Ceiling {
    /// Starts at what is configured.
    pub const fn new(configured: u32) -> Self {
        Self { configured, lowered: None }
    }

    /// The limit at `now`.
    pub fn at(&self, now: Timestamp) -> u32 {
        self.lowered.map_or(self.configured, |(to, when)| {
            let back = u32::try_from(now.since(when).as_secs()).unwrap_or(u32::MAX);
            to.saturating_add(back).min(self.configured)
        })
    }

    /// The channel refused: the limit drops to seven tenths. Refusals within the same second are
    /// one event, as they answer calls that were under way together.
    pub fn refused(&mut self, now: Timestamp) {
        if self.lowered.is_some_and(|(_, when)| now.since(when) < Duration::from_secs(1)) {
            return;
        }
        self.lowered = Some(((self.at(now) * 7 / 10).max(1), now));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEAMS: [Window; 4] = [
        Window::per_seconds(7, 1),
        Window::per_seconds(8, 2),
        Window::per_seconds(60, 30),
        Window::per_seconds(1_800, 3_600),
    ];

    fn assert_kept(arrivals: &mut [i64], windows: &[Window]) {
        arrivals.sort_unstable();
        for window in windows {
            let (max, per) = (window.max as usize, i64::try_from(window.per.as_millis()).unwrap());
            for run in arrivals.windows(max + 1) {
                assert!(run[max] > run[0] + per, "{} starts within {per} ms from {}", max + 1, run[0]);
            }
        }
    }

    proptest! {
        /// The caller waits `gap`, asks, starts when allowed; the call travels `out` and its answer
        /// `back`, on top of a fixed way that is unknown to the pace.
        #[test]
        fn no_span_ever_holds_more_arrivals_than_its_window_allows(
            calls in prop::collection::vec((0..400_i64, 0..120_i64, 0..120_i64), 1..400),
            fixed_out in 0..200_i64, fixed_back in 0..200_i64,
        ) {
            let (mut pace, mut fastest) = (Pace::default(), FastestAnswer::default());
            // Earlier answers have shown the fixed way.
            for _ in 0..=FastestAnswer::FIRST {
                fastest.jitter(Duration::from_millis((fixed_out + fixed_back).unsigned_abs()));
            }
            let mut now = 1_000_000;
            let mut arrivals = Vec::new();
            let mut under_way: Vec<(i64, i64)> = Vec::new(); // (answer at, start)
            for (gap, out, back) in calls {
                now += gap;
                loop {
                    under_way.retain(|&(answer, start)| {
                        let arrived = answer <= now;
                        if arrived {
                            let took = Duration::from_millis((answer - start).unsigned_abs());
                            let start = Timestamp::from_millis(start);
                            pace.answered(start, start + fastest.jitter(took));
                        }
                        !arrived
                    });
                    let earliest = pace.earliest(&TEAMS, Timestamp::from_millis(now)).as_millis();
                    if earliest <= now {
                        break;
                    }
                    // Time passes to the next thing that can change the answer.
                    now = under_way.iter().map(|&(answer, _)| answer).filter(|&at| at > now).chain([earliest]).min().unwrap();
                }
                pace.begin(&TEAMS, Timestamp::from_millis(now));
                arrivals.push(now + fixed_out + out);
                under_way.push((now + fixed_out + out + back + fixed_back, now));
            }
            assert_kept(&mut arrivals, &TEAMS);
        }

        #[test]
        fn a_learned_ceiling_never_exceeds_the_configured_one_and_comes_back(
            refusals in prop::collection::vec(0..5_000_i64, 0..50), configured in 1..60_u32,
        ) {
            let mut ceiling = Ceiling::new(configured);
            let mut now = 0;
            for gap in refusals {
                now += gap;
                ceiling.refused(Timestamp::from_millis(now));
                prop_assert!((1..=configured).contains(&ceiling.at(Timestamp::from_millis(now))));
            }
            prop_assert_eq!(ceiling.at(Timestamp::from_millis(now + 60_000)), configured);
        }
    }

    #[test]
    fn steady_latency_costs_no_rate() {
        let (mut pace, mut fastest) = (Pace::default(), FastestAnswer::default());
        let windows = [Window::per_seconds(50, 1)];
        let mut now = Timestamp::from_millis(0);
        let mut under_way = VecDeque::new();
        for _ in 0..1_000 {
            loop {
                while under_way.front().is_some_and(|&start: &Timestamp| start + Duration::from_millis(400) <= now) {
                    let start: Timestamp = under_way.pop_front().unwrap();
                    pace.answered(start, start + fastest.jitter(Duration::from_millis(400)));
                }
                let earliest = pace.earliest(&windows, now);
                if earliest == now {
                    break;
                }
                let answer = under_way.front().map(|&start| start + Duration::from_millis(400));
                now = answer.into_iter().chain([earliest]).min().unwrap();
            }
            pace.begin(&windows, now);
            under_way.push_back(now);
        }
        // 1 000 starts at 50/s need 19 full windows; the first six wait for their answers as well.
        assert!(now.as_millis() <= 19 * 1_009 + 6 * 400, "took {now:?}");
    }

    #[test]
    fn what_the_first_calls_have_in_common_is_not_taken_for_the_way() {
        let mut fastest = FastestAnswer::default();
        let ms = Duration::from_millis;
        for _ in 0..50 {
            assert_eq!(fastest.jitter(ms(300)), ms(300), "they may all have waited for a token and arrived late");
        }
        for _ in 0..300 {
            fastest.jitter(ms(20));
        }
        assert_eq!(fastest.jitter(ms(25)), ms(12), "5 of jitter and 7 of margin");
    }

    #[test]
    fn room_grows_as_windows_open() {
        let mut pace = Pace::default();
        let (windows, at) = ([Window::per_seconds(3, 1)], Timestamp::from_millis);
        for start in [0, 100, 200] {
            pace.begin(&windows, at(start));
            pace.answered(at(start), at(start));
        }
        assert_eq!(pace.room(&windows, at(200)), 0);
        assert_eq!(pace.room(&windows, at(1_002)), 1);
        assert_eq!(pace.room(&windows, at(1_102)), 2);
        pace.close_until(at(5_000));
        assert_eq!(pace.room(&windows, at(1_102)), 0);
        assert_eq!(pace.room(&windows, at(5_000)), 3);
    }

    #[test]
    fn a_closed_scope_opens_when_told_and_not_before() {
        let mut pace = Pace::default();
        let at = Timestamp::from_millis;
        pace.close_until(at(5_000));
        pace.close_until(at(3_000));
        assert_eq!(pace.earliest(&TEAMS, at(1_000)), at(5_000));
        assert_eq!(pace.closed(at(4_999)), Some(at(5_000)));
        assert_eq!(pace.closed(at(5_000)), None);
    }
}
