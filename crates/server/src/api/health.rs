use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::api::Problem;
use crate::app::App;

/// A store that takes longer than this does not serve.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /healthz`: the process answers.
pub(crate) async fn healthz() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

/// `GET /readyz`: the store answers, so requests can be done.
pub(crate) async fn readyz(State(app): State<App>) -> Result<Json<Value>, Problem> {
    match tokio::time::timeout(PATIENCE, app.store.next_expansion()).await {
        Ok(Ok(_)) => Ok(Json(json!({"status": "ready"}))),
        _ => Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", "The store does not answer.")
            .remedy("Look at the server's log and at the disk.")),
    }
}
