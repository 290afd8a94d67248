//! Runs scenarios, prints a line for each run and a table at the end.

use std::time::{Duration, Instant};

use crate::ledger::Findings;
use crate::scenario::Scenario;
use crate::world::World;

/// Growth of the server's memory that a run may cause against the first runs, megabytes: a leak of one
/// kilobyte a delivery shows in a hundred runs.
const GROWTH_MB: u64 = 24;
/// Runs until caches are warm and the allocator has settled.
const WARM_RUNS: u64 = 3;

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pub(crate) people: usize,
    pub(crate) runs: u64,
    /// Of the first run; the following ones count up.
    pub(crate) seed: u64,
}

/// One scenario's line of the table.
pub(crate) struct Row {
    name: &'static str,
    /// `None` when it could not be run on this machine.
    runs: Option<u64>,
    found: Findings,
    peak_mb: u64,
}

/// Runs a scenario as often as told.
pub(crate) async fn run(scenario: Scenario, extent: Extent) -> Row {
    let name = scenario.name;
    let mut row = Row { name, runs: None, found: Findings::default(), peak_mb: 0 };
    let Some(mut world) = scenario.world(extent.people).await else {
        println!("{name}: not run, this machine lacks what it needs");
        return row;
    };
    let mut warm_mb = 0;
    for nth in 0..extent.runs {
        let seed = extent.seed + nth;
        let started = Instant::now();
        let mut found = scenario.run(&mut world, seed).await;
        let peak_mb = world.take_peak_mb();
        row.peak_mb = row.peak_mb.max(peak_mb);
        if nth < WARM_RUNS {
            warm_mb = warm_mb.max(peak_mb);
        } else if peak_mb > warm_mb + GROWTH_MB {
            found.violations.push(format!("memory grew from {warm_mb} to {peak_mb} MiB"));
        }
        let times = (started.elapsed(), world.take_standstill());
        tell(name, seed, &found, peak_mb, times, &world);
        row.found.add(found);
        row.runs = Some(nth + 1);
    }
    row
}

fn tell(name: &str, seed: u64, found: &Findings, peak_mb: u64, times: (Duration, Duration), world: &World) {
    println!(
        "{name} {seed}: {} deliveries, {} not delivered, {} doubts, {} second copies, {} x 429, {peak_mb} MiB, \
         {:.1} s, the longest standstill {:.1} s",
        found.deliveries,
        found.not_delivered,
        found.doubts,
        found.second_copies,
        found.throttled,
        times.0.as_secs_f64(),
        times.1.as_secs_f64()
    );
    for violation in found.violations.iter().take(10) {
        println!("  VIOLATION {violation}");
    }
    if !found.violations.is_empty() {
        println!("  again: scripts/chaos {name} 1 {seed}\n{}", world.server.last_words());
    }
}

/// Prints the table, and fails when something was violated.
pub(crate) fn conclude(rows: &[Row]) {
    println!(
        "\n{:<14} {:>5} {:>11} {:>13} {:>7} {:>14} {:>6} {:>8} {:>11}",
        "scenario", "runs", "deliveries", "not delivered", "doubts", "second copies", "429s", "peak MiB", "violations"
    );
    for Row { name, runs, found, peak_mb } in rows {
        let runs = runs.map_or_else(|| "none".to_owned(), |runs| runs.to_string());
        println!(
            "{name:<14} {runs:>5} {:>11} {:>13} {:>7} {:>14} {:>6} {peak_mb:>8} {:>11}",
            found.deliveries,
            found.not_delivered,
            found.doubts,
            found.second_copies,
            found.throttled,
            found.violations.len()
        );
    }
    let violated: Vec<&str> = rows.iter().filter(|row| !row.found.violations.is_empty()).map(|row| row.name).collect();
    assert!(violated.is_empty(), "violations in {}", violated.join(", "));
}
