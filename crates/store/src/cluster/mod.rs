//! A throw-away PostgreSQL for tests: the programs of Debian's package `postgresql`, a temporary
//! directory, a Unix socket only, and a user without rights where the tests run as root.
//!
//! nextest runs each test in a process of its own, `cargo test` runs many in one. Both share one cluster:
//! the first test starts it (about two seconds), every test locks its file `hold` as long as it lives, and
//! a small shell script ends the cluster when that has been free for a while, however the tests ended.
//! Each test has a [`Schema`] of its own.
//! What cannot be done panics: the test has no database, and its message says what is missing.

mod programs;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use self::programs::Programs;

const REAPER: &str = include_str!("reaper.sh");

/// What PostgreSQL calls its socket when it has the usual port.
const SOCKET: &str = ".s.PGSQL.5432";

/// What a cluster promises, beside being gone when its tests are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It forgets when the machine fails: fast, and right for nearly every test.
    None,
    /// As in production: for tests and benchmarks of durability itself.
    Full,
}

/// A running PostgreSQL; it ends soon after nobody holds it any more.
#[derive(Debug)]
pub struct Cluster {
    dir: PathBuf,
    programs: Programs,
    /// Locked (shared) as long as the cluster is needed.
    _hold: File,
}

impl Cluster {
    /// The cluster that all tests of this user share, not durable; started if it does not run.
    pub fn shared() -> Self {
        let programs = Programs::find();
        let dir = std::env::temp_dir().join(format!("pregon-postgres-{}", programs.caller));
        Self::in_directory(dir, programs, Durability::None, 15)
    }

    /// A cluster of one test's own, which that test may stop and start.
    pub fn own(durability: Durability) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let (pid, number) = (std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let dir = std::env::temp_dir().join(format!("pregon-postgres-{pid}-{number}"));
        Self::in_directory(dir, Programs::find(), durability, 0)
    }

    fn in_directory(dir: PathBuf, programs: Programs, durability: Durability, unused_s: u32) -> Self {
        make_directory(&dir, programs.caller);
        let mut hold = lock_file(&dir, "hold");
        hold.lock_shared().expect("the cluster's lock");
        // The reaper looks at the time of the last use.
        hold.set_len(0).and_then(|()| hold.write_all(b"\n")).expect("the cluster's lock can be written");
        start_reaper(&dir, &programs, unused_s);
        let cluster = Self { dir, programs, _hold: hold };
        let starting = lock_file(&cluster.dir, "start");
        starting.lock().expect("the cluster's start lock");
        if !cluster.is_running() {
            cluster.create(durability);
            cluster.start();
        }
        cluster
    }

    fn home(&self) -> PathBuf {
        self.dir.join("cluster")
    }

    fn data(&self) -> PathBuf {
        self.home().join("data")
    }

    fn is_running(&self) -> bool {
        UnixStream::connect(self.home().join(SOCKET)).is_ok()
    }

    fn create(&self, durability: Durability) {
        let home = self.home();
        // What an interrupted start left behind.
        let _ = fs::remove_dir_all(&home);
        DirBuilder::new().mode(0o700).create(&home).expect("the cluster's directory");
        chown(&home, self.programs.user, self.programs.group).expect("the cluster's directory has its user");
        let initdb = ["-A", "trust", "-U", "pregon", "-E", "UTF8", "--no-locale", "--no-sync", "-D"];
        Programs::run(self.programs.as_user("initdb").args(initdb).arg(self.data()));
        let settings = settings(&home, durability);
        let mut file = OpenOptions::new().append(true).open(self.data().join("postgresql.conf")).expect("its settings");
        file.write_all(settings.as_bytes()).expect("its settings can be written");
    }

    /// Starts the cluster after [`Cluster::stop`].
    pub fn start(&self) {
        let log = self.home().join("log");
        Programs::run(self.pg_ctl().args(["start", "-w", "-l"]).arg(log));
    }

    /// Stops the cluster as a crash would: connections break, what was not committed is gone.
    pub fn stop(&self) {
        Programs::run(self.pg_ctl().args(["stop", "-m", "immediate"]));
    }

    fn pg_ctl(&self) -> Command {
        let mut command = self.programs.as_user("pg_ctl");
        command.arg("-D").arg(self.data());
        command
    }

    fn sql(&self, text: &str) {
        let mut psql = Command::new(self.programs.bin.join("psql"));
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", "pregon", "-d", "postgres", "-c", text]);
        Programs::run(psql.arg("-h").arg(self.home()).env("PGOPTIONS", "-c client_min_messages=warning"));
    }
}

/// An empty schema of a cluster; dropped with it.
#[derive(Debug)]
pub struct Schema {
    cluster: Arc<Cluster>,
    name: String,
}

impl Schema {
    /// A schema of the shared cluster.
    pub fn fresh() -> Self {
        Self::of(&Arc::new(Cluster::shared()))
    }

    /// A schema of this cluster.
    pub fn of(cluster: &Arc<Cluster>) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        // One of this name is from a process that ended without dropping it.
        cluster.sql(&format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}"));
        Self { cluster: Arc::clone(cluster), name }
    }

    /// Where a store finds it.
    pub fn url(&self) -> String {
        let socket = self.cluster.home().display().to_string().replace('/', "%2F");
        let name = &self.name;
        format!("postgres://pregon@{socket}/postgres?options=-c%20search_path%3D{name}&application_name={name}")
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        // The test's connections may still be open, and in the middle of something.
        let name = &self.name;
        let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name";
        if !std::thread::panicking() {
            self.cluster.sql(&format!("{end} = '{name}'; DROP SCHEMA IF EXISTS {name} CASCADE"));
        }
    }
}

/// Others may pass through, to the socket; nobody else may own it.
fn make_directory(dir: &Path, caller: u32) {
    if let Err(error) = DirBuilder::new().mode(0o711).create(dir) {
        let owner = fs::metadata(dir).unwrap_or_else(|_| panic!("{}: {error}", dir.display())).uid();
        assert_eq!(owner, caller, "{} belongs to somebody else: remove it", dir.display());
    }
    let socket = dir.join("cluster").join(SOCKET);
    assert!(socket.as_os_str().len() < 108, "{} is too long for a socket: set TMPDIR to a shorter one", dir.display());
}

fn lock_file(dir: &Path, name: &str) -> File {
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create(true).truncate(false).open(dir.join(name));
    file.expect("the cluster's directory can be written")
}

/// Makes sure that somebody ends the cluster; where somebody will already, this one ends at once.
fn start_reaper(dir: &Path, programs: &Programs, unused_s: u32) {
    let mut command = Command::new("setsid");
    // Of its own session and without our streams: whoever ends or waits for a test does not mean it.
    command.args(["--fork", "sh", "-c", REAPER, "reaper"]).arg(dir).arg(unused_s.to_string()).arg(&programs.bin);
    command.args(programs.through()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().is_ok_and(|status| status.success()), "setsid (util-linux) cannot be run");
}

fn settings(home: &Path, durability: Durability) -> String {
    let durable = match durability {
        Durability::None => "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n",
        Durability::Full => "fsync = on\n",
    };
    format!(
        "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 300\nmax_wal_size = '2GB'\n{durable}",
        home.display()
    )
}
