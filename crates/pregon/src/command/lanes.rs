//! `pregon lanes`: how each lane is doing, and why nothing moves.

use comfy_table::{Table, presets};
use serde_json::{Value, json};

use crate::api::Api;
use crate::{End, args, output};

/// What stops a lane, and what to do about it.
const HINTS: [(&str, &str); 3] = [
    ("closed", "Teams asked to wait; the lane opens by itself."),
    (
        "credentials",
        "Microsoft refuses the bot's credentials; correct its app id, secret or tenant and start the server again.",
    ),
    ("outage", "the service does not answer; it is tried again by itself, and no attempt is counted meanwhile."),
];

/// Shows every lane of the server's bots.
pub(crate) async fn run(args: &args::Lanes) -> anyhow::Result<End> {
    let lanes = Api::of(&args.remote)?.all("/lanes").await?;
    output::line(if args.remote.json { json!({"data": lanes}).to_string() } else { text(&lanes) });
    Ok(End::Done)
}

fn text(lanes: &[Value]) -> String {
    if lanes.is_empty() {
        return "no lanes yet: a bot has one for each tenant it has met".to_owned();
    }
    let mut table = Table::new();
    let header = ["lane", "bot", "tenant", "calls/s", "limited by", "under way", "closed until"];
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(header);
    for lane in lanes {
        let word = |name: &str| lane[name].as_str().unwrap_or_default().to_owned();
        let rate = lane["rate_per_s"].as_u64().map_or_else(|| "no limit".to_owned(), |rate| rate.to_string());
        table.add_row([
            lane["lane"].to_string(),
            word("bot"),
            word("tenant"),
            rate,
            word("limited_by"),
            lane["in_flight"].to_string(),
            word("closed_until"),
        ]);
    }
    let limits = |by: &str| lanes.iter().any(|lane| lane["limited_by"] == by);
    let hints = HINTS.into_iter().filter(|(by, _)| limits(by)).map(|(by, hint)| format!("{by}: {hint}"));
    [table.to_string()].into_iter().chain(hints).collect::<Vec<_>>().join("\n")
}
