use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::Duration,
};

use axum::Router;
use reqwest::Url;
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
    faults::{Fault, Faults},
    keys::{KeyRing, SigningKey, first_keys},
    limits::{Gate, Limits},
    listener::{Cut, CuttableListener},
    lock::lock,
    log::{Log, LoggedMessage},
    operation::Operation,
    outgoing::{self, Outgoing},
    stats::Stats,
    tokens::Tokens,
    view::{ConversationView, PersonView, TenantView},
    world::{AppIx, AppSpec, World},
};

/// How long a shutdown waits for answers that are under way.
const SHUTDOWN_PATIENCE: Duration = Duration::from_secs(2);

/// Whose keys are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Issuer {
    /// Entra ID: signs the tokens bots ask for.
    Entra,
    /// The Bot Framework: signs the tokens bots are called with.
    BotFramework,
}

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
            batch_members: config.batch_members,
            serves_control: address.ip().is_loopback() || config.allow_remote_control,
            tokens: Tokens::new(KeyRing::new(entra)),
            outgoing,
            faults: Faults::default(),
            batches: Batches::new(stop.clone()),
            files: Mutex::default(),
            world: Mutex::new(world),
            gate: Mutex::new(Gate::new(config.limits)),
            log: Mutex::new(Log::new(config.keep_bodies)),
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
        let service = router.into_make_service_with_connect_info::<Cut>();
        let serve =
            axum::serve(CuttableListener(listener), service).with_graceful_shutdown(stop.clone().cancelled_owned());
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

    /// Says where a bot listens, for example `http://127.0.0.1:8080/api/messages/harbor`.
    pub fn set_bot_endpoint(&self, app_id: &str, url: &str) -> Result<(), ActionError> {
        self.app.set_endpoint(app_id, url)
    }

    /// The bots, with their credentials.
    pub fn apps(&self) -> Vec<AppSpec> {
        lock(&self.app.world).apps.clone()
    }

    /// The organisations, with teams and channels.
    pub fn tenants(&self) -> Vec<TenantView> {
        self.app.tenant_views()
    }

    /// Everybody.
    pub fn people(&self) -> Vec<PersonView> {
        self.app.people("", 0, usize::MAX).0
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

    /// What was counted.
    pub fn stats(&self) -> Stats {
        self.app.stats()
    }

    /// Conversations somebody wrote in.
    pub fn conversations(&self) -> Vec<ConversationView> {
        self.app.conversations(0, usize::MAX)
    }

    /// The messages of a personal chat, channel or thread, oldest first; deleted ones are marked.
    pub fn conversation(&self, id: &str) -> Vec<LoggedMessage> {
        self.app.messages_of(id).unwrap_or_default()
    }

    /// What the bots wrote to a person in personal chats, oldest first; deleted ones are marked.
    pub fn received_by(&self, person: &str) -> Result<Vec<LoggedMessage>, ActionError> {
        Ok(self.app.received_by(self.app.find_person(person)?))
    }

    /// Messages new or changed since change number `after`, at most `limit` changes, and the number to
    /// ask with next.
    pub fn messages(&self, after: u64, limit: usize) -> (Vec<LoggedMessage>, u64) {
        let log = lock(&self.app.log);
        let (messages, next) = log.since(after, limit);
        (messages.into_iter().cloned().collect(), next)
    }

    /// Makes something go wrong.
    pub fn add_fault(&self, fault: Fault) -> Result<(), ActionError> {
        self.app.add_fault(fault)
    }

    /// Faults still to happen.
    pub fn faults(&self) -> Vec<Fault> {
        self.app.faults.list()
    }

    /// Takes all faults back.
    pub fn clear_faults(&self) {
        self.app.faults.clear();
    }

    /// Lets time pass at once, at most ten years: tokens and delta links expire, limits have room again.
    ///
    /// Tokens the bots are called with keep to the machine's own time, as the bots check them by it.
    pub fn advance(&self, by: Duration) {
        self.app.clock.advance(by);
    }

    /// Enforces or lifts the limits from now on.
    pub fn set_limits(&self, limits: Limits) {
        lock(&self.app.gate).set(limits);
    }

    /// Signs with a new key from now on; the one before stays published. Two rotations of Entra's
    /// make every token issued before them worthless.
    pub async fn rotate_keys(&self, issuer: Issuer) -> Result<(), StartError> {
        self.app.rotate_keys(issuer).await
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

impl App {
    pub(crate) fn set_endpoint(&self, app_id: &str, url: &str) -> Result<(), ActionError> {
        let bot = self.find_app(Some(app_id))?;
        let bad = || ActionError::BadUrl(url.to_owned());
        let url = Url::parse(url).map_err(|_| bad())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad());
        }
        self.outgoing.set_endpoint(bot, url);
        Ok(())
    }

    pub(crate) fn add_fault(&self, fault: Fault) -> Result<(), ActionError> {
        let person = fault.person.as_deref().map(|key| self.find_person(key)).transpose()?;
        self.faults.add(fault, person);
        Ok(())
    }

    pub(crate) async fn rotate_keys(&self, issuer: Issuer) -> Result<(), StartError> {
        let made = tokio::task::spawn_blocking(SigningKey::generate).await.map_err(|_| StartError::Keys)?;
        let key = made.map_err(|_| StartError::Keys)?;
        match issuer {
            Issuer::Entra => self.tokens.rotate(key),
            Issuer::BotFramework => {
                self.outgoing.keys.rotate(key);
                self.outgoing.forget_tokens();
            }
        }
        Ok(())
    }

    /// The messages of a place, or of one thread when the id names one; `None` when there is no such place.
    pub(crate) fn messages_of(&self, id: &str) -> Option<Vec<LoggedMessage>> {
        let (id, root) = id.split_once(";messageid=").map_or((id, None), |(id, root)| (id, Some(root)));
        let place = lock(&self.world).place(id)?;
        let in_thread = |message: &&LoggedMessage| root.is_none() || message.thread_root.as_deref() == root;
        Some(lock(&self.log).of(place).filter(in_thread).cloned().collect())
    }

    pub(crate) fn received_by(&self, person: crate::world::PersonIx) -> Vec<LoggedMessage> {
        let places: Vec<_> = {
            let world = lock(&self.world);
            (0..world.apps.len()).filter_map(|nth| Some(world.chat_if_any(AppIx(nth), person)?.place)).collect()
        };
        let log = lock(&self.log);
        let mut received: Vec<_> =
            places.iter().flat_map(|place| log.of(*place)).filter(|m| m.written_by.is_none()).cloned().collect();
        received.sort_by_key(|message| message.seq);
        received
    }
}
