use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use jiff::{Timestamp, tz::TimeZone};

/// The emulator's clock: the wall clock is read once, then only moves forward, and can be told to run
/// ahead of it.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    epoch: Duration,
    /// How far it runs ahead, milliseconds.
    ahead_ms: AtomicU64,
}

impl Clock {
    /// Reads the wall clock: the one place where real time enters.
    #[expect(clippy::disallowed_methods, reason = "the edge: everything else takes the time from this clock")]
    pub(crate) fn start() -> Self {
        let epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), epoch, ahead_ms: AtomicU64::new(0) }
    }

    /// Lets time pass at once.
    pub(crate) fn advance(&self, by: Duration) {
        let ms = u64::try_from(by.as_millis()).unwrap_or(LONGEST_ADVANCE_MS).min(LONGEST_ADVANCE_MS);
        self.ahead_ms.fetch_add(ms, Ordering::Relaxed);
    }

    /// Microseconds since the start; never goes back.
    pub(crate) fn micros(&self) -> u64 {
        u64::try_from((self.started.elapsed() + self.ahead()).as_micros()).unwrap_or(u64::MAX)
    }

    /// Milliseconds since 1970.
    pub(crate) fn epoch_ms(&self) -> u64 {
        u64::try_from((self.epoch + self.started.elapsed() + self.ahead()).as_millis()).unwrap_or(u64::MAX)
    }

    /// Seconds since 1970 as the rest of the machine counts them, however far this clock runs ahead:
    /// for tokens that others check.
    pub(crate) fn wall_epoch_s(&self) -> u64 {
        (self.epoch + self.started.elapsed()).as_secs()
    }

    fn ahead(&self) -> Duration {
        Duration::from_millis(self.ahead_ms.load(Ordering::Relaxed))
    }

    /// Seconds since 1970, as tokens count.
    pub(crate) fn epoch_s(&self) -> u64 {
        self.epoch_ms() / 1000
    }
}

/// Most that time passes at once: ten years.
const LONGEST_ADVANCE_MS: u64 = 10 * 365 * 24 * 3_600_000;

/// `2026-09-21T14:13:20.123Z`, as Teams writes it.
pub(crate) fn utc(epoch_ms: u64) -> String {
    moment(epoch_ms).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// The same moment with the offset of an IANA zone; UTC when the zone is unknown.
pub(crate) fn local(epoch_ms: u64, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    moment(epoch_ms).to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// `2026-09-21 14:13:20Z`, as Entra writes it.
pub(crate) fn entra(epoch_ms: u64) -> String {
    moment(epoch_ms).strftime("%Y-%m-%d %H:%M:%SZ").to_string()
}

/// `Mon, 21 Sep 2026 14:13:20 GMT`, as HTTP headers write it.
pub(crate) fn http_date(epoch_ms: u64) -> String {
    moment(epoch_ms).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn moment(epoch_ms: u64) -> Timestamp {
    i64::try_from(epoch_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_is_written_as_each_service_writes_it() {
        let ms = 1_790_000_000_123;
        assert_eq!(utc(ms), "2026-09-21T14:13:20.123Z");
        assert_eq!(entra(ms), "2026-09-21 14:13:20Z");
        assert_eq!(http_date(ms), "Mon, 21 Sep 2026 14:13:20 GMT");
        assert_eq!(local(ms, "nowhere"), "2026-09-21T14:13:20.123+00:00");
    }
}
