//! Deciding anew about deliveries that had ended: sending again what failed, settling what is uncertain.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use pregon_domain::message::MessageProgress;
use pregon_domain::ports::{Ended, Verdict};
use pregon_domain::{DeliveryId, MessageId, Reason};
use serde::Serialize;

use super::view::MessageView;
use super::{find, not_purged, rest, show};
use crate::api::body::JsonObject;
use crate::api::fields::{Fields, quoted};
use crate::api::{Named, Problem};
use crate::app::App;
use crate::config::nearest;

/// Deliveries changed in one step of the store: some ten milliseconds of its writer, so that sending goes on
/// beside it.
const STEP: usize = 1_000;

/// How many deliveries were decided anew, and how their message stands.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    /// None when they had been decided before: repeating the request is safe.
    count: u64,
    message: MessageView,
}

/// `POST /api/v1/messages/{id}/resend`: deliveries that stopped for these reasons are sent again.
pub(crate) async fn resend(
    State(app): State<App>,
    Named(id): Named,
    body: JsonObject,
) -> Result<Json<Changed>, Problem> {
    let mut fields = Fields::new(body.members, &["reasons"])?;
    let named: Option<Vec<String>> = fields
        .take("reasons")
        .map_err(|problem| problem.remedy("Write a list of reasons, or leave it out for whatever failed."))?;
    let reasons = match named {
        Some(words) => read_reasons(&words)?,
        None => Reason::ALL.iter().copied().filter(|reason| reason.is_failure()).collect(),
    };
    let progress = find(&app, &id).await?;
    may_be_sent(&app, &progress)?;
    change(&app, &id, progress.message.id, &Ended::Stopped(reasons), Verdict::Send).await
}

/// `POST /api/v1/messages/{id}/decide`: what becomes of uncertain deliveries, all of them or one.
pub(crate) async fn decide(
    State(app): State<App>,
    Named(id): Named,
    body: JsonObject,
) -> Result<Json<Changed>, Problem> {
    let mut fields = Fields::new(body.members, &["verdict", "delivery"])?;
    let verdict: Verdict =
        fields.need("verdict").map_err(|problem| problem.remedy("Write send, delivered or stopped."))?;
    let delivery: Option<String> =
        fields.take("delivery").map_err(|problem| problem.remedy("Write the id of a delivery, dlv_…."))?;
    let progress = find(&app, &id).await?;
    match verdict {
        Verdict::Send => may_be_sent(&app, &progress)?,
        Verdict::Delivered | Verdict::Stopped => not_purged(&progress)?,
    }
    let message = progress.message.id;
    let which = match delivery {
        Some(delivery) => Ended::One(own_delivery(&app, message, &delivery).await?),
        None => Ended::Uncertain,
    };
    change(&app, &id, message, &which, verdict).await
}

/// The reasons of these words: failures only, as what somebody chose is not overruled by sending again.
fn read_reasons(words: &[String]) -> Result<Vec<Reason>, Problem> {
    if words.is_empty() {
        return Err(Problem::field("invalid_value", "/reasons", "reasons is empty: nothing would be sent again.")
            .remedy("Name reasons, or leave it out for whatever failed."));
    }
    let read = |(index, word): (usize, &String)| {
        let at = format!("/reasons/{index}");
        let Some(reason) = Reason::parse(word) else {
            let known = Reason::ALL.iter().map(|reason| reason.as_str());
            let remedy = match nearest(word, known) {
                Some(near) => format!("Did you mean {near}?"),
                None => "docs/outcomes.md lists the reasons there are.".to_owned(),
            };
            return Err(
                Problem::field("invalid_value", at, format!("There is no reason {}.", quoted(word))).remedy(remedy)
            );
        };
        if reason.is_failure() {
            return Ok(reason);
        }
        let detail = format!("{reason} is no failure that sending again may mend. {}", reason.explanation());
        Err(Problem::field("not_a_failure", at, detail).remedy(reason.remedy()))
    };
    words.iter().enumerate().map(read).collect()
}

/// Refuses a message of which nothing may be sent any more.
fn may_be_sent(app: &App, progress: &MessageProgress) -> Result<(), Problem> {
    if progress.cancelled {
        return Err(rest::cancelled());
    }
    not_purged(progress)?;
    let not_after = progress.message.not_after;
    if not_after <= app.clock.now() {
        let detail = format!("Nothing of the message is sent after its not_after, {not_after}.");
        return Err(Problem::new(StatusCode::CONFLICT, "message_expired", detail)
            .remedy("Send a new message to those who did not get it."));
    }
    Ok(())
}

async fn own_delivery(app: &App, message: MessageId, text: &str) -> Result<DeliveryId, Problem> {
    let found = match text.parse() {
        Ok(id) => app.store.delivery(id).await?,
        Err(_) => None,
    };
    let own = found.filter(|delivery| delivery.message == message).map(|delivery| delivery.id);
    own.ok_or_else(|| {
        let detail = format!("The message has no delivery {}.", quoted(text));
        Problem::field("unknown_delivery", "/delivery", detail)
            .remedy("Its deliveries with state=uncertain are those to decide about.")
    })
}

async fn change(
    app: &App,
    id: &str,
    message: MessageId,
    which: &Ended,
    verdict: Verdict,
) -> Result<Json<Changed>, Problem> {
    let (mut count, mut after) = (0, None);
    loop {
        let step = app.store.reconsider(message, which, verdict, after, STEP, app.clock.now()).await?;
        count += step.count;
        app.engine.wake();
        after = step.next;
        if after.is_none() {
            break;
        }
    }
    tracing::info!(message.id = %message, count, "{message}: {count} deliveries were decided anew");
    Ok(Json(Changed { count, message: show(app, find(app, id).await?).await? }))
}
