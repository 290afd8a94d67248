//! What the crate promises, from the outside; and that the page of outcomes says what the code says.

mod pacing;

use std::fmt::Write;

use pregon_domain::Reason;
use pregon_domain::message::Hold;

const HEAD: &str = "# How a delivery ends

Every delivery is in one of four states:

| state | meaning |
|---|---|
| `pending` | waiting for its time, its turn or a retry |
| `delivered` | Teams accepted it; final |
| `stopped` | it will not be sent, and the reason says why; final |
| `uncertain` | it may have arrived, and the message (`policy: at_most_once`) wants no second copy; a person decides |

A reason is a word of this closed list, the same in API, CLI, logs and store. `throttled`, `credentials`,
`outage` and `retrying` are what a pending delivery waits for. A delivery whose attempt was ever in doubt says so
(`doubted: true`): a second copy is possible.

This page is written from `crates/domain/src/outcome.rs`; after a change there run
`UPDATE_DOCS=1 cargo test -p pregon-domain --test it`.

Resending a message sends again what stopped for a reason that says *yes*; the others are somebody's choice, or an
end that was asked for.

| reason | resent | what happened | what to do |
|---|---|---|---|
";

const HOLDS: &str = "
## Why a message rests

Nothing of a message in state `paused` is sent until it is resumed. Its `hold` says why:

| hold | what happened | what to do |
|---|---|---|
";

#[test]
fn the_page_of_outcomes_says_what_the_code_says() {
    let mut page = HEAD.to_owned();
    for reason in Reason::ALL {
        let resent = if reason.is_failure() { "yes" } else { "" };
        writeln!(page, "| `{reason}` | {resent} | {} | {} |", reason.explanation(), reason.remedy()).unwrap();
    }
    page.push_str(HOLDS);
    for hold in [Hold::Paused, Hold::Canary, Hold::Failures] {
        let word = serde_json::to_value(hold).unwrap();
        let word = word.as_str().unwrap();
        writeln!(page, "| `{word}` | {} | {} |", hold.explanation(), hold.remedy()).unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/outcomes.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        page,
        "docs/outcomes.md is stale: UPDATE_DOCS=1 cargo test -p pregon-domain --test it"
    );
}
