//! Chaos: the real server against the real emulator while things go wrong, and a ledger that checks what
//! came of it.
//!
//! The short form is the ordinary tests here: a run or two of everything. `scripts/chaos` runs as much
//! as you like of any scenario; what failed is repeated with the seed it printed.

mod chance;
mod ledger;
mod process;
mod report;
mod scenario;
mod world;

use report::{Extent, conclude};
use scenario::{ALL, Scenario};

/// Runs scenarios side by side, each in a world of its own: they mostly wait.
async fn briefly(names: &[&str], extent: Extent) {
    let runs = names.iter().map(|name| report::run(Scenario::named(name), extent));
    conclude(&futures_util::future::join_all(runs).await);
}

/// Both policies.
const SHORT: Extent = Extent { people: 40, runs: 2, seed: 1 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_and_unavailable_services_lose_nobody() {
    briefly(&["throttled", "unavailable", "gateways", "tokens_down"], SHORT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_without_an_answer_are_doubted_and_no_others() {
    briefly(&["lost_answers", "resets", "hung", "connections"], SHORT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_and_garbled_answers_lose_nobody() {
    briefly(&["slow", "trickled", "garbled", "everything"], SHORT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_full_locked_or_slow_loses_nothing_and_doubts_nothing() {
    briefly(&["store_full", "store_locked", "store_slow"], SHORT).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_ends_freezes_and_clock_steps_lose_nothing_and_repeat_nothing_settled() {
    briefly(&["kill", "terminate", "frozen", "clock"], SHORT).await;
}

/// The long form: `PREGON_CHAOS_SCENARIO` (a name or `all`), `_RUNS`, `_SEED`, `_PEOPLE`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "as long as it is told: scripts/chaos"]
async fn the_long_form() {
    let text = |name: &str| std::env::var(format!("PREGON_CHAOS_{name}")).ok();
    let number = |name: &str, default| text(name).map_or(default, |text| text.parse().expect("a number"));
    let scenarios = match text("SCENARIO").as_deref() {
        None | Some("all") => ALL.to_vec(),
        Some(name) => vec![Scenario::named(name)],
    };
    let people = usize::try_from(number("PEOPLE", 300)).expect("a few hundred");
    let extent = Extent { people, runs: number("RUNS", 10), seed: number("SEED", 1) };
    let mut rows = Vec::new();
    for scenario in scenarios {
        rows.push(report::run(scenario, extent).await);
    }
    conclude(&rows);
}
