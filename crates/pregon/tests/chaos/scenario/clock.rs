//! The server's wall clock is set forward and back while calls are refused and repeated. Needs Debian's
//! package `faketime`.
//!
//! Not far back: deliveries are due by the wall clock, never before the lane's mark, and wait so much longer.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::Run;
use crate::ledger::{Findings, Outside, check_send};
use crate::world::World;

/// In the store's directory: how far the clock is off, as libfaketime reads it.
const FILE: &str = "clock";

/// What makes the server's clock one that can be set; `None` without libfaketime.
pub(super) fn environment() -> Option<Vec<(String, String)>> {
    let library = library()?;
    let set = [
        ("LD_PRELOAD", library.to_str()?),
        ("FAKETIME_TIMESTAMP_FILE", &format!("data/{FILE}")),
        ("FAKETIME_NO_CACHE", "1"),
        // Setting the wall clock does not move the monotonic one.
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ];
    Some(set.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
}

fn library() -> Option<PathBuf> {
    let found = std::fs::read_dir("/usr/lib").ok()?.flatten();
    found.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1")).find(|path| path.exists())
}

pub(super) async fn run(world: &mut World, run: &mut Run) -> Findings {
    let (marker, policy) = (run.marker(), run.policy());
    let file = world.data().join(FILE);
    let steps_s = [7_200, 60, 5, -1, -5, -20];
    let (moment, pause) = (run.moment(world) / 2, run.moment(world) / 2);
    let message = world.send(&marker, policy).await;
    let refused = json!({"kind": "answer", "status": 503});
    let fault = json!({"operation": "send", "times": 0, "probability": 0.2, "seed": run.seed, "effect": refused});
    world.teams.post("faults", &fault).await;
    for wait in [moment, pause] {
        tokio::time::sleep(wait).await;
        step(&file, *run.chance.pick(&steps_s));
    }
    let view = world.ended(&message).await;
    world.teams.clear_faults().await;
    world.read_log().await;
    check_send(world, &view, (&marker, policy), &world.log.calls[run.from..], &Outside::default()).await
}

/// Sets the clock forward, or back, by so many seconds.
fn step(file: &Path, by_s: i64) {
    let off = std::fs::read_to_string(file).unwrap_or_default();
    let off_s = off.trim().trim_end_matches('s').parse().unwrap_or(0) + by_s;
    // The file is replaced as a whole, so that no half-written one is read.
    let new = file.with_extension("new");
    std::fs::write(&new, format!("{off_s:+}s\n")).expect("the clock's file can be written");
    std::fs::rename(&new, file).expect("the clock's file can be replaced");
}
