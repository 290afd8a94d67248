use std::time::Duration;

use crate::Timestamp;

/// A limit learned from refusals: down to seven tenths at each, up again by one a second, never above
/// what is configured.
#[derive(Clone, Copy, Debug)]
pub struct Ceiling {
    configured: u32,
    lowered: Option<Lowered>,
}

#[derive(Clone, Copy, Debug)]
struct Lowered {
    to: u32,
    at: Timestamp,
    /// From when on it rises: not while the scope is closed, when nothing can be learned.
    rises_from: Timestamp,
}

impl Ceiling {
    /// Starts at what is configured.
    pub const fn new(configured: u32) -> Self {
        Self { configured, lowered: None }
    }

    /// The limit at `now`.
    pub fn at(&self, now: Timestamp) -> u32 {
        self.lowered.map_or(self.configured, |lowered| {
            let back = u32::try_from(now.since(lowered.rises_from).as_secs()).unwrap_or(u32::MAX);
            lowered.to.saturating_add(back).min(self.configured)
        })
    }

    /// Whether a refusal of a call begun at `begun` tells nothing new: it was under way when the limit
    /// was last lowered.
    pub fn knows(&self, begun: Timestamp) -> bool {
        self.lowered.is_some_and(|lowered| begun <= lowered.at)
    }

    /// The service refused, at `now`, a call begun at `begun`, and closed the scope for `rest`.
    pub fn refused(&mut self, begun: Timestamp, now: Timestamp, rest: Duration) {
        if !self.knows(begun) {
            let to = (u64::from(self.at(now)) * 7 / 10).max(1);
            self.lowered = Some(Lowered { to: u32::try_from(to).unwrap_or(u32::MAX), at: now, rises_from: now + rest });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    const NO_REST: Duration = Duration::ZERO;

    proptest! {
        #[test]
        fn a_learned_ceiling_never_exceeds_the_configured_one_and_comes_back(
            refusals in prop::collection::vec((0..5_000_i64, 0..400_i64), 0..50), configured in 1..60_u32,
        ) {
            let mut ceiling = Ceiling::new(configured);
            let mut now = 0;
            for (gap, took) in refusals {
                now += gap;
                ceiling.refused(at(now - took), at(now), NO_REST);
                prop_assert!((1..=configured).contains(&ceiling.at(at(now))));
            }
            prop_assert_eq!(ceiling.at(at(now + 60_000)), configured);
        }
    }

    #[test]
    fn refusals_of_calls_that_were_under_way_together_are_one_event() {
        let mut ceiling = Ceiling::new(50);
        ceiling.refused(at(0), at(400), NO_REST);
        ceiling.refused(at(20), at(420), NO_REST);
        assert_eq!(ceiling.at(at(500)), 35);
        assert!(ceiling.knows(at(400)) && !ceiling.knows(at(401)), "by when the call began, however late its answer");
        ceiling.refused(at(401), at(801), NO_REST);
        assert_eq!(ceiling.at(at(900)), 24);
    }

    #[test]
    fn it_rises_by_one_a_second_once_the_scope_is_open_again() {
        let mut ceiling = Ceiling::new(50);
        ceiling.refused(at(0), at(0), Duration::from_secs(30));
        assert_eq!(ceiling.at(at(30_000)), 35);
        assert_eq!(ceiling.at(at(31_000)), 36);
        assert_eq!(ceiling.at(at(90_000)), 50);
    }
}
