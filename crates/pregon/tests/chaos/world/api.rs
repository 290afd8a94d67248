//! What is asked of the server's REST API and of the emulator's control API.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use super::World;

/// A message that makes no progress for so long is stuck: longer than any rest between two attempts (32 s),
/// than the rest of refused credentials (30 s), and than the store waits for its one writer (120 s) before
/// it says so in the log.
const STUCK: Duration = Duration::from_secs(150);

/// Longest wait for an answer of the control API before it is asked again.
const CONTROL_PATIENCE: Duration = Duration::from_secs(2);

/// The emulator's own account, as far as it was read.
#[derive(Default)]
pub(crate) struct Log {
    /// Calls that the limits let through, in the order they came.
    pub(crate) calls: Vec<Value>,
    /// Messages as they stand now, by number.
    pub(crate) messages: BTreeMap<u64, Value>,
    changes: u64,
    /// Calls refused as over a limit.
    pub(crate) refused: u64,
}

/// The emulator's control API.
#[derive(Clone, Debug)]
pub(crate) struct Teams {
    pub(super) http: reqwest::Client,
    pub(super) url: String,
}

impl Teams {
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.answer(self.http.get(self.at(path))).await.json().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) {
        let answer = self.answer(self.http.post(self.at(path)).json(body)).await;
        assert!(answer.status().is_success(), "{path} {body}: {}", answer.text().await.unwrap());
    }

    pub(crate) async fn clear_faults(&self) {
        self.answer(self.http.delete(self.at("faults"))).await;
    }

    fn at(&self, path: &str) -> String {
        format!("{}/_emulator/{path}", self.url)
    }

    /// Faults that hit connections hit these, too, before anything is read; and the emulator may be frozen.
    async fn answer(&self, request: RequestBuilder) -> Response {
        let mut tries = 0;
        loop {
            tries += 1;
            match request.try_clone().expect("the body is no stream").timeout(CONTROL_PATIENCE).send().await {
                Ok(answer) => return answer,
                Err(error) => assert!(tries < 20, "the emulator does not answer: {error}"),
            }
        }
    }
}

impl World {
    /// Asks the API; `None` when it does not answer as it should.
    pub(crate) async fn get(&self, path: &str) -> Option<Value> {
        let request = self.http.get(format!("{}/api/v1{path}", self.server_url)).bearer_auth(&self.key);
        request.send().await.ok()?.error_for_status().ok()?.json().await.ok()
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}/api/v1{path}", self.server_url)).bearer_auth(&self.key).json(body);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    /// Every row of a list.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}{mark}limit=500{cursor}")).await;
            let page = page.unwrap_or_else(|| panic!("{path} is not answered:\n{}", self.server.last_words()));
            rows.extend(page["data"].as_array().unwrap_or_else(|| panic!("{path}: {page}")).clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }

    /// Accepts a message to everyone, and gives its id.
    pub(crate) async fn send(&self, marker: &str, policy: &str) -> String {
        let text = format!("{{{{ recipient.name }}}} {marker}");
        let body = json!({"to": "everyone", "text": text, "format": "plain", "policy": policy});
        self.post("/messages", &body).await["id"].as_str().unwrap().to_owned()
    }

    /// Waits until every delivery of a message ended, however slow the machine is: only a message that
    /// stands still is given up.
    pub(crate) async fn ended(&mut self, id: &str) -> Value {
        let (mut seen, mut since) = (String::new(), Instant::now());
        loop {
            self.note_memory();
            if let Some(view) = self.get(&format!("/messages/{id}")).await {
                if view["state"] == "done" {
                    return view;
                }
                let stats = self.teams.get("stats").await;
                let now = format!("{} {}", view["counts"], stats["calls"]);
                if now != seen {
                    self.standstill = self.standstill.max(since.elapsed());
                    (seen, since) = (now, Instant::now());
                }
                assert!(since.elapsed() < STUCK, "{}", self.obituary(id, &view).await);
            }
            assert!(since.elapsed() < STUCK, "the server does not answer:\n{}", self.server.last_words());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// All there is to know of a message that stands still.
    async fn obituary(&self, id: &str, view: &Value) -> String {
        let pending = self.all(&format!("/messages/{id}/deliveries?state=pending")).await;
        let told: Vec<String> = pending.iter().take(5).map(Value::to_string).collect();
        let faults = self.teams.get("faults").await;
        format!(
            "stuck: {view}\n{} pending, the first: {}\nfaults: {faults}\nthe server said:\n{}",
            pending.len(),
            told.join("\n"),
            self.server.last_words()
        )
    }

    /// Reads on in the emulator's account.
    pub(crate) async fn read_log(&mut self) {
        loop {
            let page = self.teams.get(&format!("calls?after={}&limit=1000", self.log.calls.len())).await;
            let calls = page["calls"].as_array().unwrap();
            self.log.calls.extend(calls.iter().cloned());
            if calls.is_empty() {
                break;
            }
        }
        loop {
            let page = self.teams.get(&format!("messages?after={}&limit=1000", self.log.changes)).await;
            for message in page["messages"].as_array().unwrap() {
                self.log.messages.insert(message["seq"].as_u64().unwrap(), message.clone());
            }
            let next = page["next"].as_u64().unwrap();
            if next == std::mem::replace(&mut self.log.changes, next) {
                break;
            }
        }
        self.log.refused = self.teams.get("stats").await["throttled"].as_u64().unwrap();
    }
}
