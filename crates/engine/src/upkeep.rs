//! Work in the store that is no lane's: stopping what was cancelled, purging what is old. In small steps
//! with rests between them, so that sending never waits long for the writer.

use std::sync::Arc;
use std::time::Duration;

use pregon_domain::Timestamp;
use pregon_domain::ports::StoreError;
use tokio::time::Instant;

use crate::engine::Shared;

/// Deliveries changed in one step: some ten milliseconds of the store's writer.
const STEP: usize = 1_000;
/// How often old deliveries are looked for.
const PURGE_EVERY: Duration = Duration::from_mins(10);
/// Rest after the store failed.
const STORE_REST: Duration = Duration::from_secs(1);

/// Runs until the engine stops.
pub(crate) async fn run(shared: Arc<Shared>) {
    let (mut wake, mut progress) = (shared.wake.subscribe(), shared.progress.subscribe());
    let mut purge_at = Instant::now();
    while !shared.stop.is_cancelled() {
        let failed = async {
            stop_cancelled(&shared).await?;
            if Instant::now() >= purge_at {
                purge(&shared).await?;
                purge_at = Instant::now() + PURGE_EVERY;
            }
            Ok::<(), StoreError>(())
        };
        let rest_until = match failed.await {
            Ok(()) => purge_at,
            Err(error) => {
                tracing::error!(%error, "upkeep waits: {error}");
                Instant::now() + STORE_REST
            }
        };
        tokio::select! {
            () = shared.stop.cancelled() => {}
            () = tokio::time::sleep_until(rest_until) => {}
            _ = wake.changed() => {}
            _ = progress.changed() => {}
        }
    }
}

async fn stop_cancelled(shared: &Shared) -> Result<(), StoreError> {
    let mut any = false;
    while step(shared, shared.store.stop_cancelled(STEP, shared.clock.now())).await? {
        any = true;
    }
    if any {
        // Who waits for the message to end may look again.
        shared.progress.send_replace(());
    }
    Ok(())
}

async fn purge(shared: &Shared) -> Result<(), StoreError> {
    let Some(retention) = shared.config.retention else { return Ok(()) };
    let before: Timestamp = shared.clock.now() - retention;
    while step(shared, shared.store.purge(before, STEP)).await? {}
    Ok(())
}

/// Makes a step and rests as long as it took; says whether there may be another.
async fn step(shared: &Shared, work: impl Future<Output = Result<u64, StoreError>>) -> Result<bool, StoreError> {
    let started = Instant::now();
    let count = work.await?;
    if count > 0 {
        tokio::time::sleep(started.elapsed()).await;
    }
    Ok(count > 0 && !shared.stop.is_cancelled())
}
