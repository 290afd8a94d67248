use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Json, http::HeaderValue};
use pregon_domain::MessageId;
use pregon_domain::message::Message;
use pregon_domain::ports::{Accepted, Idempotency};

use super::view::MessageView;
use crate::api::Problem;
use crate::api::auth::Caller;
use crate::app::App;
use crate::key::sha256;

/// Longest `Idempotency-Key`, characters.
const LONGEST: usize = 255;

/// Reads the `Idempotency-Key` header, if there is one. `path` and `body` are what makes a request the same.
pub(super) fn read(
    headers: &HeaderMap,
    caller: Caller,
    path: &str,
    body: &[u8],
) -> Result<Option<Idempotency>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let plain = |byte: &u8| byte.is_ascii_graphic();
    let bytes = key.as_bytes();
    if bytes.is_empty() || bytes.len() > LONGEST || !bytes.iter().all(plain) {
        let detail = "Idempotency-Key is 1 to 255 visible ASCII characters.";
        return Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_idempotency_key", detail));
    }
    let key = String::from_utf8_lossy(bytes).into_owned();
    let body_hash = sha256(&[path.as_bytes(), b"\n", body].concat());
    Ok(Some(Idempotency { owner: caller.key.to_string(), key, body_hash }))
}

/// Makes a message and accepts it, unless the same request was made before: then its answer is given
/// again, before anything of the request is checked. What was accepted stays accepted.
pub(super) async fn once(
    app: &App,
    request: Option<Idempotency>,
    make: impl AsyncFnOnce() -> Result<Message, Problem>,
) -> Result<Response, Problem> {
    if let Some(request) = &request
        && let Some(accepted) = app.store.repeated(request, app.clock.now()).await?
    {
        return answer(app, accepted, None).await;
    }
    accept(app, make().await?, request.as_ref()).await
}

/// Stores the message, or finds the one an equal request made: 202 with its address.
async fn accept(app: &App, message: Message, idempotency: Option<&Idempotency>) -> Result<Response, Problem> {
    let accepted = app.store.accept(&message, idempotency).await?;
    if accepted == Accepted::New {
        tracing::info!(message.id = %message.id, bot.name = %message.bot, "{} was accepted", message.id);
        app.engine.wake();
    }
    answer(app, accepted, Some(message.id)).await
}

/// 202 with the message: the new one, or that of the earlier request.
async fn answer(app: &App, accepted: Accepted, new: Option<MessageId>) -> Result<Response, Problem> {
    let id = match accepted {
        Accepted::New => new.ok_or_else(Problem::internal)?,
        Accepted::Same(id) => id,
        Accepted::Conflict => {
            let detail = "This Idempotency-Key was used with another request.";
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_conflict", detail)
                .remedy("Use a new key for a new request; a key is remembered for 24 hours."));
        }
    };
    let progress = app.store.message(id).await?.ok_or_else(Problem::internal)?;
    let mut response = (StatusCode::ACCEPTED, Json(MessageView::whole(progress, None))).into_response();
    let location = HeaderValue::from_str(&format!("/api/v1/messages/{id}"));
    if let Ok(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
