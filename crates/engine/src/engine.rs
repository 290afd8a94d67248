use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pregon_domain::ports::{Channel, ChannelResult, Store, StoreError};
use pregon_domain::retry::RetryPolicy;
use pregon_domain::scopes::{Call, GraphCall, Limits};
use pregon_domain::{BotName, Chance, Clock, LaneId, LaneKey, ReferenceId};
use pregon_model::TenantId;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::breakers::Breakers;
use crate::expand::Expander;
use crate::gate::Gate;
use crate::lane::LaneWorker;
use crate::roster;
use crate::status::{LaneShared, LaneStatus};
use crate::timeline::Timeline;
use crate::upkeep;

/// What the engine is made of.
pub struct EngineParts {
    /// Where messages and references are.
    pub store: Arc<dyn Store>,
    /// Teams.
    pub channel: Arc<dyn Channel>,
    /// The wall clock: deliveries are due by it.
    pub clock: Arc<dyn Clock>,
    /// Ids and jitter.
    pub chance: Arc<Chance>,
    /// How it works.
    pub config: EngineConfig,
}

/// A bot the engine speaks for. Lanes of other bots are left alone.
#[derive(Clone, Debug)]
pub struct BotSetup {
    /// Its name.
    pub name: BotName,
    /// The tenant where people unknown to the store are looked up.
    pub home_tenant: Option<TenantId>,
    /// Whether the app may be installed for people who do not have it.
    pub proactive_install: bool,
}

/// How the engine works.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// The bots.
    pub bots: Vec<BotSetup>,
    /// The limits of each lane.
    pub limits: Limits,
    /// Retries.
    pub retry: RetryPolicy,
    /// Calls under way at once, per lane.
    pub request_concurrency: usize,
    /// How long outcomes are gathered before they are written.
    pub settle_every: Duration,
    /// How long deliveries that ended are kept; `None` for ever.
    pub retention: Option<Duration>,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            bots: Vec::new(),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            request_concurrency: 64,
            settle_every: Duration::from_millis(50),
            retention: None,
        }
    }
}

/// What the engine's tasks share.
pub(crate) struct Shared {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) channel: Arc<dyn Channel>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<Chance>,
    pub(crate) config: EngineConfig,
    pub(crate) stop: CancellationToken,
    /// Raised when there may be new work.
    pub(crate) wake: watch::Sender<()>,
    /// Raised when outcomes were written: a message may have ended that another waits for.
    pub(crate) progress: watch::Sender<()>,
    pub(crate) breakers: Breakers,
    timeline: Timeline,
    lanes: Mutex<HashMap<LaneId, Arc<LaneShared>>>,
    /// Teams being read.
    reading: Mutex<HashSet<ReferenceId>>,
}

impl Shared {
    pub(crate) fn bot(&self, name: &BotName) -> Option<&BotSetup> {
        self.config.bots.iter().find(|bot| bot.name == *name)
    }

    /// The shared part of a lane, made at its first use.
    pub(crate) fn lane(&self, id: LaneId, key: &LaneKey) -> Arc<LaneShared> {
        let mut lanes = lock(&self.lanes);
        let made = lanes.entry(id).or_insert_with(|| {
            let gate = Gate::new(self.config.limits.clone(), self.timeline);
            Arc::new(LaneShared::new(id, key.clone(), gate))
        });
        Arc::clone(made)
    }

    /// Says that these lanes have new work, and no others: a chunk of a large audience concerns few of a
    /// thousand lanes.
    pub(crate) fn wake_lanes(&self, ids: impl IntoIterator<Item = LaneId>) {
        let lanes = lock(&self.lanes);
        for id in ids {
            let worked = lanes.get(&id).filter(|lane| lane.wake.receiver_count() > 0);
            // A lane without a worker yet gets one when the engine wakes.
            worked.map_or(&self.wake, |lane| &lane.wake).send_replace(());
        }
    }
}

/// Locks what is never left half-changed, also by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The running engine.
pub struct Engine {
    shared: Arc<Shared>,
    tasks: TaskTracker,
}

/// Rest before a worker that failed (a panic, a lost lane) is started again.
const RESTART_REST: Duration = Duration::from_secs(1);
/// Rests between tries to read a team; messages to its members read the roster anyway.
const TEAM_RESTS: [Duration; 4] =
    [Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30), Duration::ZERO];
/// Rest before the list of lanes is read again after the store failed.
const STORE_REST: Duration = Duration::from_secs(1);

impl Engine {
    /// Starts workers for every lane of its bots, the expander and the upkeep of the store.
    ///
    /// # Errors
    /// When the store cannot list the lanes.
    pub async fn start(parts: EngineParts) -> Result<Self, StoreError> {
        let EngineParts { store, channel, clock, chance, config } = parts;
        store.lanes().await?;
        let timeline = Timeline::starting_at(clock.now());
        let shared = Arc::new(Shared {
            store,
            channel,
            clock,
            chance,
            config,
            stop: CancellationToken::new(),
            wake: watch::Sender::new(()),
            progress: watch::Sender::new(()),
            breakers: Breakers::new(timeline),
            timeline,
            lanes: Mutex::default(),
            reading: Mutex::default(),
        });
        let tasks = TaskTracker::new();
        tasks.spawn(supervise(Arc::clone(&shared), tasks.clone()));
        tasks.spawn(Expander::new(Arc::clone(&shared)).run());
        tasks.spawn(upkeep::run(Arc::clone(&shared)));
        tasks.close();
        Ok(Self { shared, tasks })
    }

    /// Says that there may be something to do: a message was accepted, a lane is new. Cheap.
    pub fn wake(&self) {
        self.shared.wake.send_replace(());
    }

    /// How a lane is doing.
    pub fn status(&self, lane: LaneId) -> Option<LaneStatus> {
        let lanes = lock(&self.shared.lanes);
        lanes.get(&lane).map(|lane| lane.status())
    }

    /// Makes a Graph call for a lane when its turn comes; what it answers counts for the calls after it.
    ///
    /// # Errors
    /// As the call fails, or without it when Graph is known to be down.
    pub async fn graph<T>(
        &self,
        lane: LaneId,
        key: &LaneKey,
        call: GraphCall,
        what: impl Future<Output = ChannelResult<T>>,
    ) -> ChannelResult<T> {
        let lane = self.shared.lane(lane, key);
        self.shared.call(&lane, Call::graph(call), None, what).await.map_err(|failed| failed.failure)
    }

    /// Reads a team's channels and roster in the background, and captures what it finds. A team that
    /// is being read is not read a second time at once: one install is told by two events.
    pub fn sync_team(&self, team: ReferenceId) {
        let shared = Arc::clone(&self.shared);
        let is_new = lock(&shared.reading).insert(team);
        if !is_new {
            return;
        }
        self.tasks.spawn(async move {
            let stop = shared.stop.clone();
            tokio::select! {
                () = stop.cancelled() => {}
                () = read_team(&shared, team) => {}
            }
            lock(&shared.reading).remove(&team);
        });
    }

    /// Stops: nothing more is claimed, calls under way end and are settled. What is not over after
    /// `grace` is cut; its deliveries are then in doubt, as after a crash.
    ///
    /// Returns whether everything ended in time.
    pub async fn stop(&self, grace: Duration) -> bool {
        self.shared.stop.cancel();
        tokio::time::timeout(grace, self.tasks.wait()).await.is_ok()
    }
}

/// Reads a team, patiently: right after an install the Connector may not know of it yet.
async fn read_team(shared: &Shared, team: ReferenceId) {
    for rest in TEAM_RESTS {
        match roster::sync_team(shared, team).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(reference.id = %team, %error, "team {team} was not read: {error}"),
        }
        tokio::time::sleep(rest).await;
    }
}

/// Waits until a time, or for ever when there is none.
pub(crate) async fn wait_until(time: Option<Instant>) {
    match time {
        Some(time) => tokio::time::sleep_until(time).await,
        None => std::future::pending().await,
    }
}

/// Keeps one worker per lane running until the engine stops.
async fn supervise(shared: Arc<Shared>, tasks: TaskTracker) {
    let mut wake = shared.wake.subscribe();
    let mut started = HashMap::new();
    loop {
        match shared.store.lanes().await {
            Ok(lanes) => {
                for (id, key) in lanes {
                    if shared.bot(&key.bot).is_some() && !started.contains_key(&id) {
                        started.insert(id, tasks.spawn(keep_working(Arc::clone(&shared), shared.lane(id, &key))));
                    }
                }
                tokio::select! {
                    () = shared.stop.cancelled() => return,
                    _ = wake.changed() => {}
                }
            }
            Err(error) => {
                tracing::error!(%error, "the lanes cannot be read; trying again: {error}");
                tokio::select! {
                    () = shared.stop.cancelled() => return,
                    () = tokio::time::sleep(STORE_REST) => {}
                }
            }
        }
    }
}

/// Works a lane; when its worker fails the lane is taken anew, which resolves what it left in doubt.
async fn keep_working(shared: Arc<Shared>, lane: Arc<LaneShared>) {
    while !shared.stop.is_cancelled() {
        let worker = tokio::spawn(LaneWorker::take_and_run(Arc::clone(&shared), Arc::clone(&lane)));
        match worker.await {
            Ok(Ok(())) => return,
            Ok(Err(error)) => tracing::error!(lane.id = lane.id.0, %error, "{} stopped: {error}", lane.id),
            Err(error) => tracing::error!(lane.id = lane.id.0, %error, "{} broke: {error}", lane.id),
        }
        tokio::select! {
            () = shared.stop.cancelled() => return,
            () = tokio::time::sleep(RESTART_REST) => {}
        }
    }
}
