//! What the endpoint answers, and what a turn survives.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{self, Next};
use pregon_bot::{Handler, Turn, TurnResult};
use pregon_emulator::{Emulator, EmulatorConfig, WorldSpec};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tracing::Level;

use crate::stage::{Stage, bot, listen};

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
    let stage = Stage::start(Failing::default()).await;
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
}

/// Fails or panics when it is told to.
#[derive(Clone, Default)]
struct Failing {
    messages: Arc<AtomicUsize>,
}

impl Handler for Failing {
    async fn message(&self, turn: &Turn) -> TurnResult {
        self.messages.fetch_add(1, Ordering::Relaxed);
        match turn.text().as_str() {
            "fail" => Err(Tide(std::io::Error::other("so said the pilot")).into()),
            "panic" => panic!("the tide is out"),
            _ => Ok(()),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the tide is out")]
struct Tide(#[source] std::io::Error);

#[tokio::test]
async fn an_error_or_a_panic_is_a_500_and_the_bot_goes_on() {
    let failing = Failing::default();
    let stage = Stage::start(failing.clone()).await;
    for (text, status) in [("fail", 500), ("panic", 500), ("hello", 200)] {
        let (answered, body) = stage.post(&stage.activity("message", json!({"text": text}))).await;
        assert_eq!((answered.as_u16(), body), (status, Value::Null), "{text}");
    }
    assert_eq!(failing.messages.load(Ordering::Relaxed), 3);

    stage.ada().write("fail").unwrap();
    stage.emulator.delivered().await;
    assert_eq!(failing.messages.load(Ordering::Relaxed), 5, "what failed is delivered once more");
}

/// What was logged since the last look.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_failed_turn_is_logged_once_with_its_causes() {
    let log = Log::default();
    let writer = log.clone();
    let errors = tracing_subscriber::fmt().with_max_level(Level::ERROR).with_ansi(false);
    // The whole test runs on this thread.
    let _logging = tracing::subscriber::set_default(errors.with_writer(move || writer.clone()).finish());
    let stage = Stage::start(Failing::default()).await;
    for (text, why) in
        [("fail", "a turn failed: the tide is out: so said the pilot"), ("panic", "the handler panicked")]
    {
        stage.post(&stage.activity("message", json!({"text": text, "id": "1790"}))).await;
        let logged = log.take();
        assert_eq!(logged.lines().count(), 1, "{logged}");
        assert!(logged.contains(why) && logged.contains(r#"activity.id="1790""#), "{logged}");
    }
}

/// Waits in the middle of its turn.
#[derive(Clone, Default)]
struct Slow {
    begun: Arc<Notify>,
    go_on: Arc<Notify>,
    done: Arc<Notify>,
}

impl Handler for Slow {
    async fn message(&self, _: &Turn) -> TurnResult {
        self.begun.notify_one();
        self.go_on.notified().await;
        self.done.notify_one();
        Ok(())
    }
}

/// Tells that it was dropped.
struct Dropped(Arc<Notify>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_cut_the_turn_short() {
    let (slow, gone) = (Slow::default(), Arc::new(Notify::new()));
    let mut stage = Stage::start(slow.clone()).await;
    let notice = {
        let gone = Arc::clone(&gone);
        move |request: Request, next: Next| {
            let dropped = Dropped(Arc::clone(&gone));
            async move {
                let _dropped = dropped;
                next.run(request).await
            }
        }
    };
    stage.url = listen(stage.bot.router().layer(middleware::from_fn(notice))).await;
    let activity = stage.activity("message", json!({}));
    tokio::select! {
        _ = stage.post(&activity) => panic!("the turn waits"),
        () = slow.begun.notified() => {}
    }
    gone.notified().await;
    slow.go_on.notify_one();
    let done = tokio::time::timeout(Duration::from_secs(10), slow.done.notified());
    assert!(done.await.is_ok(), "the turn was cut short");
}

#[tokio::test]
async fn a_port_in_use_is_told_with_its_address() {
    let emulator = Emulator::start(EmulatorConfig::new(WorldSpec::demo(7, 3))).await.unwrap();
    let error = bot(&emulator, Silent).serve(emulator.address()).await.unwrap_err();
    assert_eq!(error.to_string(), format!("cannot listen on {}", emulator.address()));
}
