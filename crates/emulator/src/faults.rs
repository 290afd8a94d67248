//! Faults on demand: what a client must survive, made to happen once, n times, or for ever.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    app::App,
    clock, connector, graph,
    http::{empty, json_answer, with_header},
    listener::Cut,
    lock::lock,
    operation::Operation,
    world::PersonIx,
};

/// Longest delay a fault may cause, milliseconds.
const LONGEST_DELAY_MS: u64 = 600_000;

/// Something that is to go wrong.
///
/// Faults are looked through in the order they were added; the first that fits a call happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The calls it hits.
    pub operation: Operation,
    /// Only this conversation: a conversation id, with or without thread part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<String>,
    /// Only this person: object id, sign-in name, e-mail address or `29:` id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// How many calls it hits; absent means one, 0 means all until it is removed.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens.
    pub effect: Effect,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Hits the next call of this kind.
    pub fn next(operation: Operation, effect: Effect) -> Self {
        Self { operation, conversation: None, person: None, times: 1, effect }
    }
}

/// What happens to a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// Answered with this and not carried out.
    Answer {
        /// HTTP status.
        status: u16,
        /// The error code; absent means none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
        /// What the error says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        /// How the body is written.
        #[serde(default)]
        shape: Shape,
        /// `Retry-After`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<RetryAfter>,
    },
    /// Carried out, and the connection closed without an answer.
    LoseAnswer,
    /// Carried out after so many milliseconds.
    DelayBefore {
        /// Milliseconds, at most ten minutes.
        ms: u64,
    },
    /// Carried out at once, and answered after so many milliseconds.
    DelayAfter {
        /// Milliseconds, at most ten minutes.
        ms: u64,
    },
}

/// How an error body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// As the service writes its errors: `{"error":{"code","message"}}`.
    #[default]
    Standard,
    /// The legacy `{"errorCode":209,"message":"<JSON text>"}`.
    Legacy,
    /// An HTML page, as gateways send.
    Html,
    /// Nothing.
    Empty,
}

/// How `Retry-After` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u64),
    /// As an HTTP date so many seconds from the answer.
    Date(u64),
}

/// What a call is about: what faults for one conversation or person are matched with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Aim {
    pub(crate) conversation: Option<String>,
    pub(crate) person: Option<PersonIx>,
}

/// Whose error body a standard answer takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Entra,
    Connector,
    Graph,
}

struct Armed {
    fault: Fault,
    person: Option<PersonIx>,
}

impl Armed {
    fn fits(&self, operation: Operation, aim: &Aim) -> bool {
        let conversation = self.fault.conversation.as_deref().is_none_or(|wanted| {
            aim.conversation.as_deref().is_some_and(|id| id == wanted || id.split(";messageid=").next() == Some(wanted))
        });
        self.fault.operation == operation && conversation && (self.person.is_none() || self.person == aim.person)
    }
}

/// The faults still to happen.
#[derive(Default)]
pub(crate) struct Faults {
    armed: Mutex<Vec<Armed>>,
    // Looked at by every call, so that a run without faults takes no lock.
    count: AtomicUsize,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault, person: Option<PersonIx>) {
        let mut armed = lock(&self.armed);
        armed.push(Armed { fault, person });
        self.count.store(armed.len(), Ordering::Relaxed);
    }

    pub(crate) fn clear(&self) {
        lock(&self.armed).clear();
        self.count.store(0, Ordering::Relaxed);
    }

    /// Those still to happen, with the times that are left.
    pub(crate) fn list(&self) -> Vec<Fault> {
        lock(&self.armed).iter().map(|armed| armed.fault.clone()).collect()
    }

    fn take(&self, operation: Operation, aim: &Aim) -> Option<Effect> {
        if self.count.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let mut armed = lock(&self.armed);
        let at = armed.iter().position(|armed| armed.fits(operation, aim))?;
        let effect = armed[at].fault.effect.clone();
        match armed[at].fault.times {
            0 => {}
            1 => {
                armed.remove(at);
            }
            _ => armed[at].fault.times -= 1,
        }
        self.count.store(armed.len(), Ordering::Relaxed);
        Some(effect)
    }
}

impl App {
    /// Carries out a call, unless a fault has other plans for it.
    pub(crate) async fn with_faults(
        &self,
        cut: &Cut,
        operation: Operation,
        aim: &Aim,
        style: Style,
        commit: impl FnOnce() -> Response,
    ) -> Response {
        let Some(effect) = self.faults.take(operation, aim) else { return commit() };
        match effect {
            Effect::Answer { status, code, message, shape, retry_after } => {
                let answer = self.faulty_answer(style, shape, status, code.as_deref(), message.as_deref());
                match retry_after {
                    None => answer,
                    Some(RetryAfter::Seconds(seconds)) => with_header(answer, "retry-after", &seconds.to_string()),
                    Some(RetryAfter::Date(seconds)) => {
                        let at = self.clock.epoch_ms().saturating_add(seconds.saturating_mul(1000));
                        with_header(answer, "retry-after", &clock::http_date(at))
                    }
                }
            }
            Effect::LoseAnswer => {
                let answer = commit();
                cut.cut();
                answer
            }
            Effect::DelayBefore { ms } => {
                tokio::time::sleep(Duration::from_millis(ms.min(LONGEST_DELAY_MS))).await;
                commit()
            }
            Effect::DelayAfter { ms } => {
                let answer = commit();
                tokio::time::sleep(Duration::from_millis(ms.min(LONGEST_DELAY_MS))).await;
                answer
            }
        }
    }

    fn faulty_answer(
        &self,
        style: Style,
        shape: Shape,
        status: u16,
        code: Option<&str>,
        message: Option<&str>,
    ) -> Response {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let message = message.unwrap_or("The emulator was told to fail here.");
        match (shape, code) {
            (Shape::Empty, _) => empty(status),
            (Shape::Html, _) => {
                let page = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
                (status, axum::response::Html(page)).into_response()
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
