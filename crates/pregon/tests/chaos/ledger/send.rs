use std::collections::BTreeMap;

use serde_json::Value;

use super::doubt::{Doubts, Outside, doubts};
use super::{Findings, check_counts};
use crate::world::World;

/// Reasons a delivery to somebody reachable may stop for: the attempts are over, or a 500 said not to try again.
const MAY_STOP: [&str; 2] = ["exhausted", "server_error"];

/// Checks a message to everyone that has ended; `calls` are those made since it was accepted.
pub(crate) async fn check_send(
    world: &World,
    view: &Value,
    (marker, policy): (&str, &str),
    calls: &[Value],
    outside: &Outside,
) -> Findings {
    let mut found = Findings::default();
    let id = view["id"].as_str().unwrap();
    let rows = world.all(&format!("/messages/{id}/deliveries")).await;
    check_counts(&mut found, view, &rows);
    found.deliveries = rows.len();
    found.throttled = calls.iter().filter(|call| call["fault"]["status"] == 429).count();
    let mut by_person = BTreeMap::<&str, Vec<&Value>>::new();
    for row in &rows {
        match row["recipient"]["reference"].as_str().and_then(|reference| world.people.get(reference)) {
            Some(person) => by_person.entry(&person.object_id).or_default().push(row),
            None => found.violations.push(format!("{id}: a delivery to nobody: {row}")),
        }
    }
    let (copies, doubts) = (copies(world, marker), doubts(calls));
    for person in world.people.values() {
        let who = person.object_id.as_str();
        let rows = by_person.remove(who).unwrap_or_default();
        let copies = copies.get(who).copied().unwrap_or_default();
        let [row] = rows[..] else {
            found.violations.push(format!("{id}: {who} has {} deliveries", rows.len()));
            continue;
        };
        found.doubts += usize::from(row["doubted"] == true);
        found.second_copies += copies.saturating_sub(1);
        if person.guest {
            let stopped = row["state"] == "stopped" && row["reason"] == "guest";
            // A server that died does not remember that it would have written to no guest.
            let interrupted = row["state"] == "uncertain" && row["doubted"] == true && outside.of(who) > 0;
            found.expect((stopped || interrupted) && copies == 0, || {
                format!("{id}: the guest {who} has {copies} copies: {row}")
            });
            continue;
        }
        found.not_delivered += usize::from(row["state"] != "delivered");
        let doubts = doubts.get(who).copied().unwrap_or_default();
        for problem in problems(row, policy, copies, doubts, outside.of(who)) {
            found.violations.push(format!("{id}: {who}: {problem} ({copies} copies, {doubts:?}): {row}"));
        }
    }
    found
}

/// What is wrong with one person's delivery.
fn problems(row: &Value, policy: &str, copies: usize, doubts: Doubts, outside: usize) -> Vec<&'static str> {
    let doubted = row["doubted"] == true;
    let once = policy == "at_most_once";
    let most = doubts.most() + outside;
    let checks = [
        (copies > 1 + most, "more copies than doubts allow"),
        (copies > 1 && !doubted, "a second copy without a doubt"),
        (copies > 1 && once, "a second copy nobody wanted"),
        (doubts.certain > 0 && !doubted, "a doubt that is not told"),
        (doubted && most == 0, "a doubt without a cause"),
        (!once && row["state"] == "uncertain", "uncertain though it may be repeated"),
        (once && doubts.certain > 0 && row["state"] != "uncertain", "not uncertain though it must not be repeated"),
        (row["state"] == "uncertain" && !doubted, "uncertain without a doubt"),
        (row["state"] == "delivered" && copies == 0, "lost: said to be delivered"),
        (row["state"] == "stopped" && copies > 0 && !doubted, "stopped though it arrived"),
        (row["state"] == "stopped" && !MAY_STOP.iter().any(|may| row["reason"] == *may), "stopped for no reason"),
        (!["delivered", "stopped", "uncertain"].iter().any(|end| row["state"] == *end), "not ended"),
    ];
    checks.into_iter().filter(|(wrong, _)| *wrong).map(|(_, problem)| problem).collect()
}

/// Copies of a message by object id, as the emulator accepted them.
fn copies(world: &World, marker: &str) -> BTreeMap<String, usize> {
    let mut copies = BTreeMap::new();
    for message in world.log.messages.values() {
        let first = message["earlier"].get(0).unwrap_or(&message["activity"]);
        if message["written_by"].is_null() && first["text"].as_str().is_some_and(|text| text.ends_with(marker)) {
            *copies.entry(message["person"].as_str().unwrap_or_default().to_owned()).or_insert(0) += 1;
        }
    }
    copies
}
