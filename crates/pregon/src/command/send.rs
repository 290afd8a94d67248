//! `pregon send`

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use clap::ValueEnum;
use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::command::messages::outcome;
use crate::{End, args, output};

/// Sends, and with `--wait` shows what became of it.
pub(crate) async fn run(args: args::Send) -> anyhow::Result<End> {
    let api = Api::of(&args.remote)?;
    let accepted = api.post("/messages", &body(&args)?).await?;
    let id = accepted["id"].as_str().unwrap_or_default();
    if args.wait {
        return outcome::wait_and_show(&api, id, args.remote.json).await;
    }
    output::line(if args.remote.json { accepted.to_string() } else { format!("{id} accepted") });
    Ok(End::Done)
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
    if let Some(priority) = args.priority.as_ref().and_then(ValueEnum::to_possible_value) {
        body.insert("priority".into(), json!(priority.get_name()));
    }
    if let Some(percent) = args.canary {
        body.insert("canary".into(), json!({"percent": percent}));
    }
    if let Some(percent) = args.auto_pause {
        body.insert("auto_pause".into(), json!({"percent": percent, "after": args.auto_pause_after}));
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
