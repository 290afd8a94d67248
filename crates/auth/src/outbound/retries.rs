use std::time::Duration;

use super::answer::Grant;
use crate::TokenError;

/// Longest `Retry-After` obeyed within one call; a longer one is the caller's to wait for.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// How often a transient failure is tried again, and the first pause, which doubles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retries {
    pub(super) max: u32,
    pub(super) first_pause: Duration,
}

/// Makes `attempt`, again after transient failures.
pub(super) async fn retrying<F>(retries: Retries, attempt: impl Fn() -> F) -> Result<Grant, TokenError>
where
    F: Future<Output = Result<Grant, TokenError>>,
{
    let mut pause = retries.first_pause;
    let mut left = retries.max;
    loop {
        let error = match attempt().await {
            Err(error) if error.is_transient() && left > 0 => error,
            result => return result,
        };
        let asked = error.retry_after().unwrap_or(pause);
        if asked > LONGEST_PAUSE {
            return Err(error);
        }
        tracing::debug!(%error, pause_ms = asked.as_millis(), "asking for a token again");
        tokio::time::sleep(asked).await;
        left -= 1;
        pause *= 2;
    }
}
