//! A world to break: the real server and the real emulator as processes, with a team of people between them.

mod api;
mod store;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use api::Teams;
use serde_json::json;

use crate::process::{Process, deaf, free_port, pregon};

/// Longest wait of the server for an answer of Teams: what hangs is given up after it.
pub(crate) const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest a process may take to start or to answer on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// What is special about a world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// People in the team, one of them a guest.
    pub(crate) people: usize,
    /// Set for the server's process.
    pub(crate) environment: Vec<(String, String)>,
}

/// Whom a message is for.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) object_id: String,
    pub(crate) guest: bool,
}

pub(crate) struct World {
    home: tempfile::TempDir,
    plan: Plan,
    http: reqwest::Client,
    server_url: String,
    pub(crate) teams: Teams,
    key: String,
    /// By reference.
    pub(crate) people: BTreeMap<String, Person>,
    pub(crate) emulator: Process,
    pub(crate) server: Process,
    /// Most memory the server had since [`World::take_peak_mb`], kilobytes.
    peak_kb: u64,
    /// Longest that nothing moved since [`World::take_standstill`].
    standstill: Duration,
    pub(crate) log: api::Log,
}

impl World {
    /// Starts both processes, installs the app in the team, and waits until everybody is known.
    pub(crate) async fn start(plan: Plan) -> Self {
        let home = tempfile::tempdir().unwrap();
        let (server, emulator) = (free_port(), free_port());
        let members = plan.people.to_string();
        let init = pregon(home.path()).args(["init", "--members", &members]).output().unwrap();
        assert!(init.status.success(), "{}", String::from_utf8_lossy(&init.stderr));
        let file = home.path().join("pregon.toml");
        let config = std::fs::read_to_string(&file).unwrap();
        let config = config.replace("127.0.0.1:8080", &format!("127.0.0.1:{server}"));
        let config = config.replace("127.0.0.1:3979", &format!("127.0.0.1:{emulator}"));
        std::fs::write(&file, config).unwrap();
        let key = std::fs::read_to_string(home.path().join("pregon.key")).unwrap().trim().to_owned();
        let mut command = pregon(home.path());
        command.arg("emulator");
        let emulator_process = Process::start(command, home.path().join("emulator.log"));
        let server_process = serve(&home, &plan);
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        let mut world = Self {
            teams: Teams { http: http.clone(), url: format!("http://127.0.0.1:{emulator}") },
            http,
            server_url: format!("http://127.0.0.1:{server}"),
            key,
            people: BTreeMap::new(),
            emulator: emulator_process,
            server: server_process,
            peak_kb: 0,
            standstill: Duration::ZERO,
            log: api::Log::default(),
            home,
            plan,
        };
        world.until_both_answer().await;
        world.install().await;
        world
    }

    /// Starts the server again after it ended.
    pub(crate) async fn restart(&mut self) {
        self.server = serve(&self.home, &self.plan);
        self.until_both_answer().await;
    }

    async fn until_both_answer(&mut self) {
        let ready = format!("{}/readyz", self.server_url);
        let answered = tokio::time::timeout(PATIENCE, async {
            while !(self.answers(&ready).await && self.has_endpoint().await) {
                assert!(self.server.ended().is_none(), "the server ended:\n{}", self.server.last_words());
                assert!(self.emulator.ended().is_none(), "the emulator ended:\n{}", self.emulator.last_words());
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let answered = answered.await.is_ok();
        assert!(answered, "the processes do not answer:\n{}", self.server.last_words());
    }

    /// The emulator answers a moment before it knows where the bot listens; events until then are dropped.
    async fn has_endpoint(&self) -> bool {
        let Ok(answer) = self.http.get(format!("{}/_emulator/apps", self.teams.url)).send().await else { return false };
        answer.json::<serde_json::Value>().await.is_ok_and(|apps| apps["apps"][0]["endpoint"].is_string())
    }

    async fn answers(&self, url: &str) -> bool {
        self.http.get(url).send().await.is_ok_and(|answer| answer.status().is_success())
    }

    async fn install(&mut self) {
        let tenants = self.teams.get("tenants").await;
        let team = tenants["tenants"][0]["teams"][0]["group_id"].as_str().unwrap_or_else(|| panic!("{tenants}"));
        self.post("/installs", &json!({"team": team})).await;
        let known = tokio::time::timeout(PATIENCE, async {
            while self.people.len() < self.plan.people {
                let rows = self.all("/references?scope=personal").await;
                let person = |row: &serde_json::Value| {
                    let object_id = row["person"]["object_id"].as_str().unwrap().to_owned();
                    let guest = row["person"]["guest"] == true;
                    (row["id"].as_str().unwrap().to_owned(), Person { object_id, guest })
                };
                self.people = rows.iter().map(person).collect();
            }
        });
        let known = known.await.is_ok();
        let (server, emulator) = (self.server.last_words(), self.emulator.last_words());
        assert!(known, "the team is not known:\n{server}\nthe emulator said:\n{emulator}");
    }

    /// Directory of the store.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Notes how much memory the server has now.
    pub(crate) fn note_memory(&mut self) {
        self.peak_kb = self.peak_kb.max(self.server.resident_kb().unwrap_or_default());
    }

    /// Most memory the server had since the last call, megabytes.
    pub(crate) fn take_peak_mb(&mut self) -> u64 {
        std::mem::take(&mut self.peak_kb) / 1024
    }

    /// Longest that nothing moved since the last call, while a message was to end.
    pub(crate) fn take_standstill(&mut self) -> Duration {
        std::mem::take(&mut self.standstill)
    }
}

fn serve(home: &tempfile::TempDir, plan: &Plan) -> Process {
    // Deaf to SIGXFSZ, so that a write over a limit on file sizes fails instead of ending the process.
    let mut command = deaf("XFSZ", &pregon(home.path()));
    command.arg("serve").env("PREGON_DELIVERY__REQUEST_TIMEOUT_S", REQUEST_TIMEOUT.as_secs().to_string());
    command.envs(plan.environment.iter().map(|(name, value)| (name, value)));
    Process::start(command, home.path().join("server.log"))
}
