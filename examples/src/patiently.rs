use std::time::Duration;

use pregon_connector::ConnectorError;
use tokio::time::sleep;

/// The wait after a throttle for which Teams names no time.
const UNTOLD: Duration = Duration::from_secs(2);

/// Makes a call, and makes it again as long as Teams throttles it, each time after the wait Teams asks for.
///
/// Teams takes 50 calls a second of one bot in one tenant. A throttled call did nothing, so it is safe to
/// repeat whatever it is.
pub async fn patiently<T, F>(call: impl Fn() -> F) -> Result<T, ConnectorError>
where
    F: IntoFuture<Output = Result<T, ConnectorError>>,
{
    loop {
        match call().await {
            Err(ConnectorError::Throttled(details)) => sleep(details.retry_after.unwrap_or(UNTOLD)).await,
            result => return result,
        }
    }
}
