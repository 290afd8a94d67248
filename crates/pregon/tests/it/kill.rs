//! kill -9 at random moments of a message to 500 people, with the real binary and the real limits.
//!
//! `PREGON_KILL_RUNS` says how often (3 by default; `scripts/kill` asks for 25), `PREGON_KILL_SEED` repeats
//! the moments of an earlier run.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use pregon_domain::ports::{DeliveryFilter, DirectoryStore, MessageStore};
use pregon_domain::{Chance, DeliveryState, MessageId};
use pregon_store::SqliteStore;
use serde_json::{Value, json};

use crate::process::{self, Running, free_port};

const MEMBERS: usize = 500;
/// A message to 500 known conversations takes ten seconds at 50 a second.
const LATEST_KILL_MS: u64 = 10_500;

struct Setup {
    dir: tempfile::TempDir,
    http: reqwest::Client,
    server: String,
    emulator: String,
    key: String,
    /// Object ids by reference.
    people: BTreeMap<String, String>,
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_at_any_moment_loses_nothing_and_repeats_nothing_that_was_settled() {
    let runs = number("PREGON_KILL_RUNS").unwrap_or(3);
    let seed = number("PREGON_KILL_SEED").unwrap_or(1);
    let chance = Chance::new(seed);
    let mut setup = Setup::new();
    let _emulator = Running::start(setup.dir.path(), &["emulator"], "emulator listens on");
    let mut server = setup.serve();
    setup.install().await;
    // The chats are created by a first message, so that every run is 500 sends.
    let first = setup.send("no. 0;").await;
    setup.ended(&first).await;
    let mut doubted_in_all = 0;
    for run in 1..=runs {
        let moment = Duration::from_millis(chance.bits() % LATEST_KILL_MS);
        let marker = format!("no. {run};");
        let id = setup.send(&marker).await;
        let started = Instant::now();
        // Not a wait for something: the moment itself is what is drawn.
        tokio::time::sleep(moment).await;
        server.kill();
        let settled = setup.settled(&id).await;
        server = setup.serve();
        let view = setup.ended(&id).await;
        let (copies, doubted) = (setup.copies(&marker).await, setup.doubted(&id).await);
        check(run, &view, &settled, &copies, &doubted);
        doubted_in_all += doubted.len();
        println!(
            "run {run}: killed after {:5} ms, {:3} settled, {:2} in doubt, {} copies, ended after {:4.1} s",
            moment.as_millis(),
            settled.len(),
            doubted.len(),
            copies.values().sum::<usize>(),
            started.elapsed().as_secs_f64()
        );
    }
    let stats = setup.emulator("/_emulator/stats").await;
    assert_eq!(stats["throttled"], 0, "no limit was exceeded, also across the kills: {stats}");
    println!("{runs} kills (seed {seed}): nothing lost, nothing settled sent twice, {doubted_in_all} in doubt, no 429");
}

/// Everybody reachable has it; whoever was settled before the kill has it once; a second copy only where
/// the server says there was doubt.
fn check(
    run: u64,
    view: &Value,
    settled: &BTreeSet<String>,
    copies: &BTreeMap<String, usize>,
    doubted: &BTreeSet<String>,
) {
    assert_eq!(view["counts"]["delivered"], MEMBERS - 1, "run {run}: all but the guest: {view}");
    assert_eq!(copies.len(), MEMBERS - 1, "run {run}: lost");
    for (person, count) in copies {
        let once = *count == 1 || (*count == 2 && doubted.contains(person) && !settled.contains(person));
        assert!(once, "run {run}: {person} has {count} copies");
    }
}

impl Setup {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let members = MEMBERS.to_string();
        let init = process::run(dir.path(), &["init", "--members", &members]);
        assert!(init.status.success(), "{}", process::text(&init));
        let (server, emulator) = (free_port(), free_port());
        let path = dir.path().join("pregon.toml");
        let config = std::fs::read_to_string(&path).unwrap();
        let config = config.replace("127.0.0.1:8080", &format!("127.0.0.1:{server}"));
        let config = config.replace("127.0.0.1:3979", &format!("127.0.0.1:{emulator}"));
        std::fs::write(&path, config).unwrap();
        Self {
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            server: format!("http://127.0.0.1:{server}/api/v1"),
            emulator: format!("http://127.0.0.1:{emulator}"),
            key: std::fs::read_to_string(dir.path().join("pregon.key")).unwrap().trim().to_owned(),
            dir,
            people: BTreeMap::new(),
        }
    }

    fn serve(&self) -> Running {
        Running::start(self.dir.path(), &["serve"], "listens on")
    }

    async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.server)).bearer_auth(&self.key);
        request.send().await.unwrap().json().await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.server)).bearer_auth(&self.key).json(body);
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        response.json().await.unwrap()
    }

    async fn emulator(&self, path: &str) -> Value {
        self.http.get(format!("{}{path}", self.emulator)).send().await.unwrap().json().await.unwrap()
    }

    async fn install(&mut self) {
        let tenants = self.emulator("/_emulator/tenants").await;
        let team = tenants.to_string();
        let team = team.split("\"group_id\":\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        self.post("/installs", &json!({"team": team})).await;
        while self.people.len() < MEMBERS {
            let people = self.all("/references?scope=personal").await;
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            self.people = people.iter().map(|row| (text(&row["id"]), text(&row["person"]["object_id"]))).collect();
        }
    }

    /// Every row of a list.
    async fn all(&self, path: &str) -> Vec<Value> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let (mut rows, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("{path}{mark}limit=500{cursor}")).await;
            rows.extend(page["data"].as_array().unwrap_or_else(|| panic!("{path}: {page}")).clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return rows,
            }
        }
    }

    async fn send(&self, marker: &str) -> String {
        let body = json!({"to": "everyone", "text": format!("{{{{ recipient.name }}}} {marker}"), "format": "plain"});
        self.post("/messages", &body).await["id"].as_str().unwrap().to_owned()
    }

    async fn ended(&self, id: &str) -> Value {
        let started = Instant::now();
        loop {
            let view = self.get(&format!("/messages/{id}")).await;
            if view["state"] == "done" {
                return view;
            }
            assert!(started.elapsed() < Duration::from_secs(90), "never ended: {view}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Object ids of those whose delivery was settled when the process died.
    async fn settled(&self, id: &str) -> BTreeSet<String> {
        let store = SqliteStore::open(&self.dir.path().join("data/pregon.db")).await.unwrap();
        delivered_to(&store, id).await
    }

    /// Object ids of those whose delivery was in doubt at some time.
    async fn doubted(&self, id: &str) -> BTreeSet<String> {
        let deliveries = self.all(&format!("/messages/{id}/deliveries")).await;
        let doubted = deliveries.iter().filter(|delivery| delivery["doubted"] == true);
        doubted.map(|delivery| self.people[delivery["recipient"]["reference"].as_str().unwrap()].clone()).collect()
    }

    /// Copies by object id, as the emulator received them.
    async fn copies(&self, marker: &str) -> BTreeMap<String, usize> {
        let mut copies = BTreeMap::new();
        let mut after = 0;
        loop {
            let page = self.emulator(&format!("/_emulator/messages?after={after}&limit=1000")).await;
            for message in page["messages"].as_array().unwrap() {
                if message["activity"]["text"].as_str().is_some_and(|text| text.ends_with(marker)) {
                    *copies.entry(message["person"].as_str().unwrap().to_owned()).or_insert(0) += 1;
                }
            }
            let next = page["next"].as_u64().unwrap();
            if next == after {
                return copies;
            }
            after = next;
        }
    }
}

/// Object ids of those a message was delivered to.
async fn delivered_to(store: &SqliteStore, id: &str) -> BTreeSet<String> {
    let id: MessageId = id.parse().unwrap();
    let mut people = BTreeSet::new();
    let mut after = None;
    loop {
        let filter =
            DeliveryFilter { state: Some(DeliveryState::Delivered), after, limit: 500, ..DeliveryFilter::default() };
        let page = store.deliveries(id, &filter).await.unwrap();
        for delivery in &page {
            let reference = store.reference(delivery.reference.unwrap()).await.unwrap().unwrap();
            people.insert(reference.person.unwrap().object_id.unwrap().to_string());
        }
        match page.last() {
            Some(last) => after = Some(last.id),
            None => return people,
        }
    }
}
