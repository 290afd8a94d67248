//! The documented payloads; identities are synthetic.

use pregon_model::Activity;
use serde_json::Value;

/// One activity a line: every event and message of the reference.
const ACTIVITIES: &str = include_str!("activities.jsonl");

/// One object a line, in its canonical form and with every member that has a field.
const OBJECTS: &str = include_str!("objects.jsonl");

pub(crate) fn activities() -> impl Iterator<Item = Activity> {
    ACTIVITIES.lines().map(|line| serde_json::from_str(line).unwrap())
}

/// Every document with the name of its type.
pub(crate) fn documents() -> Vec<(String, Value)> {
    let activities = ACTIVITIES.lines().map(|line| ("Activity".to_owned(), serde_json::from_str(line).unwrap()));
    let objects = OBJECTS.lines().map(|line| serde_json::from_str(line).unwrap());
    activities.chain(objects).collect()
}
