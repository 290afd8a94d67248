//! SIGTERM while a message goes out.

use std::time::Duration;

use super::Run;
use crate::ledger::{Findings, Outside, check_send};
use crate::world::World;

/// What is under way may take 20 s; the rest is for a busy machine.
const LONGEST_END: Duration = Duration::from_secs(30);

pub(super) async fn run(world: &mut World, run: &mut Run) -> Findings {
    let (marker, policy) = (run.marker(), run.policy());
    let moment = run.moment(world);
    let message = world.send(&marker, policy).await;
    tokio::time::sleep(moment).await;
    world.server.signal("TERM");
    let status = world.server.wait(LONGEST_END).await;
    let status = status.unwrap_or_else(|| panic!("it does not end on SIGTERM:\n{}", world.server.last_words()));
    assert!(status.success(), "{status}:\n{}", world.server.last_words());
    world.restart().await;
    let view = world.ended(&message).await;
    world.read_log().await;
    // An orderly end leaves nothing in doubt.
    check_send(world, &view, (&marker, policy), &world.log.calls[run.from..], &Outside::default()).await
}
