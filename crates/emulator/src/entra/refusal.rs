use axum::{http::StatusCode, response::Response};
use serde_json::json;

use crate::{app::App, clock, http::json_answer};

/// One refusal of the token endpoint.
pub(super) struct Aadsts {
    number: u32,
    status: StatusCode,
    error: &'static str,
    text: String,
}

impl Aadsts {
    pub(super) fn new(number: u32, status: StatusCode, error: &'static str, text: impl Into<String>) -> Self {
        Self { number, status, error, text: text.into() }
    }

    /// A field the form lacks.
    pub(super) fn missing(field: &str) -> Self {
        let text = format!("The request body must contain the following parameter: '{field}'.");
        Self::new(900_144, StatusCode::BAD_REQUEST, "invalid_request", text)
    }

    /// The client could not show that it is the app.
    pub(super) fn invalid_client(number: u32, text: impl Into<String>) -> Self {
        Self::new(number, StatusCode::UNAUTHORIZED, "invalid_client", text)
    }

    pub(super) fn answer(&self, app: &App) -> Response {
        let at = clock::entra(app.clock.epoch_ms());
        let (trace, correlation) = (app.guid(), app.guid());
        let number = self.number;
        json_answer(
            self.status,
            &json!({
                "error": self.error,
                "error_description": format!(
                    "AADSTS{number}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {at}", self.text
                ),
                "error_codes": [number],
                "timestamp": at,
                "trace_id": trace,
                "correlation_id": correlation,
                "error_uri": format!("{}/error?code={number}", app.base_url),
            }),
        )
    }
}
