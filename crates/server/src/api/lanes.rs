use axum::Json;
use axum::extract::State;
use pregon_domain::{LaneId, LaneKey, Timestamp};
use serde::{Deserialize, Serialize};

use crate::api::Problem;
use crate::api::page::{Limit, Page, Parameters, parameter};
use crate::app::App;

/// How a lane is doing, as the API shows it.
#[derive(Debug, Serialize)]
pub(crate) struct LaneView {
    /// Its number, as the log has it.
    lane: i64,
    bot: String,
    tenant: String,
    /// Calls a second allowed now; `null` when limits are lifted.
    rate_per_s: Option<u32>,
    /// What keeps it from going faster; `nothing` when there is nothing to do.
    limited_by: &'static str,
    /// Calls under way.
    in_flight: usize,
    /// Closed until then: Teams asked to wait, or the bot's credentials are refused.
    closed_until: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    cursor: Option<String>,
    limit: Option<String>,
}

/// `GET /api/v1/lanes`: every lane of the configured bots, and why it is not faster.
pub(crate) async fn list(
    State(app): State<App>,
    Parameters(query): Parameters<Filter>,
) -> Result<Json<Page<LaneView>>, Problem> {
    let limit = Limit::read(query.limit.as_deref())?;
    let expected = "the next_cursor of an earlier answer";
    let after = parameter("cursor", query.cursor.as_deref(), |text| text.parse().ok().map(LaneId), expected)?;
    let mut lanes = app.store.lanes().await?;
    lanes.retain(|(id, key)| app.bots.get(key.bot.as_str()).is_some() && after.is_none_or(|after| *id > after));
    lanes.sort_by_key(|(id, _)| *id);
    lanes.truncate(limit.and_one());
    Ok(Json(Page::new(lanes, limit, |(id, _)| id.0.to_string(), |(id, key)| view(&app, id, &key))))
}

fn view(app: &App, id: LaneId, key: &LaneKey) -> LaneView {
    let status = app.engine.status(id);
    LaneView {
        lane: id.0,
        bot: key.bot.to_string(),
        tenant: key.tenant.to_string(),
        rate_per_s: status.and_then(|status| status.rate_per_s),
        limited_by: status.map_or("nothing", |status| status.limited_by.as_str()),
        in_flight: status.map_or(0, |status| status.in_flight),
        closed_until: status.and_then(|status| status.closed_for).map(|wait| app.clock.now() + wait),
    }
}
