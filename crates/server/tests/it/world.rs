//! A server with a database of its own, the emulator as Teams, and a client of the API.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use pregon_domain::{Chance, Clock, Timestamp};
use pregon_emulator::{AppSpec, Emulator, EmulatorConfig, PersonView, TeamView, WorldSpec};
use pregon_server::{Config, Parts, RunningServer, Server, SystemClock, bootstrap_key};
use pregon_store::cluster::Schema;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

/// Longest wait for anything; a test that needs it has failed.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    pub(crate) server: RunningServer,
    pub(crate) clock: Arc<AheadClock>,
    pub(crate) key: String,
    pub(crate) client: Client,
    _store: Box<dyn Any + Send>,
}

/// The real clock, set ahead.
#[derive(Default)]
pub(crate) struct AheadClock(AtomicU64);

impl AheadClock {
    pub(crate) fn advance(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for AheadClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) content_type: String,
    pub(crate) location: Option<String>,
    pub(crate) body: Value,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(6, "").await
    }

    /// `bot` is added to the `[[bots]]` section.
    pub(crate) async fn with(members: usize, bot: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = format!("dir = \"{}\"", dir.path().display());
        Self::build(members, bot, &store, Box::new(dir)).await
    }

    /// On PostgreSQL.
    pub(crate) async fn on_postgresql() -> Self {
        let schema = Schema::fresh();
        let store = format!("url = {:?}", schema.url());
        Self::build(6, "", &store, Box::new(schema)).await
    }

    async fn build(members: usize, bot: &str, store: &str, keep: Box<dyn Any + Send>) -> Self {
        let emulator = Emulator::start(EmulatorConfig::new(WorldSpec::demo(7, members))).await.unwrap();
        let app = emulator.apps()[0].clone();
        let text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n[store]\n{store}\n[emulator]\nbase_url = \"{}\"\n[[bots]]\ncloud = \"emulator\"\n\
             app_id = \"{}\"\nsecret = \"{}\"\nmanifest_id = \"{}\"\ntenant = \"{}\"\n{bot}\n",
            emulator.base_url(),
            app.app_id,
            app.secret,
            app.manifest_id,
            emulator.tenants()[0].id,
        );
        let config = Config::parse("test.toml", &text).unwrap();
        let clock = Arc::new(AheadClock::default());
        let opened = Parts::open(&config).await.unwrap();
        let parts = Parts {
            store: opened.store,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            chance: Arc::new(Chance::new(7)),
        };
        let key = bootstrap_key(&*parts.store, &*parts.clock, &parts.chance, "test").await.unwrap();
        let server = Server::start(config, parts).await.unwrap();
        emulator.set_bot_endpoint(&app.app_id, &format!("{}/api/messages/main", server.base_url)).unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { emulator, server, clock, key: key.expose().to_owned(), client, _store: keep }
    }

    pub(crate) fn app(&self) -> AppSpec {
        self.emulator.apps()[0].clone()
    }

    pub(crate) fn team(&self) -> TeamView {
        self.emulator.tenants()[0].teams[0].clone()
    }

    pub(crate) fn person(&self, nth: usize) -> PersonView {
        self.emulator.people()[nth].clone()
    }

    /// Puts the bot in the team and waits until the server was told and knows its people.
    pub(crate) async fn install_in_team(&self) {
        self.emulator.install_in_team(&self.app().app_id, &self.team().id).unwrap();
        self.emulator.delivered().await;
        let people = self.team().members;
        let known = |page: &Value| page["data"].as_array().unwrap().len() >= people;
        self.until("/api/v1/references?scope=personal&limit=500", known).await;
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.server.base_url));
        request = request.bearer_auth(&self.key);
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::of(request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let answer = self.call(Method::GET, path, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Sends a message; its id.
    pub(crate) async fn send(&self, body: &Value) -> String {
        let answer = self.post("/api/v1/messages", body).await;
        assert_eq!(answer.status, 202, "{}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    /// Sends a message and waits until it is done.
    pub(crate) async fn deliver(&self, body: &Value) -> Value {
        let id = self.send(body).await;
        self.done(&id).await
    }

    /// The message once every delivery of it has ended.
    pub(crate) async fn done(&self, id: &str) -> Value {
        self.until(&format!("/api/v1/messages/{id}"), |message| message["state"] == "done").await
    }

    /// Asks until the answer is as wished: the API has no signal for it.
    pub(crate) async fn until(&self, path: &str, wished: impl Fn(&Value) -> bool) -> Value {
        let mut last = Value::Null;
        let asking = async {
            loop {
                last = self.get(path).await;
                if wished(&last) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let ended = tokio::time::timeout(PATIENCE, asking).await;
        assert!(ended.is_ok(), "{path} stays {last:#}");
        last
    }

    /// Every delivery of a message.
    pub(crate) async fn deliveries(&self, id: &str) -> Vec<Value> {
        let page = self.get(&format!("/api/v1/messages/{id}/deliveries?limit=500")).await;
        page["data"].as_array().unwrap().clone()
    }

    /// What the server itself wrote, oldest first.
    pub(crate) async fn own_messages(&self) -> Vec<Value> {
        let page = self.get("/api/v1/messages?limit=500").await;
        let all = page["data"].as_array().unwrap().iter();
        all.filter(|message| message["created_by"].is_null()).cloned().rev().collect()
    }

    pub(crate) async fn references(&self, query: &str) -> Vec<Value> {
        self.get(&format!("/api/v1/references?limit=500&{query}")).await["data"].as_array().unwrap().clone()
    }

    /// Waits until the server's own messages have gone, and returns how many there are.
    pub(crate) async fn own_messages_done(&self) -> usize {
        let own = self.own_messages().await;
        for message in &own {
            self.done(message["id"].as_str().unwrap()).await;
        }
        own.len()
    }

    pub(crate) async fn stop(self) {
        assert!(self.server.stop(Duration::from_secs(10)).await, "everything ends in time");
        self.emulator.shutdown().await;
    }
}

impl Answer {
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let (content_type, location) = (header("content-type").unwrap_or_default(), header("location"));
        let status = response.status();
        let bytes = response.bytes().await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Self { status, content_type, location, body }
    }

    /// Asserts a problem of this status, code and field.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, code: &str, field: Option<&str>) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.content_type, "application/problem+json", "{}", self.body);
        assert_eq!(self.body["code"], code, "{}", self.body);
        assert_eq!(self.body["status"], status);
        assert_eq!(self.body.get("field").and_then(Value::as_str), field, "{}", self.body);
        assert!(self.body["detail"].as_str().is_some_and(|detail| detail.ends_with('.')), "{}", self.body);
    }
}

pub(crate) fn notification(topic: &str) -> Value {
    json!({
        "to": "everyone",
        "topic": topic,
        "notification": {
            "what_happened": "Deploy 12 failed",
            "result": "api-prod is still on 11",
            "triggered_by": "CI",
            "actions": [{"title": "Open", "url": "https://ci.example/12"}, {"title": "Ack", "verb": "ack"}],
        },
    })
}
