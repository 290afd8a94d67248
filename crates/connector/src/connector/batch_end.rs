use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use pregon_auth::{LONGEST_RETRY_AFTER, TrustedServiceUrl};
use pregon_model::{BatchState, OperationId};

use crate::{Connector, ConnectorError, NextStep};

/// Pause when the service names none.
const PAUSE: Duration = Duration::from_secs(10);

/// Shortest pause: a service that says "now" is still asked no more than once a second.
const SHORTEST: Duration = Duration::from_secs(1);

/// Failed questions in a row before the last failure is the answer.
const TRIES: u32 = 5;

impl Connector {
    /// Waits until a batch is over and gives its last state; how many failed is in `status_map`.
    ///
    /// `sleep` is the caller's, for example `tokio::time::sleep`; pauses are those the service asks for,
    /// from a second to an hour. To give up earlier, drop the future: the batch goes on.
    ///
    /// # Errors
    ///
    /// The first error that waiting does not cure, or the fifth in a row that it should have.
    pub async fn batch_end<S: Future<Output = ()>>(
        &self,
        service_url: &TrustedServiceUrl,
        batch: &OperationId,
        sleep: impl Fn(Duration) -> S,
    ) -> Result<BatchState, ConnectorError> {
        let mut failures = 0;
        loop {
            let asked = self.batch_state(service_url, batch).await;
            failures = if asked.is_ok() { 0 } else { failures + 1 };
            match pause(&asked, failures, self.transport.now()) {
                Some(wait) => sleep(wait).await,
                None => return asked,
            }
        }
    }
}

/// How long to wait before the next question; `None` when the answer is the last.
fn pause(asked: &Result<BatchState, ConnectorError>, failures: u32, now: SystemTime) -> Option<Duration> {
    let wait = match asked {
        Ok(state) if state.state.is_over() => return None,
        Ok(state) => state.retry_after.as_deref().and_then(|at| until(at, now)),
        Err(_) if failures >= TRIES => return None,
        Err(error) => match error.next_step() {
            NextStep::Retry(wait) => wait,
            // A question changes nothing: it may be asked twice.
            NextStep::Decide => None,
            _ => return None,
        },
    };
    Some(wait.unwrap_or(PAUSE).clamp(SHORTEST, LONGEST_RETRY_AFTER))
}

/// The time left until `at`, ISO 8601; some answers leave the offset out and mean UTC.
fn until(at: &str, now: SystemTime) -> Option<Duration> {
    let at: Timestamp = at.parse().or_else(|_| format!("{at}Z").parse()).ok()?;
    Some(SystemTime::from(at).duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use pregon_model::{BatchStage, Extra};

    use super::*;
    use crate::Details;

    /// 2026-09-21T14:13:20Z.
    const NOW_S: u64 = 1_790_000_000;

    fn state(stage: &str, retry_after: Option<&str>) -> BatchState {
        BatchState {
            state: BatchStage::from(stage.to_owned()),
            status_map: [].into(),
            retry_after: retry_after.map(str::to_owned),
            total_entries_count: None,
            extra: Extra::new(),
        }
    }

    fn throttled(wait_s: u64) -> ConnectorError {
        let mut details = Details::new(429);
        details.retry_after = Some(Duration::from_secs(wait_s));
        ConnectorError::Throttled(Box::new(details))
    }

    #[test]
    fn the_pause_is_what_the_service_asks_for_within_reason() {
        let nothing = || Box::new(Details::new(0));
        for (asked, failures, want_s) in [
            (Ok(state("Ongoing", Some("2026-09-21T14:13:50Z"))), 0, Some(30)),
            (Ok(state("ongoing", Some("2026-09-21T14:13:50.1234567"))), 0, Some(30)),
            (Ok(state("Provisioning", Some("2026-09-21T14:00:00Z"))), 0, Some(1)),
            (Ok(state("Ongoing", Some("2027-01-01T00:00:00Z"))), 0, Some(3600)),
            (Ok(state("Ongoing", Some("soon"))), 0, Some(10)),
            (Ok(state("Queued", None)), 0, Some(10)),
            (Ok(state("Completed", Some("2026-09-21T14:13:50Z"))), 0, None),
            (Ok(state("FAILED", None)), 0, None),
            (Ok(state("Cancelled", None)), 0, None),
            (Err(throttled(7)), 1, Some(7)),
            (Err(ConnectorError::Transient(nothing())), 4, Some(10)),
            (Err(ConnectorError::Transient(nothing())), 5, None),
            (Err(ConnectorError::Unanswered { details: None, source: None }), 1, Some(10)),
            (Err(ConnectorError::Refused(nothing())), 1, None),
        ] {
            let now = UNIX_EPOCH + Duration::from_secs(NOW_S);
            let wait = pause(&asked, failures, now).map(|wait| wait.as_secs());
            assert_eq!(wait, want_s, "{asked:?}");
        }
    }
}
