//! The small world the checks play in.

use std::sync::atomic::{AtomicU64, Ordering};

use pregon_domain::content::{Content, Format, Text};
use pregon_domain::directory::{Capture, CaptureChange, Person, Reference, Scope};
use pregon_domain::message::Delivery;
use pregon_domain::message::{Claimed, Message, MessageProgress, NewDelivery, Outcome, Settlement, Tally};
use pregon_domain::ports::{DeliveryFilter, Lease, Store};
use pregon_domain::{BotName, Chance, DeliveryId, LaneId, LaneKey, MessageId, ReferenceId, Timestamp};
use pregon_model::{ConversationId, MemberId, ObjectId, TenantId};

/// When the checks begin.
pub const START: Timestamp = Timestamp::from_millis(1_790_000_000_000);

/// The time `millis` after the start.
pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(START.as_millis() + millis)
}

/// A store with one lane, and shorthands for what is asked of it.
pub struct Scene<'a> {
    /// The store under test.
    pub store: &'a dyn Store,
    /// The bot `main` in the tenant `contoso`.
    pub lane: LaneId,
    chance: Chance,
    tick: AtomicU64,
}

impl<'a> Scene<'a> {
    /// A scene in an empty store.
    pub async fn new(store: &'a dyn Store) -> Scene<'a> {
        let lane = store.lane(&key("main", "contoso")).await.unwrap();
        Scene { store, lane, chance: Chance::new(7), tick: AtomicU64::new(0) }
    }

    /// A message made now, not yet accepted.
    pub fn message(&self) -> Message {
        let tick = i64::try_from(self.tick.fetch_add(1, Ordering::Relaxed)).unwrap();
        let id = MessageId::from_uuid(self.chance.uuid(at(tick)));
        let content = Content::Text(Text { text: "hi".into(), format: Format::Plain });
        Message {
            data: serde_json::json!({"build": 412}),
            to: vec!["everyone".into()],
            topic: Some("news".into()),
            ..Message::send(id, bot(), content, START, at(86_400_000))
        }
    }

    /// A delivery id later than every one before.
    pub fn delivery_id(&self) -> DeliveryId {
        let tick = i64::try_from(self.tick.fetch_add(1, Ordering::Relaxed)).unwrap();
        DeliveryId::from_uuid(self.chance.uuid(at(tick)))
    }

    /// A delivery to `reference`, due at the start.
    pub fn to(&self, reference: ReferenceId) -> NewDelivery {
        NewDelivery {
            id: self.delivery_id(),
            lane: self.lane,
            reference: Some(reference),
            address: "everyone".into(),
            due: START,
            thread_root: None,
            activity: None,
            stopped: None,
        }
    }

    /// A person with member id, e-mail address and chat, all called `name`.
    pub async fn person(&self, name: &str) -> ReferenceId {
        self.store.capture(&personal(self.lane, name), START).await.unwrap()
    }

    /// As many people.
    pub async fn people(&self, count: usize) -> Vec<ReferenceId> {
        let mut people = Vec::new();
        for number in 0..count {
            people.push(self.person(&format!("p{number}")).await);
        }
        people
    }

    /// Accepts `message` and expands it at once, to these references.
    pub async fn send(&self, message: &Message, to: &[ReferenceId]) -> Vec<DeliveryId> {
        self.store.accept(message, None).await.unwrap();
        let deliveries: Vec<_> = to.iter().map(|id| self.to(*id)).collect();
        self.store.expand(message.id, &deliveries, None, true, START).await.unwrap();
        deliveries.iter().map(|new| new.id).collect()
    }

    /// Takes the lane.
    pub async fn take(&self, now: Timestamp) -> Lease {
        self.store.take(self.lane, now).await.unwrap()
    }

    /// Claims as the owner of `epoch`.
    pub async fn claim(&self, epoch: i64, now: Timestamp, limit: usize) -> Vec<Claimed> {
        self.store.claim(self.lane, epoch, now, limit).await.unwrap().expect("still the owner")
    }

    /// Settles one delivery.
    pub async fn settle(&self, epoch: i64, now: Timestamp, claimed: &Claimed, outcome: Outcome) {
        let settlement = settlement(claimed, outcome);
        assert!(self.store.settle(self.lane, epoch, now, &[settlement], &[]).await.unwrap());
    }

    /// The message as it stands.
    pub async fn progress(&self, id: MessageId) -> MessageProgress {
        self.store.message(id).await.unwrap().expect("it was accepted")
    }

    /// Every delivery of a message.
    pub async fn deliveries(&self, id: MessageId) -> Vec<Delivery> {
        let filter = DeliveryFilter { limit: usize::MAX, ..DeliveryFilter::default() };
        self.store.deliveries(id, &filter).await.unwrap()
    }

    /// One delivery.
    pub async fn delivery(&self, message: MessageId, id: DeliveryId) -> Delivery {
        self.deliveries(message).await.into_iter().find(|delivery| delivery.id == id).expect("it is stored")
    }

    /// One reference.
    pub async fn reference(&self, id: ReferenceId) -> Reference {
        self.store.reference(id).await.unwrap().expect("it is stored")
    }

    /// Compares a message's tallies with a recount of its deliveries.
    pub async fn check_tallies(&self, id: MessageId) {
        let mut counted: Vec<Tally> = Vec::new();
        for delivery in self.deliveries(id).await {
            let same = |tally: &&mut Tally| (tally.state, tally.reason) == (delivery.state, delivery.reason);
            match counted.iter_mut().find(same) {
                Some(tally) => tally.count += 1,
                None => counted.push(Tally { state: delivery.state, reason: delivery.reason, count: 1 }),
            }
        }
        let mut kept = self.progress(id).await.tallies;
        let order = |tally: &Tally| (tally.state, tally.reason);
        counted.sort_by_key(order);
        kept.sort_by_key(order);
        assert_eq!(kept, counted, "the tallies are not a recount");
    }
}

/// The bot of the scene.
pub fn bot() -> BotName {
    BotName::new("main")
}

/// A lane's key.
pub fn key(bot: &str, tenant: &str) -> LaneKey {
    LaneKey { bot: BotName::new(bot), tenant: TenantId::new(tenant) }
}

/// A capture of nothing yet.
pub fn capture(lane: LaneId, scope: Scope, conversation: Option<&str>) -> Capture {
    Capture {
        lane,
        scope,
        conversation: conversation.map(ConversationId::new),
        service_url: None,
        person: None,
        name: None,
        team: None,
        group: None,
        change: CaptureChange::Seen,
    }
}

/// A person of the roster: member id, object id, name and address.
pub fn person(name: &str) -> Person {
    Person {
        member_id: Some(MemberId::new(format!("29:{name}"))),
        object_id: Some(ObjectId::new(format!("object-{name}"))),
        name: Some(name.to_owned()),
        email: Some(format!("{name}@contoso.com")),
        ..Person::default()
    }
}

/// A capture of a person's chat.
pub fn personal(lane: LaneId, name: &str) -> Capture {
    let conversation = format!("a:{name}");
    Capture { person: Some(person(name)), ..capture(lane, Scope::Personal, Some(&conversation)) }
}

/// The settlement of a claimed delivery after one more attempt.
pub fn settlement(claimed: &Claimed, outcome: Outcome) -> Settlement {
    Settlement {
        id: claimed.id,
        message: claimed.message,
        before: claimed.reason,
        outcome,
        attempts: claimed.attempts + 1,
        doubted: false,
        crowded: false,
        detail: None,
    }
}
