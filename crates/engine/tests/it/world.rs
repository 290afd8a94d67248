//! A store in memory, a scripted channel, a running engine, and virtual time.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use pregon_domain::content::{Content, Format, Text};
use pregon_domain::directory::{Capture, CaptureChange, Scope};
use pregon_domain::message::{Message, MessageProgress, MessageState};
use pregon_domain::ports::Store;
use pregon_domain::{BotName, Chance, Clock, DeliveryState, LaneId, LaneKey, MessageId, ReferenceId, Timestamp};
use pregon_engine::{BotSetup, Engine, EngineConfig, EngineParts};
use pregon_model::{ConversationId, ServiceUrl, TenantId};
use pregon_store::MemoryStore;
use tokio::time::Instant;

use crate::teams::{FakeTeams, person};

pub(crate) const TEAM: &str = "19:team@thread.tacv2";

/// An epoch and the runtime's elapsed time: both move together.
pub(crate) struct VirtualClock(Instant);

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_790_000_000_000) + self.0.elapsed()
    }
}

pub(crate) struct World {
    pub(crate) store: Arc<dyn Store>,
    /// The same, as what it is.
    pub(crate) memory: Arc<MemoryStore>,
    pub(crate) teams: Arc<FakeTeams>,
    pub(crate) clock: Arc<VirtualClock>,
    /// The first lane.
    pub(crate) lane: LaneId,
    pub(crate) lanes: Vec<LaneId>,
    pub(crate) chance: Arc<Chance>,
    pub(crate) engine: Option<Engine>,
    pub(crate) config: EngineConfig,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_tenants(&["tenant"]).await
    }

    /// A lane for each tenant; the first is the bot's home.
    pub(crate) async fn with_tenants(tenants: &[&str]) -> Self {
        let memory = Arc::new(MemoryStore::new(1));
        let store: Arc<dyn Store> = memory.clone();
        let key = |tenant: &str| LaneKey { bot: BotName::new("main"), tenant: TenantId::new(tenant) };
        let mut lanes = Vec::new();
        for tenant in tenants {
            lanes.push(store.lane(&key(tenant)).await.unwrap());
        }
        let home = TenantId::new(tenants[0]);
        let bot = BotSetup { name: BotName::new("main"), home_tenant: Some(home), proactive_install: true };
        let mut world = Self {
            store,
            memory,
            teams: FakeTeams::new(),
            clock: Arc::new(VirtualClock(Instant::now())),
            lane: lanes[0],
            lanes,
            chance: Arc::new(Chance::new(1)),
            engine: None,
            config: EngineConfig { bots: vec![bot], ..EngineConfig::default() },
        };
        world.start().await;
        world
    }

    pub(crate) async fn start(&mut self) {
        let parts = EngineParts {
            store: Arc::clone(&self.store),
            channel: self.teams.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
            config: self.config.clone(),
        };
        self.engine = Some(Engine::start(parts).await.unwrap());
    }

    /// A team with the app and people in it; they are captured, their chats do not exist yet.
    pub(crate) async fn team(&self, people: usize) -> Vec<ReferenceId> {
        let team = self.capture(Scope::Team, TEAM).await;
        let people: Vec<_> = (0..people).map(person).collect();
        self.teams.set_roster(people.clone());
        self.store.capture_members(self.lane, team, None, &people, self.clock.now()).await.unwrap()
    }

    /// People the bot has a chat with, in the given lane at the given service.
    pub(crate) async fn chats(&self, lane: LaneId, people: Range<usize>, service_url: &str) {
        for n in people {
            let capture = Capture {
                lane,
                scope: Scope::Personal,
                conversation: Some(ConversationId::new(format!("a:29:{n}"))),
                service_url: Some(ServiceUrl::new(service_url)),
                person: Some(person(n)),
                name: None,
                team: None,
                group: None,
                change: CaptureChange::Installed,
            };
            self.store.capture(&capture, self.clock.now()).await.unwrap();
        }
    }

    pub(crate) async fn capture(&self, scope: Scope, conversation: &str) -> ReferenceId {
        let capture = Capture {
            lane: self.lane,
            scope,
            conversation: Some(ConversationId::new(conversation)),
            service_url: None,
            person: None,
            name: Some("General".into()),
            team: None,
            group: None,
            change: CaptureChange::Installed,
        };
        self.store.capture(&capture, self.clock.now()).await.unwrap()
    }

    pub(crate) fn message(&self, to: &[&str], text: &str) -> Message {
        let now = self.clock.now();
        let id = MessageId::from_uuid(self.chance.uuid(now));
        let content = Content::Text(Text { text: text.to_owned(), format: Format::Plain });
        let to = to.iter().map(|&to| to.to_owned()).collect();
        Message { to, ..Message::send(id, BotName::new("main"), content, now, now + Duration::from_hours(72)) }
    }

    pub(crate) async fn accept(&self, message: &Message) -> MessageId {
        self.store.accept(message, None).await.unwrap();
        self.wake();
        message.id
    }

    /// Says that there may be something to do.
    pub(crate) fn wake(&self) {
        if let Some(engine) = &self.engine {
            engine.wake();
        }
    }

    pub(crate) async fn send(&self, to: &[&str], text: &str) -> MessageId {
        self.accept(&self.message(to, text)).await
    }

    /// Lets virtual time pass until the message has ended.
    pub(crate) async fn done(&self, id: MessageId) -> MessageProgress {
        for _ in 0..2_000_000 {
            let progress = self.store.message(id).await.unwrap().unwrap();
            if matches!(progress.state(), MessageState::Done | MessageState::Cancelled)
                && progress.count(DeliveryState::Pending) == 0
            {
                return progress;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("message {id} never ended: {:?}", self.store.message(id).await.unwrap());
    }

    /// The outcomes of an ended message, as `state:reason count`.
    pub(crate) async fn outcomes(&self, id: MessageId) -> Vec<String> {
        let progress = self.done(id).await;
        let mut lines: Vec<String> = progress
            .tallies
            .iter()
            .filter(|tally| tally.count > 0)
            .map(|tally| {
                let reason = tally.reason.map(|reason| format!(":{reason}")).unwrap_or_default();
                format!("{}{reason} {}", tally.state, tally.count)
            })
            .collect();
        lines.sort();
        lines
    }
}
