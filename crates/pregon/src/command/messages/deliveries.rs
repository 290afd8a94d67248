//! `pregon messages deliveries`: who has a message, who has not, and why.

use comfy_table::{Table, presets};
use serde_json::Value;

use super::Asked;
use crate::{End, args};

pub(super) async fn run(asked: &Asked, which: &args::Deliveries) -> anyhow::Result<End> {
    let limit = which.limit.to_string();
    let query = [
        ("recipient", which.to.as_deref()),
        ("state", which.state.as_deref()),
        ("reason", which.reason.as_deref()),
        ("cursor", which.cursor.as_deref()),
        ("limit", Some(limit.as_str())),
    ];
    let page = asked.api.find(&format!("/messages/{}/deliveries", which.one.id), &query).await?;
    Ok(asked.answer(&page, text))
}

fn text(page: &Value) -> String {
    let rows = page["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    if rows.is_empty() {
        return "no such deliveries; an address that led to nobody is listed by --reason not_found".to_owned();
    }
    match page["next_cursor"].as_str() {
        Some(next) => format!("{}\nmore: --cursor {next}", table(rows, true)),
        None => table(rows, true),
    }
}

/// Deliveries as people read them, with the details of failures when wanted. What is to be decided about is
/// named by its id.
pub(super) fn table(rows: &[Value], details: bool) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(["to", "outcome", "what to do"]);
    for row in rows {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let name = [&row["recipient"]["name"], &row["recipient"]["email"], &row["address"]];
        let to = name.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned();
        let mut outcome = text(&row["state"]);
        if let Some(reason) = row["reason"].as_str() {
            outcome = format!("{outcome}: {reason}");
        }
        if row["state"] == "uncertain" {
            outcome = format!("{outcome}\n{}", text(&row["id"]));
        }
        if let Some(detail) = row["detail"].as_str().filter(|_| details && row["state"] != "delivered") {
            outcome = format!("{outcome}\n{detail}");
        }
        let remedy = if row["state"] == "delivered" { String::new() } else { text(&row["remedy"]) };
        table.add_row([to, outcome, remedy]);
    }
    table.to_string()
}
