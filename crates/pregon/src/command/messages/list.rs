//! `pregon messages list`: the newest messages.

use comfy_table::{Table, presets};
use serde_json::Value;

use super::Asked;
use super::progress::Progress;
use super::show::{seconds, whom};
use crate::{End, args};

/// Characters shown of an audience.
const TO_WIDTH: usize = 40;

pub(super) async fn run(asked: &Asked, which: &args::List) -> anyhow::Result<End> {
    let limit = which.limit.to_string();
    let query = [("cursor", which.cursor.as_deref()), ("limit", Some(limit.as_str()))];
    let page = asked.api.find("/messages", &query).await?;
    Ok(asked.answer(&page, text))
}

fn text(page: &Value) -> String {
    let rows = page["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return "no messages; send one with `pregon send`".to_owned();
    }
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header([
        "message",
        "state",
        "ended",
        "delivered",
        "to",
        "created",
    ]);
    for row in rows {
        let word = |name: &str| row[name].as_str().unwrap_or_default();
        let progress = Progress::of(row);
        let state = match row["hold"]["kind"].as_str() {
            Some(kind) if kind != "paused" => format!("paused: {kind}"),
            _ => word("state").to_owned(),
        };
        let delivered = progress.delivered.to_string();
        let mut to = whom(row);
        if let Some((end, _)) = to.char_indices().nth(TO_WIDTH) {
            to.truncate(end);
            to.push('…');
        }
        table.add_row([word("id").to_owned(), state, progress.in_words(), delivered, to, seconds(word("created_at"))]);
    }
    match page["next_cursor"].as_str() {
        Some(next) => format!("{table}\nmore: --cursor {next}"),
        None => table.to_string(),
    }
}
