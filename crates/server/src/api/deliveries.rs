use axum::Json;
use axum::extract::State;
use pregon_domain::directory::Scope;
use pregon_domain::message::Delivery;
use pregon_domain::ports::DeliveryFilter;
use pregon_domain::{Address, BotName, DeliveryId, DeliveryState, MessageId, Reason, ReferenceId, Timestamp};
use pregon_model::ActivityId;
use serde::{Deserialize, Serialize};

use crate::api::page::{Limit, Page, Parameters, bad_query, cursor, parameter};
use crate::api::{Named, Problem};
use crate::app::App;

/// A delivery as the API shows it.
#[derive(Debug, Serialize)]
pub(crate) struct DeliveryView {
    id: DeliveryId,
    message: MessageId,
    recipient: RecipientView,
    /// The entry of `to` it came from.
    address: String,
    state: DeliveryState,
    reason: Option<Reason>,
    explanation: Option<&'static str>,
    remedy: Option<&'static str>,
    /// Code and correlation id of the last failure.
    detail: Option<String>,
    attempts: u32,
    /// A second copy is possible.
    doubted: bool,
    due: Timestamp,
    updated_at: Option<Timestamp>,
    activity_id: Option<ActivityId>,
    /// Root message of the thread it is in.
    thread: Option<ActivityId>,
}

#[derive(Debug, Serialize)]
struct RecipientView {
    reference: Option<ReferenceId>,
    name: Option<String>,
    email: Option<String>,
    scope: Option<Scope>,
}

impl From<Delivery> for DeliveryView {
    fn from(it: Delivery) -> Self {
        Self {
            id: it.id,
            message: it.message,
            recipient: RecipientView { reference: it.reference, name: it.name, email: it.email, scope: it.scope },
            address: it.address,
            state: it.state,
            reason: it.reason,
            explanation: it.reason.map(Reason::explanation),
            remedy: it.reason.map(Reason::remedy),
            detail: it.detail,
            attempts: it.attempts,
            doubted: it.doubted,
            due: it.due,
            updated_at: it.updated_at,
            activity_id: it.activity,
            thread: it.thread_root,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    state: Option<String>,
    reason: Option<String>,
    recipient: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

/// `GET /api/v1/messages/{id}/deliveries`: who received it, who did not, and why.
pub(crate) async fn list(
    State(app): State<App>,
    Named(id): Named,
    Parameters(query): Parameters<Filter>,
) -> Result<Json<Page<DeliveryView>>, Problem> {
    let unknown = || Problem::unknown("message", &id);
    let message = id.parse::<MessageId>().map_err(|_| unknown())?;
    let limit = Limit::read(query.limit.as_deref())?;
    let states = "pending, delivered, stopped or uncertain";
    let mut filter = DeliveryFilter {
        state: parameter("state", query.state.as_deref(), DeliveryState::parse, states)?,
        reason: parameter(
            "reason",
            query.reason.as_deref(),
            Reason::parse,
            "a reason of the list in docs/outcomes.md",
        )?,
        after: cursor(query.cursor.as_deref())?,
        limit: limit.and_one(),
        reference: None,
    };
    let bot = app.store.message(message).await?.ok_or_else(unknown)?.message.bot;
    if let Some(text) = &query.recipient {
        let Some(reference) = recipient(&app, &bot, text).await? else { return Ok(Json(Page::empty())) };
        filter.reference = Some(reference);
    }
    let rows = app.store.deliveries(message, &filter).await?;
    Ok(Json(Page::new(rows, limit, |row| row.id.to_string(), DeliveryView::from)))
}

/// The reference of whom is asked for, found as the entries of `to` are; `None` when nobody is known by it.
async fn recipient(app: &App, bot: &BotName, text: &str) -> Result<Option<ReferenceId>, Problem> {
    if let Ok(id) = text.parse() {
        return Ok(Some(id));
    }
    let store = &app.store;
    let found = match text.parse() {
        Ok(Address::Email(email)) => store.find_email(bot, &email).await?,
        Ok(Address::Object(id)) => store.find_object(bot, &id).await?,
        Ok(Address::Member(id)) => store.find_member(bot, &id).await?,
        Ok(Address::Channel(id) | Address::Conversation(id)) => store.find_conversation(bot, &id.channel()).await?,
        _ => {
            let expected = "recipient is a reference id, an e-mail address, an object id or a conversation id.";
            return Err(bad_query("recipient", expected.to_owned()));
        }
    };
    Ok(found.map(|reference| reference.id))
}

/// `GET /api/v1/deliveries/{id}`.
pub(crate) async fn get(State(app): State<App>, Named(id): Named) -> Result<Json<DeliveryView>, Problem> {
    let unknown = || Problem::unknown("delivery", &id);
    let delivery = id.parse::<DeliveryId>().map_err(|_| unknown())?;
    Ok(Json(app.store.delivery(delivery).await?.ok_or_else(unknown)?.into()))
}
