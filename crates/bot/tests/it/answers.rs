//! What the endpoint answers.

use pregon_bot::Handler;
use pregon_emulator::{Emulator, EmulatorConfig, WorldSpec};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::recorder::Recorder;
use crate::stage::{Stage, bot};

/// A bot with no method of its own.
struct Silent;

impl Handler for Silent {}

#[tokio::test]
async fn a_bot_that_does_nothing_takes_everything_and_serves_no_invoke() {
    let stage = Stage::start(Silent).await;
    for kind in ["message", "conversationUpdate", "event", "typing", "suggestion"] {
        assert_eq!(stage.post(&stage.activity(kind, json!({}))).await, (StatusCode::OK, Value::Null), "{kind}");
    }
    let invoke = stage.activity("invoke", json!({"name": "task/fetch", "value": {}}));
    assert_eq!(stage.post(&invoke).await, (StatusCode::NOT_IMPLEMENTED, Value::Null));
}

#[tokio::test]
async fn what_is_no_activity_for_the_bot_is_no_turn() {
    let recorder = Recorder::default();
    let stage = Stage::start(recorder.clone()).await;
    recorder.take();
    for (status, code, more) in [
        (400, "invalid_activity", json!({"conversation": null})),
        (403, "tenant_not_allowed", json!({"channelData": {"tenant": {"id": "another"}}})),
        (401, "service_url_mismatch", json!({"serviceUrl": "https://evil.example/"})),
    ] {
        let (answered, body) = stage.post(&stage.activity("message", more)).await;
        assert_eq!((answered.as_u16(), &body["code"]), (status, &json!(code)), "{body}");
    }
    let unsigned = stage.client.post(&stage.url).json(&stage.activity("message", json!({}))).send().await.unwrap();
    assert_eq!(unsigned.status(), StatusCode::UNAUTHORIZED);
    let read = stage.client.get(&stage.url).send().await.unwrap();
    assert_eq!(read.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(recorder.take(), Vec::<String>::new());
}

#[tokio::test]
async fn a_port_in_use_is_told_with_its_address() {
    let emulator = Emulator::start(EmulatorConfig::new(WorldSpec::demo(7, 3))).await.unwrap();
    let error = bot(&emulator, Silent).serve(emulator.address()).await.unwrap_err();
    assert_eq!(error.to_string(), format!("cannot listen on {}", emulator.address()));
}
