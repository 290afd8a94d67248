//! Activities on their way to the bots: signed, queued, delivered with one redelivery.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use reqwest::{Client, StatusCode, Url, header};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{app::App, bot_framework::ISSUER, keys::KeyRing, lock::lock, tokens::LIFETIME_S, world::AppIx};

/// How long Teams waits for a bot.
const PATIENCE: Duration = Duration::from_secs(15);
/// Deliveries to one bot that may be under way at once.
const AT_ONCE: usize = 4;
/// A token is used again while it has this long to live, seconds.
const RENEW_BEFORE_S: u64 = 600;

/// What became of the activities sent to bots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutgoingStats {
    /// Queued, in all.
    pub queued: u64,
    /// Accepted by the bot.
    pub delivered: u64,
    /// Tried a second time.
    pub redelivered: u64,
    /// Given up after the second try.
    pub failed: u64,
    /// Dropped because the bot had no endpoint yet.
    pub without_endpoint: u64,
}

/// What a bot answered to an invoke.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BotAnswer {
    /// HTTP status; 202 when the activity was only queued (a submit is an ordinary message).
    pub status: u16,
    /// The body: JSON, or text when it is none; null when it was empty.
    pub body: Value,
}

#[derive(Default)]
struct Counters {
    queued: AtomicU64,
    delivered: AtomicU64,
    redelivered: AtomicU64,
    failed: AtomicU64,
    without_endpoint: AtomicU64,
}

struct Line {
    app_id: String,
    endpoint: Mutex<Option<Url>>,
    token: Mutex<Option<(String, u64)>>,
    queue: mpsc::UnboundedSender<Value>,
}

/// The way to the bots: one queue each.
pub(crate) struct Outgoing {
    pub(crate) keys: KeyRing,
    client: Client,
    lines: Vec<Line>,
    counters: Counters,
}

/// The receiving ends of the queues, for [`run`].
pub(crate) type Queues = Vec<mpsc::UnboundedReceiver<Value>>;

impl Outgoing {
    pub(crate) fn new(keys: KeyRing, app_ids: impl Iterator<Item = String>) -> Result<(Self, Queues), reqwest::Error> {
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent("Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)")
            .build()?;
        let (lines, queues) = app_ids
            .map(|app_id| {
                let (queue, rest) = mpsc::unbounded_channel();
                (Line { app_id, endpoint: Mutex::default(), token: Mutex::default(), queue }, rest)
            })
            .unzip();
        Ok((Self { keys, client, lines, counters: Counters::default() }, queues))
    }

    pub(crate) fn set_endpoint(&self, app: AppIx, endpoint: Url) {
        *lock(&self.lines[app.0].endpoint) = Some(endpoint);
    }

    pub(crate) fn endpoint(&self, app: AppIx) -> Option<Url> {
        lock(&self.lines[app.0].endpoint).clone()
    }

    /// Forgets signed tokens, so that the next is signed with the newest key.
    pub(crate) fn forget_tokens(&self) {
        for line in &self.lines {
            *lock(&line.token) = None;
        }
    }

    /// Queues an activity. Queues grow with what people do, never with what bots send.
    pub(crate) fn queue(&self, app: AppIx, activity: Value) {
        self.counters.queued.fetch_add(1, Ordering::Relaxed);
        if self.lines[app.0].queue.send(activity).is_err() {
            self.counters.failed.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn stats(&self) -> OutgoingStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        OutgoingStats {
            queued: read(&self.counters.queued),
            delivered: read(&self.counters.delivered),
            redelivered: read(&self.counters.redelivered),
            failed: read(&self.counters.failed),
            without_endpoint: read(&self.counters.without_endpoint),
        }
    }

    /// Whether everything queued has been delivered or given up.
    pub(crate) fn is_idle(&self) -> bool {
        let stats = self.stats();
        stats.delivered + stats.failed + stats.without_endpoint >= stats.queued
    }
}

impl OutgoingStats {
    /// Activities still on their way.
    pub fn pending(&self) -> u64 {
        self.queued.saturating_sub(self.delivered + self.failed + self.without_endpoint)
    }
}

impl App {
    /// Posts an activity to a bot and returns its answer; the text of the error says what went wrong.
    pub(crate) async fn post(&self, app: AppIx, activity: &Value) -> Result<BotAnswer, String> {
        let endpoint = self.outgoing.endpoint(app).ok_or("the bot has no endpoint yet")?;
        let token = self.bot_token(app)?;
        let text = |pointer: &str| activity.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        let response = self
            .outgoing
            .client
            .post(endpoint)
            .bearer_auth(token)
            .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
            .header("x-ms-conversation-id", text("/conversation/id"))
            .header("x-ms-tenant-id", text("/channelData/tenant/id"))
            .header("ms-cv", text("/id"))
            .body(activity.to_string())
            .send()
            .await
            .map_err(|error| error.without_url().to_string())?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.map_err(|error| error.without_url().to_string())?;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into())
        };
        Ok(BotAnswer { status, body })
    }

    fn bot_token(&self, app: AppIx) -> Result<String, String> {
        let line = &self.outgoing.lines[app.0];
        // The bot checks it against a clock of its own.
        let now = self.clock.wall_epoch_s();
        let mut kept = lock(&line.token);
        if let Some((token, expires)) = &*kept
            && now + RENEW_BEFORE_S < *expires
        {
            return Ok(token.clone());
        }
        let expires = now + LIFETIME_S;
        let claims = json!({
            "serviceurl": self.service_url(), "iss": ISSUER, "aud": line.app_id, "nbf": now, "exp": expires,
        });
        let token = self.outgoing.keys.sign(&claims).map_err(|_| "the token could not be signed")?;
        *kept = Some((token.clone(), expires));
        Ok(token)
    }

    async fn deliver(&self, app: AppIx, activity: &Value) {
        let counters = &self.outgoing.counters;
        if self.outgoing.endpoint(app).is_none() {
            counters.without_endpoint.fetch_add(1, Ordering::Relaxed);
            tracing::warn!("an activity was dropped: bot {} has no endpoint yet", self.outgoing.lines[app.0].app_id);
            return;
        }
        for attempt in 1..=2 {
            if attempt == 2 {
                counters.redelivered.fetch_add(1, Ordering::Relaxed);
            }
            match self.post(app, activity).await {
                Ok(answer) if StatusCode::from_u16(answer.status).is_ok_and(|status| status.is_success()) => {
                    counters.delivered.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                Ok(answer) => tracing::warn!(attempt, status = answer.status, "a bot refused an activity"),
                Err(error) => tracing::warn!(attempt, error, "a bot could not be reached"),
            }
        }
        counters.failed.fetch_add(1, Ordering::Relaxed);
    }
}

/// Delivers one bot's queue until the stop; a few deliveries are under way at once.
pub(crate) async fn run(app: Arc<App>, ix: AppIx, mut queue: mpsc::UnboundedReceiver<Value>, stop: CancellationToken) {
    let slots = Arc::new(Semaphore::new(AT_ONCE));
    let deliveries = TaskTracker::new();
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => None,
            next = queue.recv() => next,
        };
        let Some(activity) = next else { break };
        let slot = tokio::select! {
            () = stop.cancelled() => break,
            slot = Arc::clone(&slots).acquire_owned() => slot,
        };
        let (app, stop) = (Arc::clone(&app), stop.clone());
        deliveries.spawn(async move {
            let _slot = slot;
            tokio::select! {
                () = stop.cancelled() => {}
                () = app.deliver(ix, &activity) => app.changed(),
            }
        });
    }
    deliveries.close();
    deliveries.wait().await;
}
