use std::collections::BTreeMap;

use serde_json::Value;

use super::{Findings, check_counts};
use crate::world::World;

/// Reasons a change may stop for. The last two when the answer to the send had no id to change it by, or
/// when a deletion that was carried out without an answer is repeated: the second time Teams says 404,
/// with a code or, garbled, without.
const MAY_STOP: [&str; 4] = ["exhausted", "server_error", "activity_gone", "not_found"];

/// Checks an edit or a deletion that has ended, of a message whose texts ended with `marker`. An edit
/// makes them end with `edited`.
pub(crate) async fn check_change(world: &World, view: &Value, marker: &str, edited: Option<&str>) -> Findings {
    let mut found = Findings::default();
    let (id, of) = (view["id"].as_str().unwrap(), view["of"].as_str().unwrap());
    let rows = world.all(&format!("/messages/{id}/deliveries")).await;
    check_counts(&mut found, view, &rows);
    found.deliveries = rows.len();
    let mut by_reference = BTreeMap::<&str, Vec<&Value>>::new();
    for row in &rows {
        by_reference.entry(row["recipient"]["reference"].as_str().unwrap_or_default()).or_default().push(row);
    }
    for original in world.all(&format!("/messages/{of}/deliveries?state=delivered")).await {
        let reference = original["recipient"]["reference"].as_str().unwrap();
        let who = world.people[reference].object_id.as_str();
        let [row] = by_reference.get(reference).map_or(&[][..], Vec::as_slice) else {
            found.violations.push(format!("{id}: {who} has not exactly one change of what they received"));
            continue;
        };
        found.not_delivered += usize::from(row["state"] != "delivered");
        found.expect(row["doubted"] == false, || format!("{id}: {who}: a change is never in doubt: {row}"));
        let stopped = row["state"] == "stopped" && MAY_STOP.iter().any(|may| row["reason"] == *may);
        found.expect(row["state"] == "delivered" || stopped, || format!("{id}: {who}: not changed: {row}"));
        if row["state"] == "delivered" {
            let changed = changed(world, who, marker, edited);
            found.expect(changed, || format!("{id}: {who}: said to be changed, and is not: {row}"));
        }
    }
    found
}

/// Whether one of the person's copies was changed.
fn changed(world: &World, who: &str, marker: &str, edited: Option<&str>) -> bool {
    let text = |activity: &Value, end: &str| activity["text"].as_str().is_some_and(|text| text.ends_with(end));
    let of_person = world.log.messages.values().filter(|message| message["person"] == who);
    of_person.filter(|message| text(message["earlier"].get(0).unwrap_or(&message["activity"]), marker)).any(|message| {
        match edited {
            Some(edited) => text(&message["activity"], edited),
            None => message["deleted"] == true,
        }
    })
}
