use std::collections::VecDeque;
use std::time::Duration;

use super::Window;
use crate::Timestamp;

/// Longest time a call without an answer is taken to travel: its charge before the answer is known. Longer
/// than any time-out, for a call that waits for a token or a connection may arrive at any moment until it is
/// given up; many that waited together arrive together.
pub const TRAVEL_BOUND: Duration = Duration::from_hours(1);

/// Two clocks that count whole milliseconds can differ by one at either end of a window.
const GRAIN: Duration = Duration::from_millis(2);

/// Starts of one scope, as far back as its longest window reaches.
///
/// An exact sliding-window log. What makes it exact at the *service's* clock and not only at ours is
/// the charge: the service counts a call when it arrives, somewhere between our start and its
/// answer. So a call is charged at the latest moment it can have arrived, which
/// [`Way`](super::Way) tells once it is answered.
#[derive(Clone, Debug, Default)]
pub struct Pace {
    /// When each call is charged, ascending.
    charges: VecDeque<Timestamp>,
    closed_until: Option<Timestamp>,
}

impl Pace {
    /// Earliest time the next call may start; `now` when the scope is free. While calls are under way it may
    /// turn out to be later: ask again then.
    pub fn earliest(&self, windows: &[Window], now: Timestamp) -> Timestamp {
        self.earliest_for(1, windows, now)
    }

    /// Earliest time a call that counts as `units` may start.
    pub fn earliest_for(&self, units: u32, windows: &[Window], now: Timestamp) -> Timestamp {
        let by_window = windows.iter().filter_map(|window| {
            // The call fits once this charge, and all before it, have left the window.
            let last_in_the_way = (self.charges.len() + units as usize).checked_sub(window.max as usize + 1)?;
            let charge = self.charges.get(last_in_the_way).or_else(|| self.charges.back())?;
            // A call that is under way may arrive now or any time later: how long nobody knows.
            Some((*charge).min(now) + window.per + GRAIN)
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

    /// Whether no window remembers anything at `now`, so that the scope may be dropped.
    pub fn idle(&self, windows: &[Window], now: Timestamp) -> bool {
        let longest = windows.iter().map(|window| window.per).max().unwrap_or_default();
        self.closed(now).is_none() && self.charges.back().is_none_or(|&last| last + longest + GRAIN <= now)
    }

    /// Calls remembered, those no window reaches back to included until the next one begins.
    pub fn len(&self) -> usize {
        self.charges.len()
    }

    /// Whether no call is remembered.
    pub fn is_empty(&self) -> bool {
        self.charges.is_empty()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn started(pace: &mut Pace, windows: &[Window], starts: &[i64]) {
        for &start in starts {
            pace.begin(windows, at(start));
            pace.answered(at(start), at(start));
        }
    }

    #[test]
    fn room_grows_as_windows_open() {
        let mut pace = Pace::default();
        let windows = [Window::per_seconds(3, 1)];
        started(&mut pace, &windows, &[0, 100, 200]);
        assert_eq!(pace.room(&windows, at(200)), 0);
        assert_eq!(pace.room(&windows, at(1_002)), 1);
        assert_eq!(pace.room(&windows, at(1_102)), 2);
        pace.close_until(at(5_000));
        assert_eq!(pace.room(&windows, at(1_102)), 0);
        assert_eq!(pace.room(&windows, at(5_000)), 3);
    }

    #[test]
    fn calls_that_are_held_up_make_others_wait_until_they_are_answered_and_promise_no_time() {
        let mut pace = Pace::default();
        let windows = [Window::per_seconds(2, 1)];
        for start in [0, 10] {
            pace.begin(&windows, at(start));
        }
        for now in [20, 1_100, 60_000] {
            assert_eq!(pace.earliest(&windows, at(now)), at(now + 1_002));
        }
        pace.answered(at(0), at(59_500));
        assert_eq!(pace.earliest(&windows, at(60_000)), at(60_502));
    }

    #[test]
    fn a_call_of_several_units_waits_until_all_of_them_fit() {
        let mut pace = Pace::default();
        let windows = [Window::per_seconds(5, 1)];
        started(&mut pace, &windows, &[0, 100, 200]);
        assert_eq!(pace.earliest_for(2, &windows, at(300)), at(300));
        assert_eq!(pace.earliest_for(3, &windows, at(300)), at(1_002));
        assert_eq!(pace.earliest_for(5, &windows, at(300)), at(1_202));
        assert_eq!(pace.earliest_for(9, &windows, at(300)), at(1_202), "more than ever fits waits for an empty window");
    }

    #[test]
    fn a_closed_scope_opens_when_told_and_not_before() {
        let mut pace = Pace::default();
        pace.close_until(at(5_000));
        pace.close_until(at(3_000));
        assert_eq!(pace.earliest(&[Window::per_seconds(7, 1)], at(1_000)), at(5_000));
        assert_eq!(pace.closed(at(4_999)), Some(at(5_000)));
        assert_eq!(pace.closed(at(5_000)), None);
    }
}
