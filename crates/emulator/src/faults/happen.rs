use std::time::Duration;

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use serde_json::json;

use super::{Aim, Effect, RetryAfter, Shape, Style, armed::Hit};
use crate::{
    app::App,
    clock, connector, graph,
    http::{Call, empty, json_answer, with_header},
    listener::Wire,
    operation::Operation,
};

/// Longest delay a fault may cause, milliseconds.
const LONGEST_DELAY_MS: u64 = 600_000;

/// JSON that breaks off in the middle.
const BROKEN_JSON: &str = r#"{"id": "17"#;

impl App {
    /// Carries out a call that the limits let through, unless a fault has other plans for it. What has
    /// no connection of its own has no `call`.
    pub(crate) async fn with_faults(
        &self,
        call: Option<&Call>,
        operation: Operation,
        aim: &Aim,
        style: Style,
        commit: impl FnOnce() -> Response,
    ) -> Response {
        let hit = self.faults.take(operation, aim, self.clock.micros());
        if let Some(call) = call {
            self.note_call(call, operation, aim, hit.as_ref().map(|hit| &hit.effect));
        }
        match hit {
            None => commit(),
            Some(hit) => self.happen(hit, call.map(|call| call.wire.clone()).unwrap_or_default(), style, commit).await,
        }
    }

    async fn happen(&self, hit: Hit, wire: Wire, style: Style, commit: impl FnOnce() -> Response) -> Response {
        match hit.effect {
            Effect::Answer { status, code, message, shape, retry_after } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let answer = self.faulty_answer(style, shape, status, code.as_deref(), message.as_deref());
                match retry_after {
                    Some(retry_after) => with_header(answer, "retry-after", &self.written(&retry_after)),
                    None => answer,
                }
            }
            Effect::Garble { shape } => {
                let status = commit().status();
                self.faulty_answer(style, shape, status, None, None)
            }
            Effect::LoseAnswer => {
                let answer = commit();
                wire.cut();
                answer
            }
            Effect::ResetBefore => {
                wire.reset();
                empty(StatusCode::OK)
            }
            Effect::ResetAfter => {
                let answer = commit();
                wire.reset();
                answer
            }
            Effect::HangBefore => std::future::pending().await,
            Effect::HangAfter => {
                commit();
                std::future::pending().await
            }
            Effect::DelayBefore { ms, jitter_ms } => {
                delay(ms, jitter_ms, hit.draw).await;
                commit()
            }
            Effect::DelayAfter { ms, jitter_ms } => {
                let answer = commit();
                delay(ms, jitter_ms, hit.draw).await;
                answer
            }
            Effect::Trickle { ms_per_byte } => {
                let answer = commit();
                wire.trickle(Duration::from_millis(ms_per_byte.min(LONGEST_DELAY_MS)));
                answer
            }
        }
    }

    fn written(&self, retry_after: &RetryAfter) -> String {
        match retry_after {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::Date(seconds) => {
                clock::http_date(self.clock.epoch_ms().saturating_add_signed(seconds.saturating_mul(1000)))
            }
            RetryAfter::Text(text) => text.clone(),
        }
    }

    fn faulty_answer(
        &self,
        style: Style,
        shape: Shape,
        status: StatusCode,
        code: Option<&str>,
        message: Option<&str>,
    ) -> Response {
        let message = message.unwrap_or("The emulator was told to fail here.");
        match (shape, code) {
            (Shape::Empty, _) => empty(status),
            (Shape::Html, _) => {
                let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
                (status, Html(page)).into_response()
            }
            (Shape::BrokenJson, _) => {
                (status, [("content-type", "application/json; charset=utf-8")], BROKEN_JSON).into_response()
            }
            (Shape::Legacy, code) => connector::legacy_error(status, code.unwrap_or("MessageWritesBlocked"), message),
            (Shape::Standard, None) => json_answer(status, &json!({"message": message})),
            (Shape::Standard, Some(code)) => match style {
                Style::Connector => connector::error(self, status, code, message),
                Style::Graph => graph::error(self, status, code, message, None),
                Style::Entra => {
                    json_answer(status, &json!({"error": code, "error_description": message, "error_codes": []}))
                }
            },
        }
    }
}

/// Waits `ms` and a drawn part of `jitter_ms`.
async fn delay(ms: u64, jitter_ms: u64, draw: f64) {
    let jitter = Duration::from_millis(jitter_ms.min(LONGEST_DELAY_MS)).mul_f64(draw);
    tokio::time::sleep(Duration::from_millis(ms.min(LONGEST_DELAY_MS)) + jitter).await;
}
