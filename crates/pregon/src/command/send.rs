//! `pregon send`

use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use comfy_table::{Table, presets};
use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::{End, args, output};

/// How often the outcome is asked for.
const GLANCE: Duration = Duration::from_millis(100);
/// Rows of the outcome shown to people; programs ask the API for all.
const ROWS: usize = 20;

/// Sends, and with `--wait` shows what became of it.
pub(crate) async fn run(args: args::Send) -> anyhow::Result<End> {
    let key = match &args.key {
        Some(key) => key.clone(),
        None => std::fs::read_to_string("pregon.key")
            .map(|key| key.trim().to_owned())
            .context("no API key: give --key, set PREGON_KEY, or run where `pregon init` wrote pregon.key")?,
    };
    if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        bail!("the API key holds a space, a line break or another character that no key has: give it as it was shown");
    }
    let api = Api::new(&args.server, &key)?;
    let accepted = api.post("/messages", &body(&args)?).await?;
    let id = accepted["id"].as_str().unwrap_or_default().to_owned();
    if !args.wait {
        output::line(if args.json { accepted.to_string() } else { format!("{id} accepted") });
        return Ok(End::Done);
    }
    let view = ended(&api, &id).await?;
    let deliveries = deliveries(&api, &id).await?;
    if args.json {
        let mut view = view.clone();
        view["deliveries"] = Value::Array(deliveries);
        output::line(view);
    } else {
        output::line(outcome(&view, &deliveries));
    }
    let all = view["counts"]["delivered"] == view["total"] && view["total"] != 0;
    Ok(if all { End::Done } else { End::NotDelivered })
}

fn body(args: &args::Send) -> anyhow::Result<Value> {
    let mut body = Map::new();
    body.insert("to".into(), json!(args.to));
    if let Some(text) = &args.text {
        body.insert("text".into(), json!(text));
    }
    if let Some(file) = &args.card {
        body.insert("card".into(), json_file("--card", file)?);
    }
    if let Some(file) = &args.notification {
        body.insert("notification".into(), json_file("--notification", file)?);
    }
    if let Some(topic) = &args.topic {
        body.insert("topic".into(), json!(topic));
    }
    if let Some(at) = &args.at {
        body.insert("send_at".into(), json!(at));
    }
    Ok(Value::Object(body))
}

fn json_file(flag: &str, file: &Path) -> anyhow::Result<Value> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    let text = text.with_context(|| format!("{flag} {} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{flag} {} is not JSON", file.display()))
}

/// The first deliveries, those that did not arrive before the others: they are what people look for.
async fn deliveries(api: &Api, id: &str) -> anyhow::Result<Vec<Value>> {
    let mut rows = Vec::new();
    for state in ["uncertain", "stopped", "delivered"] {
        let page = api.get(&format!("/messages/{id}/deliveries?state={state}&limit={ROWS}")).await?;
        rows.extend(page["data"].as_array().cloned().unwrap_or_default());
    }
    rows.truncate(ROWS);
    Ok(rows)
}

async fn ended(api: &Api, id: &str) -> anyhow::Result<Value> {
    let started = Instant::now();
    let bar = output::is_terminal().then(indicatif::ProgressBar::new_spinner);
    loop {
        let view = api.get(&format!("/messages/{id}")).await?;
        if matches!(view["state"].as_str(), Some("done" | "cancelled")) {
            bar.inspect(indicatif::ProgressBar::finish_and_clear);
            return Ok(view);
        }
        if let Some(bar) = &bar {
            let (state, total) = (view["state"].as_str().unwrap_or_default(), view["total"].as_u64().unwrap_or(0));
            let pending = view["counts"]["pending"].as_u64().unwrap_or(0);
            bar.set_message(format!("{state}: {} of {total}, {} s", total - pending, started.elapsed().as_secs()));
            bar.tick();
        }
        tokio::time::sleep(GLANCE).await;
    }
}

fn outcome(view: &Value, rows: &[Value]) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(["to", "outcome", "what to do"]);
    for row in rows {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let name = [&row["recipient"]["name"], &row["recipient"]["email"], &row["address"]];
        let to = name.into_iter().find_map(Value::as_str).unwrap_or_default().to_owned();
        let outcome = match row["reason"].as_str() {
            Some(reason) => format!("{}: {reason}", text(&row["state"])),
            None => text(&row["state"]),
        };
        let remedy = if row["state"] == "delivered" { String::new() } else { text(&row["remedy"]) };
        table.add_row([to, outcome, remedy]);
    }
    let total = view["total"].as_u64().unwrap_or(0);
    let delivered = view["counts"]["delivered"].as_u64().unwrap_or(0);
    let mut lines = vec![table.to_string(), format!("{delivered} of {total} delivered")];
    if usize::try_from(total).is_ok_and(|total| total > rows.len()) {
        let id = view["id"].as_str().unwrap_or_default();
        lines.push(format!("the first {} are shown; the rest: GET /api/v1/messages/{id}/deliveries", rows.len()));
    }
    lines.join("\n")
}
