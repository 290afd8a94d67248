//! The real binary as a child process.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

/// The binary under test.
pub(crate) fn pregon() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pregon"));
    // What the machine's environment says must not change a test.
    command
        .env_remove("PREGON_KEY")
        .env_remove("PREGON_SERVER_URL")
        .env_remove("PREGON_STORE__URL")
        .env("NO_COLOR", "1");
    command
}

/// Runs to its end.
pub(crate) fn run(dir: &Path, args: &[&str]) -> Output {
    pregon().current_dir(dir).args(args).output().expect("the binary runs")
}

/// What a finished process printed, for assertions.
pub(crate) fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A child that is killed when dropped.
pub(crate) struct Running {
    child: Child,
    shown: String,
}

impl Running {
    /// Starts the binary and waits for the line that says it is ready.
    pub(crate) fn start(dir: &Path, args: &[&str], ready: &str) -> Self {
        let mut child = pregon()
            .current_dir(dir)
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut reader = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut seen = String::new();
        let mut line = String::new();
        while !line.contains(ready) {
            line.clear();
            if reader.read_line(&mut line).expect("stdout is readable") == 0 {
                let mut errors = String::new();
                let _ = child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut errors));
                panic!("{args:?} ended before it was ready:\n{seen}\n{errors}");
            }
            seen.push_str(&line);
        }
        // What it prints from now on must not fill the pipes.
        let mut stderr = child.stderr.take().expect("stderr is piped");
        std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
        Self { child, shown: seen }
    }

    /// The `NAME=value` lines it printed before it was ready.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        let pair = |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        self.shown.lines().filter(|line| line.starts_with("PREGON_")).filter_map(pair).collect()
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGTERM, and how it ended.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        terminate(self.pid());
        self.child.wait().expect("the child ends")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends SIGTERM, as service managers do.
pub(crate) fn terminate(pid: u32) {
    let sent = Command::new("kill").args(["-TERM", &pid.to_string()]).status().expect("kill runs");
    assert!(sent.success(), "{pid} can be told to stop");
}

/// A loopback port that is free now.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
