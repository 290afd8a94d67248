use std::collections::VecDeque;

/// A second of the emulator's clock, which counts microseconds.
pub(super) const SECOND: u64 = 1_000_000;

/// At most `max` starts in any span of `per_s` seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) max: usize,
    pub(super) per_s: u64,
}

pub(super) const fn window(max: usize, per_s: u64) -> Window {
    Window { max, per_s }
}

/// Starts of one scope, oldest first.
#[derive(Debug, Default)]
pub(super) struct Starts(VecDeque<u64>);

impl Starts {
    /// Earliest time the next `cost` starts fit all windows; `now` or earlier when they fit already.
    pub(super) fn free_at(&self, windows: &[Window], cost: usize) -> u64 {
        let full = windows.iter().filter_map(|window| {
            let nth_last = (self.0.len() + cost).checked_sub(window.max + 1)?;
            self.0.get(nth_last.min(self.0.len().checked_sub(1)?)).map(|start| start + window.per_s * SECOND)
        });
        full.max().unwrap_or(0)
    }

    pub(super) fn note(&mut self, windows: &[Window], now: u64, cost: usize) {
        let (most, longest) = bounds(windows);
        for _ in 0..cost {
            self.0.push_back(now);
        }
        while self.0.len() > most || self.0.front().is_some_and(|start| start + longest <= now) {
            self.0.pop_front();
        }
    }

    /// Share of a window that is used.
    #[expect(clippy::cast_precision_loss, reason = "a window holds some thousands of starts at most")]
    pub(super) fn share(&self, window: Window, now: u64) -> f64 {
        let over = self.0.partition_point(|start| start + window.per_s * SECOND <= now);
        (self.0.len() - over) as f64 / window.max as f64
    }

    pub(super) fn is_stale(&self, now: u64) -> bool {
        self.0.back().is_none_or(|start| start + 3_600 * SECOND <= now)
    }
}

fn bounds(windows: &[Window]) -> (usize, u64) {
    windows.iter().fold((0, 0), |(most, longest), window| (most.max(window.max), longest.max(window.per_s * SECOND)))
}
