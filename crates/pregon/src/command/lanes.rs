//! `pregon lanes`: how each lane is doing, and why nothing moves.

use comfy_table::{Table, presets};
use serde_json::{Value, json};

use crate::api::Api;
use crate::{End, args, output};

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
    let mut closed = false;
    for lane in lanes {
        let word = |name: &str| lane[name].as_str().unwrap_or_default().to_owned();
        let rate = lane["rate_per_s"].as_u64().map_or_else(|| "no limit".to_owned(), |rate| rate.to_string());
        closed |= lane["closed_until"].is_string();
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
    if closed {
        return format!(
            "{table}\nA closed lane opens by itself: Teams asked to wait, or the bot's credentials are refused. \
             The log says which."
        );
    }
    table.to_string()
}
