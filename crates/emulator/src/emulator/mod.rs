//! A running emulator: how it starts and stops, and who acts in it.

mod look;
mod setup;

use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::Duration,
};

use axum::Router;
pub use setup::Issuer;
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    actions::ActionError,
    actor::Actor,
    app::{App, dispatch},
    chance::Chance,
    clock::Clock,
    config::{EmulatorConfig, StartError},
    connector::Batches,
    faults::Faults,
    keys::{KeyRing, first_keys},
    limits::Gate,
    listener::{Connections, Wire},
    log::Log,
    operation::Operation,
    outgoing::{self, Outgoing},
    tokens::Tokens,
    world::{AppIx, World},
};

/// How long a shutdown waits for answers that are under way.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);

/// A running emulator. Dropping it stops it at once; [`Emulator::shutdown`] lets answers finish.
pub struct Emulator {
    pub(crate) app: Arc<App>,
    address: SocketAddr,
    stop: CancellationToken,
    server: Option<JoinHandle<std::io::Result<()>>>,
    workers: TaskTracker,
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Emulator").field("base_url", &self.app.base_url).finish_non_exhaustive()
    }
}

impl Emulator {
    /// Builds the world, makes the signing keys and listens.
    pub async fn start(config: EmulatorConfig) -> Result<Self, StartError> {
        let keys = tokio::spawn(first_keys());
        let listener = TcpListener::bind(config.listen).await.map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => StartError::PortInUse(config.listen),
            _ => StartError::Listen(config.listen, error),
        })?;
        let address = listener.local_addr().map_err(|error| StartError::Listen(config.listen, error))?;
        let chance = Chance::new(config.world.seed ^ 0x5eed);
        let world = World::build(config.world)?;
        let (entra, bot_framework) = keys.await.map_err(|_| StartError::Keys)?.map_err(|_| StartError::Keys)?;
        let app_ids = world.apps.iter().map(|app| app.app_id.clone());
        let (outgoing, queues) = Outgoing::new(KeyRing::new(bot_framework), app_ids)?;
        let stop = CancellationToken::new();
        let base_url = config.public_url.unwrap_or_else(|| format!("http://{address}"));
        let app = Arc::new(App {
            base_url: base_url.trim_end_matches('/').to_owned(),
            clock: Clock::start(),
            page_size_max: config.page_size_max.max(1),
            message_bytes_max: config.message_bytes_max,
            keeps_bodies: config.keep_bodies,
            batch_members: config.batch_members,
            serves_control: address.ip().is_loopback() || config.allow_remote_control,
            tokens: Tokens::new(KeyRing::new(entra)),
            outgoing,
            faults: Faults::default(),
            batches: Batches::new(stop.clone()),
            files: Mutex::default(),
            notifications: Mutex::default(),
            world: Mutex::new(world),
            gate: Mutex::new(Gate::new(config.limits)),
            log: Mutex::new(Log::new(config.keep_bodies)),
            calls: Mutex::default(),
            chance: Mutex::new(chance),
            counters: [const { AtomicU64::new(0) }; Operation::ALL.len()],
            throttled: AtomicU64::new(0),
            changed: Notify::new(),
        });
        let workers = TaskTracker::new();
        for (nth, queue) in queues.into_iter().enumerate() {
            workers.spawn(outgoing::run(Arc::clone(&app), AppIx(nth), queue, stop.clone()));
        }
        let router = Router::new().fallback(dispatch).with_state(Arc::clone(&app));
        let service = router.into_make_service_with_connect_info::<Wire>();
        let serve = axum::serve(Connections::new(listener, Arc::clone(&app)), service)
            .with_graceful_shutdown(stop.clone().cancelled_owned());
        let server = tokio::spawn(serve.into_future());
        Ok(Self { app, address, stop, server: Some(server), workers })
    }

    /// Address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`, without trailing slash: login host, Bot Framework host and Graph host.
    pub fn base_url(&self) -> &str {
        &self.app.base_url
    }

    /// Base address of the Connector, as activities name it; ends with a slash.
    pub fn service_url(&self) -> String {
        self.app.service_url()
    }

    /// Stops listening, lets answers under way finish for two seconds, and stops.
    pub async fn shutdown(mut self) {
        self.stop.cancel();
        self.workers.close();
        if let Some(mut server) = self.server.take()
            && tokio::time::timeout(SHUTDOWN_PATIENCE, &mut server).await.is_err()
        {
            server.abort();
        }
        let _ = tokio::time::timeout(SHUTDOWN_PATIENCE, self.workers.wait()).await;
    }

    /// Somebody who can act: by object id, sign-in name, e-mail address or `29:` id. They act towards
    /// the world's first bot; see [`Actor::towards`].
    pub fn person(&self, key: &str) -> Result<Actor<'_>, ActionError> {
        let person = self.app.find_person(key)?;
        Ok(Actor { emulator: self, person, bot: self.app.find_app(None)? })
    }

    /// Installs a bot in a team: short for [`TeamHandle::install`](crate::TeamHandle::install).
    pub fn install_in_team(&self, app_id: &str, team: &str) -> Result<bool, ActionError> {
        self.team(team)?.install(app_id)
    }

    /// Takes a bot out of a team: short for [`TeamHandle::uninstall`](crate::TeamHandle::uninstall).
    pub fn uninstall_from_team(&self, app_id: &str, team: &str) -> Result<bool, ActionError> {
        self.team(team)?.uninstall(app_id)
    }

    /// Renames a team: short for [`TeamHandle::rename`](crate::TeamHandle::rename).
    pub fn rename_team(&self, team: &str, name: &str) -> Result<(), ActionError> {
        self.team(team)?.rename(name)
    }

    /// Adds a channel to a team: short for [`TeamHandle::create_channel`](crate::TeamHandle::create_channel).
    pub fn create_channel(&self, team: &str, name: &str) -> Result<String, ActionError> {
        self.team(team)?.create_channel(name)
    }

    /// Waits until `condition` holds; it is asked again after everything that is logged or delivered.
    pub async fn until(&self, mut condition: impl FnMut(&Self) -> bool) {
        loop {
            // Registered before the look, so that nothing is missed in between.
            let mut changed = std::pin::pin!(self.app.changed.notified());
            changed.as_mut().enable();
            if condition(self) {
                return;
            }
            changed.await;
        }
    }

    /// Waits until every activity for the bots was delivered or given up.
    pub async fn delivered(&self) {
        self.until(|emulator| emulator.app.outgoing.is_idle()).await;
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop.cancel();
        if let Some(server) = self.server.take() {
            server.abort();
        }
    }
}
