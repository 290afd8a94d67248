//! The emulator and the server side by side in one process, each behind its own loopback port, speaking
//! real HTTP: what `demo`, `dev` and `bench` run.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use pregon_emulator::{Emulator, EmulatorConfig, Limits, LoggedMessage, Operation, WorldSpec};
use pregon_server::{Config, Parts, RunningServer, Server, bootstrap_key};

use crate::api::Api;
use crate::output;
use crate::setup::Setup;

/// How the two are started.
pub(crate) struct LocalWorldOptions {
    /// Names, ids and chance depend on this alone.
    pub(crate) seed: u64,
    /// People in the team.
    pub(crate) members: usize,
    /// Directory of the store; a temporary one without it.
    pub(crate) data: Option<PathBuf>,
    /// Where the server listens.
    pub(crate) listen: SocketAddr,
}

impl Default for LocalWorldOptions {
    fn default() -> Self {
        Self { seed: 1, members: 50, data: None, listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)) }
    }
}

/// The directory of the store.
pub(crate) enum DataDir {
    /// Removed when dropped.
    Temporary(tempfile::TempDir),
    /// The caller's.
    Kept(PathBuf),
}

impl DataDir {
    /// The caller's directory, or a temporary one.
    pub(crate) fn new(kept: Option<PathBuf>) -> anyhow::Result<Self> {
        match kept {
            Some(path) => Ok(Self::Kept(path)),
            None => Ok(Self::Temporary(tempfile::tempdir().context("no temporary directory can be made")?)),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Temporary(dir) => dir.path(),
            Self::Kept(path) => path,
        }
    }
}

/// Emulator and server, running.
pub(crate) struct LocalWorld {
    /// The emulator.
    pub(crate) emulator: Emulator,
    /// Who and what it knows.
    pub(crate) spec: WorldSpec,
    /// The server.
    pub(crate) server: RunningServer,
    /// Its address, `http://127.0.0.1:PORT`.
    pub(crate) server_url: String,
    /// A client of its API.
    pub(crate) api: Api,
    /// The key the client uses.
    pub(crate) key: String,
    /// Where the store is.
    pub(crate) data: DataDir,
}

/// Starts a server with its real parts, and makes an API key for it.
pub(crate) async fn start_server(config: Config, key_name: &str) -> anyhow::Result<(RunningServer, String)> {
    let parts = Parts::open(&config).await?;
    let key = bootstrap_key(&*parts.store, &*parts.clock, &parts.chance, key_name).await?;
    let server = Server::start(config, parts).await?;
    Ok((server, key.expose().to_owned()))
}

/// How long what is under way may take when the world stops.
const GRACE: Duration = Duration::from_secs(10);
/// A roster of the emulator comes in pages of this many, so that a small team takes several.
const ROSTER_PAGE: usize = 20;

impl LocalWorld {
    /// Starts both and introduces them to each other.
    pub(crate) async fn start(options: LocalWorldOptions) -> anyhow::Result<Self> {
        let spec = WorldSpec::demo(options.seed, options.members);
        let mut emulator = EmulatorConfig::new(spec.clone());
        emulator.limits = Limits::Teams;
        emulator.page_size_max = ROSTER_PAGE.max(options.members / 20);
        let emulator = Emulator::start(emulator).await?;
        let data = DataDir::new(options.data)?;
        let toml = Setup {
            spec: &spec,
            members: options.members,
            server: options.listen,
            emulator: emulator.address(),
            data: data.path(),
            lane_per_s: 50,
        }
        .toml();
        let config = Config::parse("the built-in configuration", &toml)?;
        let (server, key) = start_server(config, "local").await?;
        let server_url = server.base_url.clone();
        emulator.set_bot_endpoint(&spec.apps[0].app_id, &format!("{server_url}/api/messages/main"))?;
        let api = Api::new(&server_url, &key)?;
        Ok(Self { emulator, spec, server, server_url, api, key, data })
    }

    /// Everything the emulator received, as it stands now.
    pub(crate) fn messages(&self) -> Vec<LoggedMessage> {
        self.emulator.messages(0, usize::MAX).0
    }

    /// Calls that created a personal conversation: all create calls but those that began a thread.
    pub(crate) fn personal_conversations_created(&self) -> u64 {
        let messages = self.messages();
        let threads = messages.iter().filter(|message| message.thread_root.as_ref() == Some(&message.id));
        let threads = u64::try_from(threads.count()).unwrap_or(u64::MAX);
        self.emulator.stats().calls(Operation::CreateConversation).saturating_sub(threads)
    }

    /// Prints what a person needs to play with the world.
    pub(crate) fn print_how_to_play(&self) {
        let (tenant, url, key) = (&self.spec.tenants[0], &self.server_url, &self.key);
        let team = &tenant.teams[0];
        let (ada, channel) = (&tenant.people[2], &team.channels[0]);
        output::line(format_args!(
            "\nAPI        {url}/api/v1\nAPI key    {key}\nemulator   {}\nteam       {} ({})\n\nTry:\n\n\
             curl -s {url}/api/v1/messages -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\\n  \
             -d '{{\"to\": \"{}\", \"text\": \"Hello {{{{ recipient.name }}}}\"}}'\n\n\
             curl -s {url}/api/v1/messages -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' \\\n  \
             -d '{{\"to\": \"channel:{}\", \"text\": \"Hello, {}\"}}'\n\n\
             curl -s '{}/_emulator/people/{}/messages'\n\nCtrl-C stops both.",
            self.emulator.base_url(),
            team.name,
            team.group_id,
            ada.email,
            channel.id,
            channel.name,
            self.emulator.base_url(),
            ada.email,
        ));
    }

    /// Stops both, letting what is under way end.
    pub(crate) async fn stop(self) {
        self.server.stop(GRACE).await;
        self.emulator.shutdown().await;
    }
}

/// Milliseconds since 1970, by the wall clock of this machine.
#[expect(clippy::disallowed_methods, reason = "the binary is the edge where the wall clock is read")]
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
