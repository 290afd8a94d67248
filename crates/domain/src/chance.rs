//! Random draws from a seed, so that a run can be repeated.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use uuid::Uuid;

use crate::Timestamp;

/// A stream of random numbers: `splitmix64` over a counter, good for ids and jitter, not for secrets.
///
/// The edge seeds it from the operating system; tests and the demo give a seed of their own.
#[derive(Debug)]
pub struct Chance {
    counter: AtomicU64,
    /// Ids given out so far.
    ids: AtomicU32,
}

impl Chance {
    /// A stream that depends on `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self { counter: AtomicU64::new(seed), ids: AtomicU32::new(0) }
    }

    /// The next 64 bits.
    pub fn bits(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.counter.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A draw in `0.0..1.0`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    pub fn unit(&self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A version 7 UUID of this moment: ids sort by time, and within a millisecond in the order they
    /// were asked for.
    ///
    /// After the time come 26 bits of a counter (RFC 9562, section 6.2, method 1), then 48 random ones.
    pub fn uuid(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.as_millis()).unwrap_or(0);
        let count = self.ids.fetch_add(1, Ordering::Relaxed);
        let byte = |shift: u32| (count >> shift).to_le_bytes()[0];
        // Version and variant take the upper 4 bits of the first byte and the upper 2 of the third.
        let mut random = [byte(22) & 0x0F, byte(14), byte(8) & 0x3F, byte(0), 0, 0, 0, 0, 0, 0];
        random[4..].copy_from_slice(&self.bits().to_be_bytes()[..6]);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_a_run_and_ids_sort_by_time() {
        let (one, two) = (Chance::new(7), Chance::new(7));
        let early = Timestamp::from_millis(1_790_000_000_000);
        assert_eq!(one.uuid(early), two.uuid(early));
        let within_a_millisecond: Vec<Uuid> = (0..100_000).map(|_| one.uuid(early)).collect();
        assert!(within_a_millisecond.is_sorted());
        let late = Timestamp::from_millis(1_790_000_000_001);
        assert!(one.uuid(early) < one.uuid(late));
        assert!((0..1000).all(|_| (0.0..1.0).contains(&one.unit())));
    }
}
