//! A message as people look at it.

use comfy_table::{Table, presets};
use serde_json::Value;

use super::progress::Progress;
use crate::output;

/// Addresses shown of an audience.
const SHOWN: usize = 3;

fn word<'a>(view: &'a Value, name: &str) -> &'a str {
    view[name].as_str().unwrap_or_default()
}

/// State, progress, reasons with their remedies, and what goes on from here.
pub(super) fn text(view: &Value) -> String {
    let mut lines = vec![brief(view), fact("to", &whom(view))];
    if let Some(of) = view["of"].as_str() {
        lines.push(fact(&format!("{}s", word(view, "operation")), of));
    }
    lines.push(fact("created", &seconds(word(view, "created_at"))));
    if let Some(at) = view["send_at"].as_str() {
        lines.push(fact("not before", &seconds(at)));
    }
    lines.push(fact("not after", &seconds(word(view, "not_after"))));
    lines.push(fact("options", &options(view)));
    for state in ["delivered", "pending", "stopped", "uncertain"] {
        lines.push(fact(state, &view["counts"][state].to_string()));
    }
    if view["purged"] == true {
        lines.push(fact("purged", "its deliveries are gone; the counts are what is left of them"));
    }
    lines.extend(reasons(view));
    lines.extend(next(view));
    lines.join("\n")
}

/// The id, where it stands, and how far it is.
pub(super) fn brief(view: &Value) -> String {
    let progress = Progress::of(view);
    let bar = if output::is_terminal() { format!("{} ", progress.bar()) } else { String::new() };
    format!("{}  {}\n{}", word(view, "id"), state(view), fact("progress", &format!("{bar}{}", progress.in_words())))
}

/// The state, and why or how fast.
fn state(view: &Value) -> String {
    match view["hold"]["explanation"].as_str() {
        Some(why) => format!("paused: {why}"),
        None => pace(view),
    }
}

/// The state and, while it is sending, how fast it goes.
pub(super) fn pace(view: &Value) -> String {
    let rate = view["rate_per_s"].as_u64().map(|rate| format!(", up to {rate}/s"));
    let by = view["limited_by"].as_str().filter(|by| *by != "nothing").map(|by| format!(", limited by {by}"));
    format!("{}{}{}", word(view, "state"), rate.unwrap_or_default(), by.unwrap_or_default())
}

/// The first addresses of the audience, and how many more there are.
pub(super) fn whom(view: &Value) -> String {
    let to: Vec<&str> = view["to"].as_array().into_iter().flatten().filter_map(Value::as_str).take(SHOWN).collect();
    let more = view["to_total"].as_u64().unwrap_or(0).saturating_sub(to.len() as u64);
    match (to.is_empty(), more) {
        (true, _) => format!("those who have {}", word(view, "of")),
        (false, 0) => to.join(", "),
        (false, more) => format!("{} and {more} more", to.join(", ")),
    }
}

fn options(view: &Value) -> String {
    let mut options = vec![format!("priority {}", word(view, "priority")), word(view, "policy").to_owned()];
    if let Some(percent) = view["canary"]["percent"].as_u64() {
        options.push(format!("canary {percent} %"));
    }
    if let Some(percent) = view["auto_pause"]["percent"].as_u64() {
        options.push(format!("auto-pause above {percent} % after {}", view["auto_pause"]["after"]));
    }
    if let Some(topic) = view["topic"].as_str() {
        options.push(format!("topic {topic}"));
    }
    options.join(", ")
}

fn reasons(view: &Value) -> Option<String> {
    let rows = view["reasons"].as_array().filter(|rows| !rows.is_empty())?;
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(["count", "why", "what happened", "what to do"]);
    for row in rows {
        let why = format!("{}: {}", word(row, "state"), word(row, "reason"));
        table.add_row([row["count"].to_string(), why, word(row, "explanation").into(), word(row, "remedy").into()]);
    }
    Some(table.to_string())
}

/// What a person may do now, with the commands that do it.
pub(super) fn next(view: &Value) -> Vec<String> {
    let id = word(view, "id");
    let mut lines = Vec::new();
    if let Some(remedy) = view["hold"]["remedy"].as_str() {
        lines.push(remedy.to_owned());
        lines.push(format!("  go on:       pregon messages resume {id}"));
        lines.push(format!("  stop it:     pregon messages cancel {id}"));
    }
    let open = view["state"] != "cancelled" && view["purged"] != true;
    let reasons = view["reasons"].as_array().map(Vec::as_slice).unwrap_or_default();
    if open && reasons.iter().any(|row| row["failure"] == true) {
        lines.push(format!("  what failed: pregon messages resend {id}"));
    }
    if view["purged"] != true && view["counts"]["uncertain"].as_u64() > Some(0) {
        lines.push(format!("  in doubt:    pregon messages decide {id} send|delivered|stopped"));
    }
    lines
}

fn fact(name: &str, value: &str) -> String {
    format!("  {name:<11}{value}")
}

/// A time of the API without its milliseconds.
pub(super) fn seconds(time: &str) -> String {
    time.split('.').next().map(|time| format!("{}Z", time.trim_end_matches('Z'))).unwrap_or_default()
}
