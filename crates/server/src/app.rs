//! The running server: what its parts share, how it starts, how it stops.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use pregon_domain::ports::{Channel, Store, StoreError};
use pregon_domain::retry::RetryPolicy;
use pregon_domain::scopes::Limits;
use pregon_domain::{Chance, Clock};
use pregon_engine::{BotSetup, Engine, EngineConfig, EngineParts};
use pregon_store::{ConnectError, OpenError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::api::{self, Problem, fields};
use crate::bots::{Bot, Bots, BotsError};
use crate::config::Config;
use crate::edge::{self, NoRandomness, SystemClock};
use crate::expiry;
use crate::inbound::InboundCounters;
use crate::outbox::Outbox;
use crate::store;
use crate::teams::TeamsChannel;

/// What handlers share; cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) channel: Arc<dyn Channel>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<Chance>,
    pub(crate) bots: Arc<Bots>,
    pub(crate) outbox: Outbox,
    pub(crate) inbound: InboundCounters,
    /// Life of a message that names no end.
    pub(crate) expiry: Duration,
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// The bot a request names; the only one where it names none.
    pub(crate) fn bot(&self, name: Option<&str>) -> Result<&Bot, Problem> {
        let names = || self.bots.iter().map(|bot| bot.name.as_str()).collect::<Vec<_>>().join(", ");
        match name {
            Some(name) => self.bots.get(name).ok_or_else(|| {
                let name: String = name.chars().take(64).collect();
                Problem::field("unknown_bot", "/bot", format!("There is no bot {name:?}."))
                    .remedy(format!("The configured bots: {}.", names()))
            }),
            None if names().is_empty() => Err(Problem::field("unknown_bot", "/bot", "No bot is configured.")
                .remedy("Add a [[bots]] section to pregon.toml and start the server again.")),
            None => self.bots.only().ok_or_else(|| {
                fields::missing("bot").remedy(format!("There are several bots; name one of {}.", names()))
            }),
        }
    }
}

/// What a server is made of besides its configuration; tests bring their own.
pub struct Parts {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// Ids and jitter.
    pub chance: Arc<Chance>,
}

impl Parts {
    /// The real ones: the database of the configuration, the machine's clock and randomness.
    pub async fn open(config: &Config) -> Result<Self, StartError> {
        let store = store::open(&config.store).await?;
        Ok(Self { store, clock: Arc::new(SystemClock), chance: Arc::new(edge::seeded_chance()?) })
    }
}

/// The server did not start. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error(
        "cannot listen on {address}: {source}; stop what listens there, or choose another address with server.listen (--listen)"
    )]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database cannot be used.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The store cannot be read.
    #[error("{0}: {source}; look at the database that [store] of the configuration names", source = .0.source)]
    Store(#[from] StoreError),
    /// A bot cannot be set up.
    #[error(transparent)]
    Bots(#[from] BotsError),
    /// There is no randomness for ids.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Starts servers.
#[derive(Debug)]
pub struct Server;

impl Server {
    /// Binds, starts the engine and serves until [`RunningServer::stop`].
    ///
    /// # Errors
    /// In one sentence that names the remedy; nothing is left running.
    pub async fn start(config: Config, parts: Parts) -> Result<RunningServer, StartError> {
        let address = config.server.listen;
        let listen = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let addr = listener.local_addr().map_err(listen)?;
        let app = App::new(&config, parts).await?;
        let stop = CancellationToken::new();
        let stopped = stop.clone().cancelled_owned();
        tokio::spawn(expiry::watch(app.clone(), stop.clone()));
        let router = api::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move {
            let served = axum::serve(listener, router).with_graceful_shutdown(stopped).await;
            if let Err(error) = served {
                tracing::error!(%error, "the server stopped listening: {error}");
            }
        });
        tracing::info!(server.address = %addr, "listening on {addr}");
        Ok(RunningServer { addr, base_url: format!("http://{addr}"), app, stop, serving })
    }
}

impl App {
    async fn new(config: &Config, parts: Parts) -> Result<Self, StartError> {
        let Parts { store, clock, chance } = parts;
        let bots = Arc::new(Bots::new(config)?);
        let channel: Arc<dyn Channel> = Arc::new(TeamsChannel::new(Arc::clone(&bots)));
        // People unknown to the store are looked up in the home tenant: its lane must be there.
        for bot in &config.bots {
            if let Some(tenant) = bot.home_tenant() {
                store.lane(&pregon_domain::LaneKey { bot: pregon_domain::BotName::new(&bot.name), tenant }).await?;
            }
        }
        let engine = Engine::start(EngineParts {
            store: Arc::clone(&store),
            channel: Arc::clone(&channel),
            clock: Arc::clone(&clock),
            chance: Arc::clone(&chance),
            config: engine_config(config),
        });
        let engine = Arc::new(engine.await?);
        let outbox = Outbox {
            store: Arc::clone(&store),
            engine: Arc::clone(&engine),
            clock: Arc::clone(&clock),
            chance: Arc::clone(&chance),
        };
        let expiry = Duration::from_hours(config.delivery.default_expiry_h.into());
        let inbound = InboundCounters::default();
        Ok(Self(Arc::new(Shared { store, engine, channel, clock, chance, bots, outbox, inbound, expiry })))
    }
}

fn engine_config(config: &Config) -> EngineConfig {
    let delivery = &config.delivery;
    let bots = config.bots.iter().map(|bot| BotSetup {
        name: pregon_domain::BotName::new(&bot.name),
        home_tenant: bot.home_tenant(),
        proactive_install: bot.proactive_install,
    });
    EngineConfig {
        bots: bots.collect(),
        limits: Limits {
            lane_per_s: Some(delivery.lane_per_s).filter(|&rate| rate > 0),
            graph_per_s: delivery.graph_per_s,
        },
        retry: RetryPolicy {
            attempts: delivery.attempts,
            retry_server_error: delivery.retry_server_error,
            ..RetryPolicy::default()
        },
        retention: delivery.retention(),
        request_concurrency: usize::try_from(delivery.concurrency).unwrap_or(usize::MAX),
        ..EngineConfig::default()
    }
}

/// A server that serves.
pub struct RunningServer {
    /// Where it listens; the real port when 0 was asked for.
    pub addr: SocketAddr,
    /// `http://` and [`RunningServer::addr`].
    pub base_url: String,
    app: App,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl RunningServer {
    /// The store, for whoever runs the server in their own process.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.app.store)
    }

    /// Stops: no new requests, nothing more is sent, what is under way ends within `grace`.
    ///
    /// Returns whether everything ended in time; what did not is in doubt, as after a crash.
    pub async fn stop(self, grace: Duration) -> bool {
        let Self { app, stop, mut serving, .. } = self;
        stop.cancel();
        let requests = async {
            // A caller that keeps its connection open does not keep the server from ending.
            let ended = tokio::time::timeout(grace, &mut serving).await.is_ok();
            serving.abort();
            ended
        };
        let (requests, deliveries) = tokio::join!(requests, app.engine.stop(grace));
        tracing::info!("stopped");
        requests && deliveries
    }
}
