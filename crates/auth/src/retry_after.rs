use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Longest wait believed; more is taken for a mistake and shortened to this.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(1);

/// Reads a `Retry-After` header: seconds, or an HTTP date (RFC 9110 §5.6.7, the fixed-length form).
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

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Reads an HTTP date of the fixed-length form: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub fn http_date(text: &str) -> Option<SystemTime> {
    let (_, rest) = text.split_once(", ")?;
    let [day, month, year, time, "GMT"] = rest.split(' ').collect::<Vec<_>>()[..] else { return None };
    let [hour, minute, second] = time.split(':').map(|part| number(part, 2)).collect::<Option<Vec<_>>>()?[..] else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == month)?;
    let (day, year) = (number(day, 2)?, number(year, 4)?);
    if !(1970..=9999).contains(&year) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days_before_year(year) + days_before_month(year, month) + day - 1;
    UNIX_EPOCH.checked_add(Duration::from_secs(((days * 24 + hour) * 60 + minute) * 60 + second))
}

fn number(text: &str, digits: usize) -> Option<u64> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Days from 1970-01-01 to January the 1st of `year`.
fn days_before_year(year: u64) -> u64 {
    let leap_days = |year: u64| year / 4 - year / 100 + year / 400;
    (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969)
}

/// Days of `year` before its month number `month`, counted from zero.
fn days_before_month(year: u64, month: usize) -> u64 {
    const BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    BEFORE[month] + u64::from(leap && month > 1)
}

#[cfg(test)]
mod tests {
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
        for value in ["86400", "99999999999999999999999", "Sun, 06 Nov 2994 08:49:37 GMT"] {
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
