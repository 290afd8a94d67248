use std::time::Duration;

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use serde::Deserialize;

use super::{Answer, Failed, body, done, refuse};
use crate::{
    app::App,
    emulator::Issuer,
    faults::Fault,
    http::{Call, empty},
    limits::Limits,
    lock::lock,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Endpoint {
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLimits {
    limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rotate {
    issuer: Issuer,
}

/// How the emulator itself is to behave: endpoints, faults, limits, time, keys.
pub(super) async fn answer(app: &App, call: &Call, path: &[&str]) -> Answer {
    match (&call.method, path) {
        (&Method::DELETE, ["faults"]) => {
            app.faults.clear();
            Ok(done())
        }
        (&Method::POST, ["faults"]) => {
            app.add_fault(body::<Fault>(call)?)?;
            Ok(empty(StatusCode::CREATED))
        }
        (&Method::PUT | &Method::POST, ["apps", app_id, "endpoint"]) => {
            app.set_endpoint(app_id, &body::<Endpoint>(call)?.url)?;
            Ok(done())
        }
        (&Method::PUT | &Method::POST, ["limits"]) => {
            let new: NewLimits = body(call)?;
            lock(&app.gate).set(new.limits);
            Ok(done())
        }
        (&Method::POST, ["clock", "advance"]) => {
            app.clock.advance(Duration::from_secs(body::<Advance>(call)?.seconds));
            Ok(done())
        }
        (&Method::POST, ["keys", "rotate"]) => Ok(rotate(app, body(call)?).await),
        _ => Err(Failed::NoSuchPath),
    }
}

async fn rotate(app: &App, rotate: Rotate) -> Response {
    match app.rotate_keys(rotate.issuer).await {
        Ok(()) => done(),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, "keys", &error.to_string()),
    }
}
