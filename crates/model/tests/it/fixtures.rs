//! The documented payloads; identities are synthetic.

use pregon_model::Activity;

/// One documented activity a line.
pub(crate) const ACTIVITIES: &str = include_str!("activities.jsonl");

pub(crate) fn activities() -> impl Iterator<Item = Activity> {
    ACTIVITIES.lines().map(|line| serde_json::from_str(line).unwrap())
}
