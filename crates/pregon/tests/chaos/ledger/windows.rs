//! Teams' limits, counted from the times at which calls arrived.
//!
//! Source: Microsoft Learn, "Optimize your bot with rate limiting in Teams".

use std::collections::BTreeMap;

use super::Findings;
use crate::world::World;

/// At most so many starts in any span of so many seconds.
type Window = (usize, u64);

const LANE: &[Window] = &[(50, 1)];
const WRITES: &[Window] = &[(7, 1), (8, 2), (60, 30), (1_800, 3_600)];
const READS: &[Window] = &[(14, 1), (16, 2), (120, 30), (3_600, 3_600)];

/// Calls that are not the Connector's: tokens and Graph have limits of their own.
fn is_connector(operation: &str) -> bool {
    matches!(operation, "create_conversation" | "send" | "update" | "delete" | "members" | "member" | "team_channels")
}

/// Checks the calls there were so far; `refused` were over a limit in this run.
pub(crate) fn check_windows(world: &World, refused: u64) -> Findings {
    let mut found = Findings { throttled: usize::try_from(refused).unwrap_or(usize::MAX), ..Findings::default() };
    found.expect(refused == 0, || format!("{refused} calls were over a limit"));
    let mut scopes = BTreeMap::<(&str, &str), Vec<u64>>::new();
    for call in &world.log.calls {
        let (operation, at) = (call["operation"].as_str().unwrap(), call["at_us"].as_u64().unwrap());
        if is_connector(operation) {
            scopes.entry(("", "")).or_default().push(at);
            let conversation = call["conversation"].as_str().unwrap_or_default();
            scopes.entry((operation, conversation)).or_default().push(at);
        }
    }
    for ((operation, conversation), mut starts) in scopes {
        starts.sort_unstable();
        let windows = match operation {
            "" => LANE,
            "members" | "member" | "team_channels" => READS,
            _ => WRITES,
        };
        for (nth, span_us) in overrun(&starts, windows) {
            found.violations.push(format!(
                "{nth} calls ({operation:?} in {conversation:?}, empty for the lane) arrived within {span_us} us"
            ));
        }
    }
    found
}

/// The first overrun of each window: how many starts within how many microseconds.
fn overrun(starts: &[u64], windows: &[Window]) -> Vec<(usize, u64)> {
    let of = |&(max, per_s): &Window| {
        let spans = starts.windows(max + 1).map(|starts| starts[max] - starts[0]);
        spans.into_iter().find(|span| *span < per_s * 1_000_000).map(|span| (max + 1, span))
    };
    windows.iter().filter_map(of).collect()
}

#[test]
fn one_start_too_many_in_a_window_is_found() {
    let second = 1_000_000;
    let mut starts: Vec<u64> = (0..60).map(|nth| nth * second / 50).collect();
    assert_eq!(overrun(&starts, LANE), []);
    starts[50] -= 1;
    assert_eq!(overrun(&starts, LANE), [(51, second - 1)]);
}
