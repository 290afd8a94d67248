use axum::Json;
use axum::extract::State;

use crate::app::App;
use crate::inbound::InboundSnapshot;

/// `GET /api/v1/inbound`: what Teams sent since the server started, and what was refused, by code.
pub(crate) async fn get(State(app): State<App>) -> Json<InboundSnapshot> {
    Json(app.inbound.snapshot())
}
