//! What people and scripts see of the commands: output, exit codes, files, signals.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use pregon_store::cluster::Schema;
use serde_json::{Value, json};

use crate::pair::{Pair, port_of, world};
use crate::process::{self, Running, free_port, pregon, run, text};

/// No line of help is wider, in characters.
const WIDEST: usize = 110;

/// The commands with their flags.
const COMMANDS: [(&str, &[&str]); 10] = [
    ("demo", &["--members", "--seed", "--data", "--json", "--keep-running"]),
    ("dev", &["--members", "--seed", "--data", "--listen"]),
    ("emulator", &["--config", "--port", "--members", "--seed", "--bot-endpoint"]),
    ("serve", &["--config", "--listen", "--data"]),
    ("migrate", &["--config", "--json"]),
    ("init", &["--dir", "--members", "--seed"]),
    (
        "send",
        &[
            "--to",
            "--text",
            "--card",
            "--notification",
            "--topic",
            "--at",
            "--priority",
            "--canary",
            "--auto-pause",
            "--auto-pause-after",
            "--wait",
            "--server",
            "--key",
            "--json",
        ],
    ),
    (
        "messages",
        &["list", "show", "pause", "resume", "cancel", "resend", "decide", "deliveries", "--server", "--key", "--json"],
    ),
    ("lanes", &["--server", "--key", "--json"]),
    ("bench", &["--recipients", "--json"]),
];

/// The commands of `messages` with their flags.
const MESSAGES: [(&str, &[&str]); 8] = [
    ("list", &["--limit", "--cursor", "--server", "--key", "--json"]),
    ("show", &["MESSAGE", "--wait", "--server", "--key", "--json"]),
    ("pause", &["MESSAGE", "--server", "--key", "--json"]),
    ("resume", &["MESSAGE", "--wait", "--server", "--key", "--json"]),
    ("cancel", &["MESSAGE", "--server", "--key", "--json"]),
    ("resend", &["MESSAGE", "--reason", "--wait", "--server", "--key", "--json"]),
    ("decide", &["MESSAGE", "send", "delivered", "stopped", "--delivery", "--server", "--key", "--json"]),
    ("deliveries", &["MESSAGE", "--to", "--state", "--reason", "--limit", "--cursor", "--server", "--json"]),
];

#[test]
fn every_help_names_its_flags_and_is_wrapped() {
    let dir = tempfile::tempdir().unwrap();
    let names: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
    help(dir.path(), &["--help"], &names);
    for (name, flags) in COMMANDS {
        help(dir.path(), &[name, "--help"], flags);
    }
    for (name, flags) in MESSAGES {
        help(dir.path(), &["messages", name, "--help"], flags);
    }
}

fn help(dir: &Path, args: &[&str], names: &[&str]) {
    let output = run(dir, args);
    let shown = text(&output);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {shown}");
    for name in names {
        assert!(shown.contains(name), "{args:?} does not name {name}: {shown}");
    }
    for line in shown.lines() {
        assert!(line.chars().count() <= WIDEST, "{args:?}: too wide: {line}");
    }
}

#[test]
fn without_arguments_the_help_is_shown_and_the_code_is_2() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output).contains("Usage: pregon"), "{}", text(&output));
}

#[test]
fn a_wrong_flag_and_a_number_out_of_range_end_with_2_and_are_named() {
    let dir = tempfile::tempdir().unwrap();
    for (args, named) in [
        (&["demo", "--colour"][..], "--colour"),
        (&["demo", "--members", "2"], "--members"),
        (&["init", "--members", "2"], "--members"),
        (&["bench", "--recipients", "1"], "--recipients"),
        (&["emulator", "--members", "2"], "--members"),
        (&["emulator", "--port", "70000"], "--port"),
        (&["serve", "--listen", "127.0.0.1:99999"], "--listen"),
        (&["send", "--text", "hi"], "--to"),
        (&["send", "--to", "ada@example.com", "--text", "hi", "--card", "card.json"], "--card"),
        (&["send", "--to", "ada@example.com", "--text", "hi", "--priority", "high"], "--priority"),
        (&["send", "--to", "ada@example.com", "--text", "hi", "--canary", "100"], "--canary"),
        (&["send", "--to", "ada@example.com", "--text", "hi", "--auto-pause", "0"], "--auto-pause"),
        (&["send", "--to", "ada@example.com", "--text", "hi", "--auto-pause-after", "9"], "--auto-pause"),
        (&["messages", "shwo", "msg_1"], "show"),
        (&["messages", "show"], "MESSAGE"),
        (&["messages", "show", "../api_keys"], "an id looks like msg_"),
        (&["messages", "pause", "dlv_01"], "an id looks like msg_"),
        (&["messages", "decide", "msg_01", "maybe"], "stopped"),
        (&["messages", "decide", "msg_01", "send", "--delivery", "msg_01"], "an id looks like dlv_"),
        (&["messages", "list", "--limit", "501"], "--limit"),
    ] {
        let output = run(dir.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", text(&output));
        assert!(text(&output).contains(named), "{args:?}: {}", text(&output));
    }
    assert_eq!(files(dir.path()), BTreeMap::new(), "nothing was written");
}

#[test]
fn the_demo_ends_with_one_object_whose_counts_depend_on_the_seed_alone() {
    let dir = tempfile::tempdir().unwrap();
    let mut first = demo(dir.path());
    let keys: BTreeSet<&str> = first.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "members",
        "reachable",
        "messages",
        "delivered",
        "duplicates",
        "lost",
        "skipped",
        "created_conversations",
        "throttled",
        "elapsed_s",
        "peak_rate_per_s",
    ];
    assert_eq!(keys, BTreeSet::from(expected));
    for (key, value) in
        [("members", 12), ("reachable", 10), ("created_conversations", 11), ("duplicates", 0), ("lost", 0)]
    {
        assert_eq!(first[key], value, "{key}: {first}");
    }
    assert_eq!(first["throttled"], 0, "{first}");
    assert!(first["delivered"].as_u64().unwrap() > 0, "{first}");
    assert!((1..=50).contains(&first["peak_rate_per_s"].as_u64().unwrap()), "{first}");
    let mut second = demo(dir.path());
    // How fast the machine was is no count.
    for report in [&mut first, &mut second] {
        report["elapsed_s"].take();
        report["peak_rate_per_s"].take();
    }
    assert_eq!(first, second);
}

fn demo(dir: &Path) -> Value {
    let output = run(dir, &["demo", "--members", "12", "--seed", "7", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let shown = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(shown.lines().last().unwrap()).unwrap()
}

#[test]
fn init_writes_two_private_files_and_the_store_holds_no_key() {
    let dir = tempfile::tempdir().unwrap();
    assert!(run(dir.path(), &["init"]).status.success());
    for name in ["pregon.toml", "pregon.key"] {
        let mode = std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let key = std::fs::read(dir.path().join("pregon.key")).unwrap();
    let key = key.trim_ascii();
    assert!(key.len() >= 32, "a key nobody guesses");
    let stored = files(&dir.path().join("data"));
    assert!(stored.keys().any(|path| path.ends_with("pregon.db")), "{:?}", stored.keys());
    for (path, bytes) in stored {
        assert!(!bytes.windows(key.len()).any(|part| part == key), "{} holds the key", path.display());
    }
}

#[test]
fn a_second_init_refuses_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    assert!(run(dir.path(), &["init"]).status.success());
    let before = files(dir.path());
    let said = refusal(&run(dir.path(), &["init", "--seed", "2"]), 1);
    assert!(said.contains("pregon.toml exists already"), "{said}");
    assert!(before == files(dir.path()), "a file changed");
}

/// Every file below a directory, with its bytes.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// What a command said that ended with this code: one sentence on standard error, and nothing else.
fn refusal(output: &Output, code: i32) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{}", text(output));
    // Log lines may come first.
    let last = said.lines().last().unwrap_or_default().to_owned();
    assert!(last.starts_with("pregon: "), "{said}");
    assert_eq!(said.matches("pregon: ").count(), 1, "one sentence: {said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(output.stdout.is_empty(), "{}", text(output));
    last
}

#[test]
fn a_mistake_in_the_configuration_ends_with_2_and_is_named() {
    let dir = world();
    let good = std::fs::read_to_string(dir.path().join("pregon.toml")).unwrap();
    for (wrong, named) in [
        ("lane_per_sec = 50", ["delivery.lane_per_sec", "lane_per_s?"]),
        ("lane_per_s = \"many\"", ["delivery.lane_per_s", "a whole number"]),
    ] {
        std::fs::write(dir.path().join("wrong.toml"), good.replace("lane_per_s = 50", wrong)).unwrap();
        for command in ["serve", "emulator"] {
            let said = refusal(&run(dir.path(), &[command, "--config", "wrong.toml"]), 2);
            for part in ["wrong.toml", named[0], named[1]] {
                assert!(said.contains(part), "{command} does not name {part}: {said}");
            }
        }
    }
    for command in ["serve", "emulator"] {
        let said = refusal(&run(dir.path(), &[command, "--config", "nowhere/absent.toml"]), 2);
        assert!(said.contains("nowhere/absent.toml"), "{said}");
    }
}

#[test]
fn a_port_in_use_is_named_by_server_and_emulator() {
    let dir = world();
    for (command, port) in [("serve", port_of(&dir, "server")), ("emulator", port_of(&dir, "emulator"))] {
        let _taken = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let said = refusal(&run(dir.path(), &[command]), 1);
        assert!(said.contains(&format!("127.0.0.1:{port}")), "{command}: {said}");
        assert!(said.contains("in use"), "{command}: {said}");
    }
}

#[test]
fn migrate_makes_the_tables_of_either_store_and_says_so() {
    let schema = Schema::fresh();
    let dir = tempfile::tempdir().unwrap();
    for (file, store) in [("sqlite.toml", String::new()), ("postgres.toml", format!("url = {:?}", schema.url()))] {
        std::fs::write(dir.path().join(file), format!("[store]\n{store}\n")).unwrap();
        let first = run(dir.path(), &["migrate", "--config", file]);
        assert_eq!(first.status.code(), Some(0), "{}", text(&first));
        assert!(text(&first).contains(": ran migration 1 (initial)"), "{}", text(&first));
        let second = run(dir.path(), &["migrate", "--config", file]);
        assert!(text(&second).contains("is of this version: nothing to do"), "{}", text(&second));
        let third = run(dir.path(), &["migrate", "--config", file, "--json"]);
        let said: Value = serde_json::from_slice(&third.stdout).unwrap();
        assert_eq!(said["ran"], json!([]), "{said}");
    }
}

#[test]
fn a_server_takes_a_directory_or_a_database_and_tells_when_there_is_none() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("postgres://ana:hunter2@127.0.0.1:{}/news", free_port());
    std::fs::write(dir.path().join("pregon.toml"), format!("[store]\nurl = {url:?}\n")).unwrap();
    let both = refusal(&run(dir.path(), &["serve", "--data", "data"]), 2);
    assert!(both.contains("--data: names a directory, and store.url a PostgreSQL database: keep one"), "{both}");
    let none = refusal(&run(dir.path(), &["serve"]), 1);
    assert!(none.contains("cannot connect to the database ana@127.0.0.1:") && !none.contains("hunter2"), "{none}");
}

#[test]
fn a_second_server_on_the_same_data_is_refused_and_learns_who_has_it() {
    let dir = world();
    let first = Running::start(dir.path(), &["serve"], "listens on");
    let said = refusal(&run(dir.path(), &["serve", "--listen", "127.0.0.1:0"]), 1);
    for part in ["data", &format!("pid {}", first.pid())] {
        assert!(said.contains(part), "{said}");
    }
}

#[test]
fn a_data_directory_that_cannot_be_written_is_named() {
    let dir = world();
    // Below a regular file nobody can write, not even root.
    std::fs::write(dir.path().join("file"), "").unwrap();
    for args in [&["serve", "--data", "file/data"][..], &["demo", "--json", "--data", "file/data"]] {
        let said = refusal(&run(dir.path(), args), 1);
        assert!(said.contains("file/data"), "{args:?}: {said}");
    }
    let said = refusal(&run(dir.path(), &["init", "--dir", "file/home"]), 1);
    assert!(said.contains("file/home"), "{said}");
}

#[tokio::test]
async fn a_text_and_a_card_are_sent_once_and_their_outcome_is_shown() {
    let pair = Pair::start();
    let (email, name) = pair.person().await;
    let sent = pair.send(&["--to", &email, "--text", "Hello {{ recipient.name }}", "--wait", "--json"]);
    assert_eq!(sent.status.code(), Some(0), "{}", text(&sent));
    let view: Value = serde_json::from_slice(&sent.stdout).unwrap();
    assert_eq!((&view["state"], &view["counts"]["delivered"]), (&json!("done"), &json!(1)), "{view}");
    assert_eq!(pair.copies(&email, &format!("Hello {name}")).await, 1);

    let card = json!({"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "Build 412"}]});
    std::fs::write(pair.dir.path().join("card.json"), card.to_string()).unwrap();
    let sent = pair.send(&["--to", &email, "--card", "card.json", "--wait"]);
    assert_eq!(sent.status.code(), Some(0), "{}", text(&sent));
    assert!(text(&sent).contains("1 of 1 delivered"), "{}", text(&sent));
    assert_eq!(pair.copies(&email, "Build 412").await, 1);
}

#[test]
fn an_unknown_person_ends_with_3_and_the_reason() {
    let pair = Pair::start();
    for format in [&["--json"][..], &[]] {
        let sent = pair.send(&[&["--to", "nobody@nowhere.example", "--text", "hi", "--wait"], format].concat());
        assert_eq!(sent.status.code(), Some(3), "{}", text(&sent));
        assert!(text(&sent).contains("not_found"), "{}", text(&sent));
    }
}

#[test]
fn what_the_server_refuses_is_told_in_its_words() {
    let pair = Pair::start();
    let said = refusal(&pair.send(&["--to", "???", "--text", "hi"]), 1);
    assert!(said.contains("\"???\" is no kind of address"), "{said}");
    let said = refusal(&pair.send(&["--to", "ada@example.com", "--text", "hi", "--at", "yesterday"]), 1);
    assert!(said.contains("send_at"), "{said}");
    let said = refusal(&pair.send(&["--to", "ada@example.com", "--text", "hi", "--key", "nonsense"]), 1);
    assert!(said.contains("does not know this API key"), "{said}");
    assert!(!said.contains("nonsense"), "a key is never shown: {said}");
}

#[test]
fn send_says_what_is_missing_before_it_sends() {
    let dir = tempfile::tempdir().unwrap();
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let send = |args: &[&str]| {
        let common = ["send", "--to", "ada@example.com", "--server", &nobody];
        refusal(&run(dir.path(), &[&common, args].concat()), 1)
    };
    let said = send(&["--text", "hi"]);
    assert!(said.contains("--key") && said.contains("PREGON_KEY"), "{said}");
    let said = send(&["--text", "hi", "--key", "some\nkey"]);
    assert!(said.contains("the API key holds") && !said.contains("some"), "{said}");
    let said = send(&["--text", "hi", "--key", "key"]);
    assert!(said.contains(&format!("no server answers at {nobody}")), "{said}");
    std::fs::write(dir.path().join("bad.json"), "no json").unwrap();
    for flag in ["--card", "--notification"] {
        let said = send(&[flag, "bad.json", "--key", "key"]);
        assert!(said.contains(&format!("{flag} bad.json is not JSON")), "{said}");
        let said = send(&[flag, "absent.json", "--key", "key"]);
        assert!(said.contains(&format!("{flag} absent.json cannot be read")), "{said}");
    }
}

#[tokio::test]
async fn the_emulator_needs_no_configuration_and_prints_what_a_bot_needs() {
    let dir = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut shown = Vec::new();
    for seed in ["1", "2"] {
        let args = ["emulator", "--port", &port.to_string(), "--members", "12", "--seed", seed];
        let mut emulator = Running::start(dir.path(), &args, "emulator listens on");
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let variables = emulator.variables();
        let get = |name: &str| variables.get(name).unwrap_or_else(|| panic!("{name}: {variables:?}")).as_str();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", get("PREGON_APP_ID")),
            ("client_secret", get("PREGON_APP_SECRET")),
            ("scope", "https://api.botframework.com/.default"),
        ];
        let login = format!("{}/{}/oauth2/v2.0/token", get("PREGON_LOGIN"), get("PREGON_TENANT"));
        let token: Value = http.post(login).form(&form).send().await.unwrap().json().await.unwrap();
        let channel = format!("{}v3/conversations/{}/activities", get("PREGON_SERVICE_URL"), get("PREGON_CHANNEL"));
        let message = json!({"type": "message", "text": "hello"});
        let token = token["access_token"].as_str().unwrap();
        let sent = http.post(channel).bearer_auth(token).json(&message).send().await.unwrap();
        assert_eq!(sent.status(), 201);
        let apps = format!("{}/_emulator/apps", get("PREGON_CLOUD"));
        let apps: Value = http.get(apps).send().await.unwrap().json().await.unwrap();
        assert_eq!(apps["apps"][0]["endpoint"], "http://127.0.0.1:3978/api/messages");
        shown.push(
            ["PREGON_APP_ID", "PREGON_APP_SECRET", "PREGON_TENANT", "PREGON_TEAM"].map(|name| get(name).to_owned()),
        );
        assert_eq!(emulator.terminate().code(), Some(0));
    }
    assert_eq!(shown[0], shown[1], "the same in every run, whatever the seed");
    assert_eq!(files(dir.path()), BTreeMap::new(), "nothing was written");
}

#[test]
fn sigterm_stops_server_emulator_and_dev_with_0() {
    let mut pair = Pair::start();
    assert_eq!(pair.server.terminate().code(), Some(0));
    assert_eq!(pair.emulator.terminate().code(), Some(0));
    let mut dev = Running::start(pair.dir.path(), &["dev", "--members", "12"], "Ctrl-C stops both");
    assert_eq!(dev.terminate().code(), Some(0));
}

#[test]
fn a_reader_that_goes_away_stops_nothing_halfway() {
    let temporary = tempfile::tempdir().unwrap();
    for args in [&["demo", "--members", "12"][..], &["bench", "--recipients", "100"]] {
        // Returns only when standard error is closed: by the program, and by every child it had.
        let (output, _) = read_one_line(temporary.path(), args, |_| {});
        let said = text(&output);
        assert!(!said.contains("panicked"), "{args:?}: {said}");
        assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
        let left: Vec<_> = std::fs::read_dir(temporary.path()).unwrap().collect();
        assert!(left.is_empty(), "{args:?} left {left:?}");
    }
}

#[test]
fn a_server_whose_reader_went_away_still_stops_cleanly() {
    let dir = world();
    let (output, line) = read_one_line(dir.path(), &["serve"], process::terminate);
    assert!(line.contains("listens on"), "{line}");
    let said = text(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("stopped") && !said.contains("panicked"), "{said}");
}

/// `pregon … | head -1`: what it printed to standard error in all, and the line. `then` gets its process id
/// once the reader is gone.
fn read_one_line(dir: &Path, args: &[&str], then: impl FnOnce(u32)) -> (Output, String) {
    let mut command = pregon();
    command.current_dir(dir).args(args).env("TMPDIR", dir).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut reader = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while line.trim().is_empty() {
        line.clear();
        assert_ne!(reader.read_line(&mut line).unwrap(), 0, "{args:?} printed nothing");
    }
    drop(reader);
    then(child.id());
    (child.wait_with_output().unwrap(), line)
}
