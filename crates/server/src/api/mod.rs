//! `/api/v1`: JSON over HTTP, bearer keys, and problems that say what to do.

mod api_keys;
mod auth;
mod body;
mod deliveries;
pub(crate) mod fields;
mod health;
mod inbound_stats;
mod installs;
mod lanes;
mod messages;
mod page;
mod path;
mod problem;
mod references;

pub(crate) use body::read as read_body;
pub(crate) use path::Named;
pub(crate) use problem::Problem;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;

/// Largest request body of the API, bytes.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;

/// Everything the server answers to.
pub(crate) fn router(app: App) -> Router {
    let authorised = Router::new()
        .route("/messages", post(messages::create).get(messages::list))
        .route("/messages/{id}", get(messages::get))
        .route("/messages/{id}/pause", post(messages::pause))
        .route("/messages/{id}/resume", post(messages::resume))
        .route("/messages/{id}/cancel", post(messages::cancel))
        .route("/messages/{id}/resend", post(messages::resend))
        .route("/messages/{id}/decide", post(messages::decide))
        .route("/messages/{id}/edit", post(messages::edit))
        .route("/messages/{id}/delete", post(messages::delete))
        .route("/messages/{id}/deliveries", get(deliveries::list))
        .route("/deliveries/{id}", get(deliveries::get))
        .route("/references", get(references::list))
        .route("/references/{id}", get(references::get))
        .route("/lanes", get(lanes::list))
        .route("/installs", post(installs::create))
        .route("/api_keys", post(api_keys::create).get(api_keys::list))
        .route("/api_keys/{id}", delete(api_keys::remove))
        .route("/inbound", get(inbound_stats::get))
        .route_layer(from_fn_with_state(app.clone(), auth::require_key));
    Router::new()
        .nest("/api/v1", authorised)
        .route("/api/messages", post(crate::inbound::receive_for_only_bot))
        .route("/api/messages/{bot}", post(crate::inbound::receive))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app)
}

async fn not_found(uri: Uri) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "no_such_path", format!("There is nothing at {}.", uri.path()))
        .remedy("Look at the path; the API is under /api/v1.")
}

async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    let detail = format!("{method} is not possible at {}.", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
        .remedy("The Allow header names the methods that are.")
}

#[expect(clippy::needless_pass_by_value, reason = "the signature the layer asks for")]
fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("no text");
    tracing::error!(panic.text = text, "a request handler broke: {text}");
    Problem::internal().into_response()
}
