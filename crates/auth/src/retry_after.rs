use std::time::{Duration, SystemTime};

/// Longest wait believed; more is taken for a mistake and shortened to this.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(1);

/// Reads a `Retry-After` header: seconds, or an HTTP date (RFC 9110 §5.6.7).
///
/// `None` when it is neither. A date in the past is zero; absurd waits are shortened to
/// [`LONGEST_RETRY_AFTER`].
pub fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Too many digits for a number is still "very long".
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        http_date(value)?.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(LONGEST_RETRY_AFTER))
}

/// Reads an HTTP date, in whichever of its three forms: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn http_date(text: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(text).ok()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_wait_is_read_in_seconds_and_as_a_date() {
        assert_eq!(retry_after("17", at(0)), Some(Duration::from_secs(17)));
        // The RFC's own example is 784111777 seconds after the epoch.
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", at(784_111_770)), Some(Duration::from_secs(7)));
        assert_eq!(http_date("Tue, 29 Feb 2028 23:59:59 GMT"), Some(at(1_835_481_599)));
        assert_eq!(http_date("Fri, 01 Mar 2024 00:00:00 GMT"), Some(at(1_709_251_200)));
    }

    #[test]
    fn a_past_date_is_no_wait_and_an_absurd_one_is_shortened() {
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:49:37 GMT", at(784_111_778)), Some(Duration::ZERO));
        for value in ["86400", "99999999999999999999999", "Thu, 06 Nov 2994 08:49:37 GMT"] {
            assert_eq!(retry_after(value, at(0)), Some(LONGEST_RETRY_AFTER), "{value}");
        }
    }

    #[test]
    fn what_is_neither_is_no_answer() {
        for value in [
            "",
            "soon",
            "-1",
            "1.5",
            "+3",
            "Sun, 06 Nov 94 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Foo 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET",
        ] {
            assert_eq!(retry_after(value, at(0)), None, "{value}");
        }
    }
}
