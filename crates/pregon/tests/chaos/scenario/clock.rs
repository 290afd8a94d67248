//! The server's wall clock is set forward and back. Needs Debian's package `faketime`.

use std::path::{Path, PathBuf};

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
    let steps_s: Vec<i64> = vec![30, 3_600, 7 * 3_600, -5, -20, 0];
    let (first, second) = (*run.chance.pick(&steps_s), *run.chance.pick(&steps_s));
    let (moment, pause) = (run.moment(world) / 2, run.moment(world) / 2);
    let message = world.send(&marker, policy).await;
    for (wait, off_s) in [(moment, first), (pause, second)] {
        tokio::time::sleep(wait).await;
        set_clock(&world.data().join(FILE), off_s);
    }
    let view = world.ended(&message).await;
    set_clock(&world.data().join(FILE), 0);
    world.read_log().await;
    check_send(world, &view, (&marker, policy), &world.log.calls[run.from..], &Outside::default()).await
}

/// Replaces the file as a whole, so that no half-written one is read.
fn set_clock(file: &Path, off_s: i64) {
    let new = file.with_extension("new");
    std::fs::write(&new, format!("{off_s:+}s\n")).expect("the clock's file can be written");
    std::fs::rename(&new, file).expect("the clock's file can be replaced");
}
