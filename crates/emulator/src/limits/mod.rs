//! The limits Teams documents, counted exactly.
//!
//! A window is "at most `max` starts in any span `per`", counted on arrival times. A refused call
//! takes no place in a window, so a client that waits as told gets through. Counting goes on when
//! the limits are lifted: what a client would have been refused is then a *violation*.
//!
//! Source of the numbers: Microsoft Learn, "Optimize your bot with rate limiting in Teams".

mod graph;
mod window;

use std::collections::{HashMap, VecDeque};

use serde::{Deserialize, Serialize};

pub(crate) use graph::GraphLimit;
use window::{SECOND, Starts, Window, window};

use crate::world::{AppIx, PlaceIx, TenantIx};

/// Whether calls over a limit are refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limits {
    /// As Teams does: 429 with `Retry-After`.
    #[default]
    Teams,
    /// Nothing is refused; violations are counted all the same.
    Lifted,
}

const LANE: &[Window] = &[window(50, 1)];
const WRITES: &[Window] = &[window(7, 1), window(8, 2), window(60, 30), window(1_800, 3_600)];
const READS: &[Window] = &[window(14, 1), window(16, 2), window(120, 30), window(3_600, 3_600)];
/// The roster without pages has a limit of its own.
const LEGACY_ROSTER: &[Window] = &[window(5, 60)];

/// Conversations are looked through for stale ones after so many calls.
const SWEEP_EVERY: u64 = 1 << 16;

/// What is counted apart within one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Create,
    Send,
    Update,
    Delete,
    Members,
    LegacyRoster,
    Read,
}

impl Kind {
    fn windows(self) -> &'static [Window] {
        match self {
            Self::Create | Self::Send | Self::Update | Self::Delete => WRITES,
            Self::Members | Self::Read => READS,
            Self::LegacyRoster => LEGACY_ROSTER,
        }
    }
}

/// A conversation as the limits know it: a personal chat, a channel, or a thread of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Thread {
    pub(crate) place: PlaceIx,
    /// Id of the root message; 0 outside threads.
    pub(crate) root: u64,
}

/// One call to be counted.
pub(crate) struct Start {
    pub(crate) app: AppIx,
    pub(crate) tenant: TenantIx,
    /// Microseconds of the emulator's clock.
    pub(crate) at: u64,
    pub(crate) thread: Option<(Thread, Kind)>,
    /// How many starts it counts as; a split message counts twice.
    pub(crate) cost: usize,
}

/// What the limits saw of one bot in one tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LaneStats {
    /// The bot.
    pub app_id: String,
    /// The tenant.
    pub tenant_id: String,
    /// Connector calls, refused ones included.
    pub calls: u64,
    /// Most calls that arrived within any one second, refused ones included.
    pub peak_per_second: usize,
    /// Calls answered with 429.
    pub throttled: u64,
    /// Calls that arrived when some window was full.
    pub violations: u64,
}

#[derive(Debug, Default)]
struct Lane {
    accepted: Starts,
    last_second: VecDeque<u64>,
    stats: LaneStats,
}

impl Lane {
    fn arrive(&mut self, now: u64) {
        while self.last_second.front().is_some_and(|start| start + SECOND <= now) {
            self.last_second.pop_front();
        }
        self.last_second.push_back(now);
        self.stats.calls += 1;
        self.stats.peak_per_second = self.stats.peak_per_second.max(self.last_second.len());
    }
}

/// Counts every call and says which are over a limit.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    limits: Limits,
    lanes: HashMap<(AppIx, TenantIx), Lane>,
    graph: HashMap<(AppIx, TenantIx, GraphLimit), Starts>,
    threads: HashMap<(AppIx, Thread, Kind), Starts>,
    calls: u64,
}

impl Gate {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    pub(crate) fn set(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Admits a Connector call, or says after how many seconds it would be.
    pub(crate) fn admit(&mut self, start: &Start) -> Result<(), u64> {
        self.sweep(start.at);
        let lane = self.lanes.entry((start.app, start.tenant)).or_default();
        lane.arrive(start.at);
        let mut free_at = lane.accepted.free_at(LANE, start.cost);
        let mut thread = start
            .thread
            .map(|(thread, kind)| (kind.windows(), self.threads.entry((start.app, thread, kind)).or_default()));
        if let Some((windows, starts)) = &thread {
            free_at = free_at.max(starts.free_at(windows, start.cost));
        }
        if free_at > start.at {
            lane.stats.violations += 1;
            if self.limits == Limits::Teams {
                lane.stats.throttled += 1;
                return Err(seconds_until(free_at, start.at));
            }
        }
        lane.accepted.note(LANE, start.at, start.cost);
        if let Some((windows, starts)) = &mut thread {
            starts.note(windows, start.at, start.cost);
        }
        Ok(())
    }

    /// Admits a Graph call and tells the share of the limit that is used, or says after how many seconds
    /// it would be admitted.
    pub(crate) fn admit_graph(
        &mut self,
        app: AppIx,
        tenant: TenantIx,
        limit: GraphLimit,
        cost: usize,
        at: u64,
    ) -> Result<f64, u64> {
        let window = limit.window();
        let starts = self.graph.entry((app, tenant, limit)).or_default();
        let free_at = starts.free_at(&[window], cost);
        if free_at > at && self.limits == Limits::Teams {
            return Err(seconds_until(free_at, at));
        }
        starts.note(&[window], at, cost);
        Ok(starts.share(window, at))
    }

    /// What was counted, per bot and tenant.
    pub(crate) fn lanes(&self) -> impl Iterator<Item = (AppIx, TenantIx, LaneStats)> {
        self.lanes.iter().map(|((app, tenant), lane)| (*app, *tenant, lane.stats.clone()))
    }

    /// Forgets conversations without a call in the last hour, so that memory stays bounded.
    fn sweep(&mut self, now: u64) {
        self.calls += 1;
        if self.calls.is_multiple_of(SWEEP_EVERY) {
            self.threads.retain(|_, starts| !starts.is_stale(now));
        }
    }
}

fn seconds_until(free_at: u64, now: u64) -> u64 {
    free_at.saturating_sub(now).div_ceil(SECOND).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(at: u64, place: usize) -> Start {
        let thread = Thread { place: PlaceIx(place), root: 0 };
        Start { app: AppIx(0), tenant: TenantIx(0), at, thread: Some((thread, Kind::Send)), cost: 1 }
    }

    #[test]
    fn a_lane_admits_fifty_in_any_second() {
        let mut gate = Gate::new(Limits::Teams);
        for place in 0..50 {
            assert_eq!(gate.admit(&start(0, place)), Ok(()));
        }
        assert_eq!(gate.admit(&start(999_999, 50)), Err(1));
        assert_eq!(gate.admit(&start(1_000_000, 50)), Ok(()));
        let (_, _, stats) = gate.lanes().next().unwrap();
        assert_eq!((stats.throttled, stats.violations, stats.peak_per_second), (1, 1, 51));
    }

    #[test]
    fn a_conversation_admits_seven_in_one_second_and_eight_in_two() {
        let mut gate = Gate::new(Limits::Teams);
        for _ in 0..7 {
            assert_eq!(gate.admit(&start(0, 1)), Ok(()));
        }
        assert_eq!(gate.admit(&start(10, 1)), Err(1));
        assert_eq!(gate.admit(&start(SECOND, 1)), Ok(()));
        assert_eq!(gate.admit(&start(SECOND, 1)), Err(1), "eight in two seconds are used up");
        assert_eq!(gate.admit(&start(2 * SECOND, 1)), Ok(()));
    }

    #[test]
    fn the_half_minute_window_says_how_long_to_wait() {
        let mut gate = Gate::new(Limits::Teams);
        for n in 0..60 {
            assert_eq!(gate.admit(&start(n * 300_000, 1)), Ok(()), "{n}");
        }
        assert_eq!(gate.admit(&start(18 * SECOND, 1)), Err(12));
    }

    #[test]
    fn a_split_message_counts_twice() {
        let mut gate = Gate::new(Limits::Teams);
        for _ in 0..3 {
            assert_eq!(gate.admit(&Start { cost: 2, ..start(0, 1) }), Ok(()));
        }
        assert_eq!(gate.admit(&Start { cost: 2, ..start(0, 1) }), Err(1));
        assert_eq!(gate.admit(&start(0, 1)), Ok(()));
    }

    #[test]
    fn lifted_limits_count_violations_and_refuse_nothing() {
        let mut gate = Gate::new(Limits::Lifted);
        for n in 0..60 {
            assert_eq!(gate.admit(&start(0, n)), Ok(()));
        }
        let (_, _, stats) = gate.lanes().next().unwrap();
        assert_eq!((stats.throttled, stats.violations, stats.peak_per_second), (0, 10, 60));
    }

    #[test]
    fn an_idle_conversation_is_forgotten() {
        let mut gate = Gate::new(Limits::Lifted);
        gate.admit(&start(0, 1)).unwrap();
        gate.calls = SWEEP_EVERY - 1;
        gate.admit(&start(3_600 * SECOND, 2)).unwrap();
        assert_eq!(gate.threads.len(), 1);
    }
}
