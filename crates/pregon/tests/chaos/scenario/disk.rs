//! The store cannot be written for a while, or only slowly.

use std::process::Command;
use std::time::{Duration, Instant};

use super::Run;
use crate::ledger::{Findings, Outside, check_send};
use crate::world::World;

/// What is wrong with the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No file may grow or be written beyond its first bytes.
    Full,
    /// Another process holds the lock on writes.
    Locked,
    /// It does so most of the time, in short turns.
    Slow,
}

pub(super) async fn run(trouble: Trouble, world: &mut World, run: &mut Run) -> Findings {
    let (marker, policy) = (run.marker(), run.policy());
    let (moment, lasts) = (run.moment(world), Duration::from_millis(500 + run.chance.below(6_000)));
    let message = world.send(&marker, policy).await;
    tokio::time::sleep(moment).await;
    match trouble {
        Trouble::Full => {
            limit_files(world.server.id(), "4096");
            wait_watching(world, lasts).await;
            limit_files(world.server.id(), "unlimited");
        }
        Trouble::Locked => world.lock_store(lasts).await,
        Trouble::Slow => {
            let started = Instant::now();
            while started.elapsed() < lasts {
                world.lock_store(Duration::from_millis(50 + run.chance.below(300))).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    let view = world.ended(&message).await;
    world.read_log().await;
    // What cannot be written is written later: nothing is in doubt, as the server lived.
    check_send(world, &view, (&marker, policy), &world.log.calls[run.from..], &Outside::default()).await
}

async fn wait_watching(world: &mut World, time: Duration) {
    let started = Instant::now();
    while started.elapsed() < time {
        world.note_memory();
        assert!(world.server.ended().is_none(), "the server ended:\n{}", world.server.last_words());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Sets the most bytes a file of the process may have.
fn limit_files(pid: u32, bytes: &str) {
    // The soft limit alone, so that it can be lifted again.
    let set = Command::new("prlimit").args(["--pid", &pid.to_string(), &format!("--fsize={bytes}:")]).status();
    assert!(set.expect("prlimit runs").success(), "the limit on file sizes can be set");
}
