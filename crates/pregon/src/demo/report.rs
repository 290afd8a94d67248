//! The end of the story: outcomes by reason, and whether the two programs agree.

use std::collections::BTreeMap;
use std::time::Duration;

use comfy_table::{Table, presets};
use serde_json::{Value, json};

use super::ledger::{Audit, audit};
use super::story::Told;
use crate::local::LocalWorld;

/// What the story came to.
pub(crate) struct Report {
    audit: Audit,
    surprises: Vec<String>,
    rows: Vec<(String, u64, String)>,
    members: usize,
    reachable: usize,
    delivered: u64,
    skipped: BTreeMap<String, u64>,
    created_conversations: u64,
    throttled: u64,
    violations: u64,
    peak_rate_per_s: usize,
    elapsed: Duration,
}

impl Report {
    /// Compares what the server said with what the emulator received.
    pub(crate) fn new(world: &LocalWorld, told: &Told, elapsed: Duration) -> Self {
        let stats = world.emulator.stats();
        let mut skipped = BTreeMap::new();
        for (reason, count) in told.messages.iter().flat_map(|message| &message.stopped) {
            *skipped.entry(reason.clone()).or_insert(0) += count;
        }
        let row = |message: &super::ledger::Expected| {
            let stopped = message.stopped.iter().map(|(reason, count)| format!("{count} {reason}"));
            (message.title.clone(), message.delivered, stopped.collect::<Vec<_>>().join(", "))
        };
        Self {
            audit: audit(&told.messages, &world.messages()),
            surprises: told.surprises.clone(),
            rows: told.messages.iter().map(row).collect(),
            members: told.members,
            reachable: told.reachable,
            delivered: told.messages.iter().map(|message| message.delivered).sum(),
            skipped,
            created_conversations: world.personal_conversations_created(),
            throttled: stats.throttled,
            violations: stats.violations,
            peak_rate_per_s: stats.peak_per_second,
            elapsed,
        }
    }

    /// Whether the server's account and the emulator's are the same, and every limit was kept.
    pub(crate) fn agrees(&self) -> bool {
        self.audit == Audit::default() && self.surprises.is_empty() && self.throttled == 0 && self.violations == 0
    }

    /// One object for programs.
    pub(crate) fn json(&self) -> Value {
        json!({
            "members": self.members,
            "reachable": self.reachable,
            "messages": self.rows.len(),
            "delivered": self.delivered,
            "duplicates": self.audit.duplicates,
            "lost": self.audit.lost,
            "skipped": self.skipped,
            "created_conversations": self.created_conversations,
            "throttled": self.throttled,
            "elapsed_s": (self.elapsed.as_secs_f64() * 1_000.0).round() / 1_000.0,
            "peak_rate_per_s": self.peak_rate_per_s,
        })
    }

    /// A table for people.
    pub(crate) fn text(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED).set_header(["message", "delivered", "skipped, by reason"]);
        for (title, delivered, stopped) in &self.rows {
            table.add_row([title.clone(), delivered.to_string(), stopped.clone()]);
        }
        let skipped: Vec<String> = self.skipped.iter().map(|(reason, count)| format!("{count} {reason}")).collect();
        table.add_row(["all".to_owned(), self.delivered.to_string(), skipped.join(", ")]);
        let mut lines = vec![String::new(), table.to_string()];
        lines.push(format!(
            "{} messages, {} deliveries in {:.1} s; at most {} calls in any second (Teams allows 50), {} refused with 429.",
            self.rows.len(),
            self.delivered,
            self.elapsed.as_secs_f64(),
            self.peak_rate_per_s,
            self.throttled
        ));
        lines.extend(self.audit.complaints.iter().chain(&self.surprises).map(|complaint| format!("! {complaint}")));
        lines.push(if self.agrees() {
            "The emulator received exactly what the server says it delivered.".to_owned()
        } else {
            format!(
                "The two do not agree: {} duplicates, {} lost, {} limits exceeded.",
                self.audit.duplicates, self.audit.lost, self.violations
            )
        });
        lines.join("\n")
    }
}
