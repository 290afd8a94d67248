//! Waiting for a message, and what became of it.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::progress::Progress;
use super::{deliveries, show};
use crate::api::Api;
use crate::{End, output};

/// How often the outcome is asked for.
const GLANCE: Duration = Duration::from_millis(100);
/// A message rests when nothing of it has ended for so long: what was under way takes about a second.
const REST: Duration = Duration::from_secs(1);
/// Rows of the outcome shown to people; programs ask the API for all.
const ROWS: usize = 20;

/// Waits until every delivery of a message has ended, or it rests, and shows what became of it.
pub(crate) async fn wait_and_show(api: &Api, id: &str, json: bool) -> anyhow::Result<End> {
    let mut view = wait(api, id).await?;
    let rows = first_deliveries(api, id).await?;
    let end = match view["state"].as_str() {
        Some("paused") => End::Rests,
        _ if view["counts"]["delivered"] == view["total"] && view["total"] != 0 => End::Done,
        _ => End::NotDelivered,
    };
    if json {
        view["deliveries"] = Value::Array(rows);
        output::line(view);
    } else {
        output::line(text(&view, &rows));
    }
    Ok(end)
}

async fn wait(api: &Api, id: &str) -> anyhow::Result<Value> {
    let started = Instant::now();
    let (mut last, mut since) = (Value::Null, started);
    let bar = output::is_terminal().then(bar);
    loop {
        let view = api.get(&format!("/messages/{id}")).await?;
        let progress = Progress::of(&view);
        let ended = match view["state"].as_str() {
            Some("done") => true,
            Some("paused") if view["counts"] == last => since.elapsed() >= REST,
            // What is cancelled stops in steps.
            Some("cancelled") => progress.pending == 0,
            _ => false,
        };
        if ended {
            bar.inspect(ProgressBar::finish_and_clear);
            return Ok(view);
        }
        if view["counts"] != last {
            (last, since) = (view["counts"].clone(), Instant::now());
        }
        if let Some(bar) = &bar {
            bar.set_length(progress.total);
            bar.set_position(progress.ended);
            bar.set_message(format!("{}, {} s", show::pace(&view), started.elapsed().as_secs()));
        }
        tokio::time::sleep(GLANCE).await;
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:24.cyan/238} {pos}/{len}  {msg}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The first deliveries, those that did not arrive before the others: they are what people look for.
async fn first_deliveries(api: &Api, id: &str) -> anyhow::Result<Vec<Value>> {
    let mut rows = Vec::new();
    for state in ["uncertain", "stopped", "delivered"] {
        let page = api.get(&format!("/messages/{id}/deliveries?state={state}&limit={ROWS}")).await?;
        rows.extend(page["data"].as_array().cloned().unwrap_or_default());
    }
    rows.truncate(ROWS);
    Ok(rows)
}

fn text(view: &Value, rows: &[Value]) -> String {
    let progress = Progress::of(view);
    let mut lines = Vec::new();
    if !rows.is_empty() {
        lines.push(deliveries::table(rows, false));
    }
    lines.push(format!("{} of {} delivered", progress.delivered, progress.total));
    if !rows.is_empty() && usize::try_from(progress.total).is_ok_and(|total| total > rows.len()) {
        let id = view["id"].as_str().unwrap_or_default();
        lines.push(format!("the first {} are shown; the rest: pregon messages deliveries {id}", rows.len()));
    }
    if let Some(why) = view["hold"]["explanation"].as_str() {
        lines.push(format!("it rests: {why}"));
    }
    lines.extend(show::next(view));
    lines.join("\n")
}
