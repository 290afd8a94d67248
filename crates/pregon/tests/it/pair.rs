//! A server and an emulator as child processes, and the commands that talk to them.

use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::process::{Running, free_port, run, text};

/// An initialised directory for 12 people, on ports of its own.
pub(crate) fn world() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let init = run(dir.path(), &["init", "--members", "12"]);
    assert!(init.status.success(), "{}", text(&init));
    let path = dir.path().join("pregon.toml");
    let config = std::fs::read_to_string(&path).unwrap();
    let config = config.replace("127.0.0.1:8080", &format!("127.0.0.1:{}", free_port()));
    let config = config.replace("127.0.0.1:3979", &format!("127.0.0.1:{}", free_port()));
    std::fs::write(path, config).unwrap();
    dir
}

/// The port a section of the directory's configuration listens on.
pub(crate) fn port_of(dir: &TempDir, section: &str) -> u16 {
    let config = std::fs::read_to_string(dir.path().join("pregon.toml")).unwrap();
    let section = config.split(&format!("[{section}]")).nth(1).unwrap();
    section.split("127.0.0.1:").nth(1).and_then(|rest| rest.split('"').next()).unwrap().parse().unwrap()
}

/// A server and an emulator from init's files, running.
pub(crate) struct Pair {
    pub(crate) dir: TempDir,
    pub(crate) server: Running,
    pub(crate) emulator: Running,
    pub(crate) server_url: String,
    emulator_url: String,
}

impl Pair {
    pub(crate) fn start() -> Self {
        let dir = world();
        Self {
            emulator: Running::start(dir.path(), &["emulator"], "emulator listens on"),
            server: Running::start(dir.path(), &["serve"], "listens on"),
            server_url: format!("http://127.0.0.1:{}", port_of(&dir, "server")),
            emulator_url: format!("http://127.0.0.1:{}", port_of(&dir, "emulator")),
            dir,
        }
    }

    pub(crate) fn send(&self, args: &[&str]) -> Output {
        run(self.dir.path(), &[&["send", "--server", &self.server_url], args].concat())
    }

    /// `pregon messages …`, which is to end with this code; what it printed.
    #[track_caller]
    pub(crate) fn messages(&self, args: &[&str], code: i32) -> String {
        let output = run(self.dir.path(), &[&["messages"], args, &["--server", &self.server_url]].concat());
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", text(&output));
        text(&output)
    }

    /// A message through the API itself; its id.
    pub(crate) async fn post(&self, body: &Value) -> String {
        let key = std::fs::read_to_string(self.dir.path().join("pregon.key")).unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = http.post(format!("{}/api/v1/messages", self.server_url)).bearer_auth(key.trim()).json(body);
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Makes the emulator fail.
    pub(crate) async fn fault(&self, fault: &Value) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = http.post(format!("{}/_emulator/faults", self.emulator_url)).json(fault);
        request.send().await.unwrap().error_for_status().unwrap();
    }

    /// Everybody who can be written to, as flags of `send`.
    pub(crate) async fn everybody(&self) -> Vec<String> {
        let people = self.emulator("/_emulator/people").await;
        let people = people["people"].as_array().unwrap().iter().filter(|person| person["guest"] == false);
        people.flat_map(|person| ["--to".to_owned(), person["email"].as_str().unwrap().to_owned()]).collect()
    }

    pub(crate) async fn emulator(&self, path: &str) -> Value {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        http.get(format!("{}{path}", self.emulator_url)).send().await.unwrap().json().await.unwrap()
    }

    /// A member who can be written to.
    pub(crate) async fn person(&self) -> (String, String) {
        let people = self.emulator("/_emulator/people").await;
        let person = people["people"].as_array().unwrap().iter().find(|person| person["guest"] == false).unwrap();
        (person["email"].as_str().unwrap().to_owned(), person["name"].as_str().unwrap().to_owned())
    }

    /// How many messages of a person hold a text.
    pub(crate) async fn copies(&self, email: &str, wanted: &str) -> usize {
        let page = self.emulator(&format!("/_emulator/people/{email}/messages")).await;
        let messages = page["messages"].as_array().unwrap();
        messages.iter().filter(|message| message["activity"].to_string().contains(wanted)).count()
    }
}
