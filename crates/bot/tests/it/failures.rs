//! What a turn survives, and what is told of one that failed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::{self, Next};
use pregon_bot::{Handler, Turn, TurnResult};
use pregon_model::ChannelAccount;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tracing::Level;

use crate::stage::{Stage, listen};

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

    async fn members_added(&self, _: &Turn, _: &[&ChannelAccount]) -> TurnResult {
        Err("no room".into())
    }

    async fn members_removed(&self, _: &Turn, _: &[&ChannelAccount]) -> TurnResult {
        panic!("the first error ends the turn")
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
    log.take();
    let came_and_left = json!({"membersAdded": [{"id": "29:boris"}], "membersRemoved": [{"id": "29:carla"}]});
    for (kind, mut more, why) in [
        ("message", json!({"text": "fail"}), "a turn failed: the tide is out: so said the pilot"),
        ("message", json!({"text": "panic"}), "a turn failed: the handler panicked"),
        ("conversationUpdate", came_and_left, "a turn failed: no room"),
    ] {
        more["id"] = json!("1790");
        stage.post(&stage.activity(kind, more)).await;
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
