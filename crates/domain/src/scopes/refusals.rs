use std::time::Duration;

/// Rest after a refusal that does not say how long; doubles while refusals go on.
const FIRST_REST: Duration = Duration::from_secs(2);
const LONGEST_UNTOLD_REST: Duration = Duration::from_mins(1);
/// A shorter `Retry-After`, or one in the past, would be met by the window that was full.
const SHORTEST_REST: Duration = Duration::from_secs(1);
/// A longer `Retry-After` is taken for a mistake.
pub(super) const LONGEST_REST: Duration = Duration::from_mins(10);

/// How long a scope rests after the service refused a call with 429.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Refusals {
    /// Events since a call last succeeded.
    in_a_row: u32,
}

impl Refusals {
    /// The rest after a refusal. `is_new` when it is an event of its own, and not the answer to a call
    /// that was under way at the one before; `jitter` is a draw in `0.0..1.0`.
    pub(super) fn rest(&mut self, told: Option<Duration>, is_new: bool, jitter: f64) -> Duration {
        if is_new {
            self.in_a_row = self.in_a_row.saturating_add(1);
        }
        if let Some(told) = told {
            return told.clamp(SHORTEST_REST, LONGEST_REST);
        }
        let doubled = FIRST_REST.saturating_mul(1 << self.in_a_row.saturating_sub(1).min(16));
        // Never shorter than a rest that was doubled: other owners of the same limit are not known.
        doubled.min(LONGEST_UNTOLD_REST).mul_f64(1.0 + jitter / 4.0)
    }

    /// A call succeeded.
    pub(super) fn over(&mut self) {
        self.in_a_row = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    #[test]
    fn what_is_told_is_kept_within_reason() {
        let mut refusals = Refusals::default();
        for (told, rest) in [(S(7), S(7)), (S(0), S(1)), (S(86_400), S(600))] {
            assert_eq!(refusals.rest(Some(told), true, 0.9), rest);
        }
    }

    #[test]
    fn without_a_word_rests_grow_until_a_call_succeeds() {
        let mut refusals = Refusals::default();
        let rests: Vec<Duration> = (0..8).map(|_| refusals.rest(None, true, 0.0)).collect();
        assert_eq!(rests, [S(2), S(4), S(8), S(16), S(32), S(60), S(60), S(60)]);
        assert_eq!(refusals.rest(None, false, 0.5), S(60).mul_f64(1.125));
        refusals.over();
        assert_eq!(refusals.rest(None, true, 0.0), S(2));
    }
}
