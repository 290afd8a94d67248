//! What the benchmarks of the SDK share: ratios within one run.
//!
//! Absolute times depend on the machine and on what else it does; a ratio of two times of one run says
//! something that lasts. Each benchmark therefore measures ours and the least that could do the same, and
//! ends by printing the ratio: `cargo bench -p pregon-benches`.

use std::fs;
use std::path::PathBuf;

use criterion::Criterion;

/// Where the measurements go: read back for the ratios.
fn home() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/criterion")
}

/// Criterion, with the options of the command line.
pub fn criterion() -> Criterion {
    Criterion::default().output_directory(&home()).configure_from_args()
}

/// Prints how many times as long as `bare` the measurement `ours` of `group` took: medians of this run.
pub fn print_ratio(group: &str, ours: &str, bare: &str) {
    match (median_ns(group, ours), median_ns(group, bare)) {
        (Some(a), Some(b)) => println!("ratio  {group}: {ours} takes {:.2} times as long as {bare}", a / b),
        _ => println!("ratio  {group}: nothing was measured"),
    }
}

fn median_ns(group: &str, name: &str) -> Option<f64> {
    let file = home().join(group).join(name).join("new/estimates.json");
    let estimates: serde_json::Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}
