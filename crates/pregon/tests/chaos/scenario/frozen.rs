//! A process stands still for a while, as a virtual machine does that is moved: the server, or Teams.

use std::time::Duration;

use super::Run;
use crate::ledger::{Findings, Outside, check_send};
use crate::world::World;

pub(super) async fn run(world: &mut World, run: &mut Run) -> Findings {
    let (marker, policy) = (run.marker(), run.policy());
    let (moment, lasts) = (run.moment(world), Duration::from_millis(200 + run.chance.below(8_000)));
    let server_freezes = run.chance.coin();
    let message = world.send(&marker, policy).await;
    tokio::time::sleep(moment).await;
    let frozen = if server_freezes { &world.server } else { &world.emulator };
    frozen.signal("STOP");
    tokio::time::sleep(lasts).await;
    frozen.signal("CONT");
    let view = world.ended(&message).await;
    world.read_log().await;
    // What was under way may have been given up before its answer was read.
    let outside = Outside { everyone: 1, ..Outside::default() };
    check_send(world, &view, (&marker, policy), &world.log.calls[run.from..], &outside).await
}
