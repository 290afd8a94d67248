//! Audiences become deliveries, chunk by chunk; each chunk and the place to go on are stored together.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use pregon_domain::directory::{Capture, CaptureChange, Person, Reference, Scope};
use pregon_domain::message::{Message, NewDelivery, Operation};
use pregon_domain::ports::{ChannelError, DeliveryFilter, Expansion, Place, StoreError};
use pregon_domain::scopes::{Call, GraphCall};
use pregon_domain::{Address, DeliveryId, DeliveryState, LaneId, LaneKey, MessageId, Reason, Timestamp};
use pregon_model::{ActivityId, ConversationId, GroupId, ObjectId};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::engine::{Shared, wait_until};
use crate::roster::{self, RosterError};

/// Deliveries stored at once.
const CHUNK: usize = 500;
/// Messages worked on in turn.
const ABREAST: usize = 8;
/// A scheduled audience is worked out this long before it is due: fresh, and in time.
const LEAD: Duration = Duration::from_mins(1);
/// Rest after a failure that may pass (Graph throttled, store busy).
const REST: Duration = Duration::from_secs(1);

/// Where an expansion goes on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// Entry of `to`.
    entry: usize,
    /// Place within the entry: a roster's continuation, or the last id handled.
    inside: Option<String>,
}

/// What a look at one address yields.
struct Chunk {
    deliveries: Vec<NewDelivery>,
    /// Place within the entry to go on; `None` when the entry is complete.
    inside: Option<String>,
}

impl Chunk {
    fn whole(deliveries: Vec<NewDelivery>) -> Self {
        Self { deliveries, inside: None }
    }
}

/// What a round of the expander leaves.
struct Round {
    /// How long to rest; `None` until woken.
    rest: Option<Duration>,
    /// Whether a message waits for another one to end.
    waits_for_progress: bool,
}

/// Why an expansion did not get further.
enum Halt {
    /// Something else has to happen first; it raises the wake-up.
    WaitsForProgress,
    /// It failed in a way that may pass.
    Failed(String),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Works out audiences, one chunk of each message in turn, so that a long one holds up no other.
pub(crate) struct Expander {
    shared: Arc<Shared>,
    wake: watch::Receiver<()>,
    progress: watch::Receiver<()>,
}

impl Expander {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let (wake, progress) = (shared.wake.subscribe(), shared.progress.subscribe());
        Self { shared, wake, progress }
    }

    pub(crate) async fn run(mut self) {
        let stop = self.shared.stop.clone();
        while !stop.is_cancelled() {
            self.wake.borrow_and_update();
            self.progress.borrow_and_update();
            let Round { rest, waits_for_progress } = self.round().await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = wait_until(rest.map(|rest| Instant::now() + rest)) => {}
                _ = self.wake.changed() => {}
                _ = self.progress.changed(), if waits_for_progress => {}
            }
        }
    }

    /// One chunk of each message that waits.
    async fn round(&self) -> Round {
        let horizon = self.shared.clock.now() + LEAD;
        let expansions = match self.shared.store.expansions(horizon, ABREAST).await {
            Ok(expansions) => expansions,
            Err(error) => {
                tracing::error!(%error, "audiences cannot be read; trying again: {error}");
                return Round { rest: Some(REST), waits_for_progress: false };
            }
        };
        let mut rest: Option<Duration> = None;
        let mut waits_for_progress = false;
        for expansion in expansions {
            let id = expansion.message.id;
            let wish = match self.advance(expansion).await {
                Ok(()) => Some(Duration::ZERO),
                Err(Halt::WaitsForProgress) => {
                    waits_for_progress = true;
                    None
                }
                Err(Halt::Failed(why)) => {
                    tracing::warn!(message.id = %id, "audience of {id} waits: {why}");
                    Some(REST)
                }
            };
            rest = rest.into_iter().chain(wish).min();
        }
        if rest.is_none() {
            let next = self.shared.store.next_expansion().await.ok().flatten();
            // Never zero: what is due and waits for progress is looked at again when woken.
            rest = next.map(|at| (at - LEAD).since(self.shared.clock.now()).max(REST));
        }
        Round { rest, waits_for_progress }
    }

    async fn advance(&self, expansion: Expansion) -> Result<(), Halt> {
        let message = expansion.message;
        // A cursor of another version starts over: deliveries are unique by message and reference.
        let cursor: Cursor = expansion.cursor.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let look = Look { shared: &self.shared, message: &message, now: self.shared.clock.now() };
        let (chunk, entries) = match message.operation {
            Operation::Send => look.addresses(&cursor).await?,
            Operation::Edit(earlier) | Operation::Delete(earlier) => (look.delivered(earlier, &cursor).await?, 1),
        };
        let next = match chunk.inside {
            Some(inside) => Cursor { entry: cursor.entry, inside: Some(inside) },
            None => Cursor { entry: cursor.entry + entries, inside: None },
        };
        let total = if message.operation == Operation::Send { message.to.len() } else { 1 };
        let done = next.entry >= total;
        let text = serde_json::to_string(&next).map_err(|error| Halt::Failed(error.to_string()))?;
        self.shared.store.expand(message.id, &chunk.deliveries, Some(&text), done, look.now).await?;
        self.shared.wake_lanes(chunk.deliveries.iter().map(|delivery| delivery.lane).collect::<BTreeSet<_>>());
        Ok(())
    }
}

/// A look at one message's audience.
struct Look<'a> {
    shared: &'a Shared,
    message: &'a Message,
    now: Timestamp,
}

impl Look<'_> {
    /// The deliveries of the entries at the cursor: one entry that has many people, or as many single
    /// people as fit in a chunk. Also says how many entries that was.
    async fn addresses(&self, cursor: &Cursor) -> Result<(Chunk, usize), Halt> {
        let mut deliveries = Vec::new();
        let mut entries = 0;
        for text in self.message.to.iter().skip(cursor.entry).take(CHUNK) {
            let inside = cursor.inside.as_deref().filter(|_| entries == 0);
            let Ok(address) = text.parse::<Address>() else {
                deliveries.push(self.nobody(text, Reason::NotFound).await?);
                entries += 1;
                continue;
            };
            let many = match &address {
                Address::Team(id) => Some(self.team(text, id, inside).await),
                Address::Everyone => Some(self.everyone(text, inside).await),
                _ => None,
            };
            if let Some(many) = many {
                if entries > 0 {
                    return Ok((Chunk::whole(deliveries), entries)); // its turn is the next chunk
                }
                return Ok((many?, 1));
            }
            deliveries.push(self.single(text, &address).await?);
            entries += 1;
        }
        Ok((Chunk::whole(deliveries), entries))
    }

    async fn single(&self, text: &str, address: &Address) -> Result<NewDelivery, Halt> {
        let (store, bot) = (&self.shared.store, &self.message.bot);
        match address {
            Address::Email(email) => self.person(text, store.find_email(bot, email).await?, email).await,
            Address::Object(id) => self.person(text, store.find_object(bot, id).await?, id.as_str()).await,
            Address::Member(id) => match store.find_member(bot, id).await? {
                Some(reference) => Ok(self.to(&reference, text)),
                None => self.nobody(text, Reason::NotFound).await,
            },
            Address::Channel(id) | Address::Conversation(id) => {
                match store.find_conversation(bot, &id.channel()).await? {
                    Some(reference) => Ok(NewDelivery { thread_root: id.thread_root(), ..self.to(&reference, text) }),
                    None => self.nobody(text, Reason::NotFound).await,
                }
            }
            Address::Thread(message) => self.thread(text, *message).await,
            Address::Team(_) | Address::Everyone => self.nobody(text, Reason::NotFound).await,
        }
    }

    /// A person: as the store knows them, else as the directory does.
    async fn person(&self, text: &str, known: Option<Reference>, who: &str) -> Result<NewDelivery, Halt> {
        if let Some(reference) = known {
            return Ok(self.to(&reference, text));
        }
        let (id, key) = self.home_lane().await?;
        let lane = self.shared.lane(id, &key);
        let place = Place { lane: key, service_url: None };
        let answer =
            self.shared.call(&lane, Call::graph(GraphCall::User), None, self.shared.channel.find_person(&place, who));
        let person = match answer.await {
            Ok(person) => person,
            Err(failed) => match failed.failure.error {
                ChannelError::Throttled { .. }
                | ChannelError::NotSent
                | ChannelError::Unanswered
                | ChannelError::ServerError
                | ChannelError::Credentials => return Err(Halt::Failed(failed.to_string())),
                // Not permitted to look: the person is not known, and that is all that can be said.
                _ => None,
            },
        };
        let Some(person) = person else { return self.nobody(text, Reason::NotFound).await };
        let reference = self.shared.store.capture(&personal(id, person), self.now).await?;
        match self.shared.store.reference(reference).await? {
            Some(reference) => Ok(self.to(&reference, text)),
            None => self.nobody(text, Reason::NotFound).await,
        }
    }

    /// The thread an earlier message began, or the one it is in.
    async fn thread(&self, text: &str, earlier: MessageId) -> Result<NewDelivery, Halt> {
        let chunk = self.delivered(earlier, &Cursor::default()).await?;
        match chunk.deliveries.into_iter().next() {
            Some(delivery) => {
                let thread_root = delivery.thread_root.or(delivery.activity);
                Ok(NewDelivery { thread_root, activity: None, address: text.to_owned(), ..delivery })
            }
            None => self.nobody(text, Reason::ActivityGone).await,
        }
    }

    async fn team(&self, text: &str, id: &str, inside: Option<&str>) -> Result<Chunk, Halt> {
        let (store, bot) = (&self.shared.store, &self.message.bot);
        let team = if id.starts_with("19:") {
            store.find_conversation(bot, &ConversationId::new(id)).await?
        } else {
            store.find_team_by_group(bot, &GroupId::new(id)).await?
        };
        let Some(team) = team.filter(|team| team.scope == Scope::Team) else {
            return Ok(Chunk::whole(vec![self.nobody(text, Reason::NotFound).await?]));
        };
        match roster::page(self.shared, &team, inside).await {
            Ok(page) => {
                let people = page.members.into_iter();
                let deliveries =
                    people.map(|reference| NewDelivery { reference: Some(reference), ..self.blank(team.lane, text) });
                Ok(Chunk { deliveries: deliveries.collect(), inside: page.continuation })
            }
            Err(RosterError::Store(error)) => Err(error.into()),
            Err(RosterError::Channel(failed)) => match failed.failure.error {
                ChannelError::NotInstalled | ChannelError::ConversationGone | ChannelError::NotFound => {
                    let stopped = Some(Reason::NotInstalled);
                    Ok(Chunk::whole(vec![NewDelivery { stopped, ..self.to(&team, text) }]))
                }
                _ => Err(Halt::Failed(failed.to_string())),
            },
        }
    }

    async fn everyone(&self, text: &str, inside: Option<&str>) -> Result<Chunk, Halt> {
        let after = inside.and_then(|id| id.parse().ok());
        let (bot, scope) = (Some(&self.message.bot), Some(Scope::Personal));
        let people = self.shared.store.references(bot, scope, after, CHUNK).await?;
        let inside = people.last().filter(|_| people.len() == CHUNK).map(|last| last.id.to_string());
        Ok(Chunk { deliveries: people.iter().map(|person| self.to(person, text)).collect(), inside })
    }

    /// What an earlier message delivered, once it has ended: to edit, to delete, to reply to.
    async fn delivered(&self, earlier: MessageId, cursor: &Cursor) -> Result<Chunk, Halt> {
        let Some(progress) = self.shared.store.message(earlier).await? else {
            return Ok(Chunk::whole(vec![self.nobody(&earlier.to_string(), Reason::ActivityGone).await?]));
        };
        if !progress.cancelled && (!progress.expanded || progress.count(DeliveryState::Pending) > 0) {
            return Err(Halt::WaitsForProgress);
        }
        let filter = DeliveryFilter {
            state: Some(DeliveryState::Delivered),
            after: cursor.inside.as_deref().and_then(|id| id.parse().ok()),
            limit: CHUNK,
            ..DeliveryFilter::default()
        };
        let page = self.shared.store.deliveries(earlier, &filter).await?;
        let inside = page.last().filter(|_| page.len() == CHUNK).map(|last| last.id.to_string());
        let mut deliveries = Vec::with_capacity(page.len());
        for delivery in page {
            let Some(id) = delivery.reference else { continue };
            let Some(reference) = self.shared.store.reference(id).await? else { continue };
            deliveries.push(NewDelivery {
                thread_root: delivery.thread_root,
                activity: delivery.activity,
                ..self.to(&reference, &delivery.address)
            });
        }
        Ok(Chunk { deliveries, inside })
    }

    fn to(&self, reference: &Reference, text: &str) -> NewDelivery {
        NewDelivery { reference: Some(reference.id), ..self.blank(reference.lane, text) }
    }

    /// A delivery to nobody, so that the address is accounted for.
    async fn nobody(&self, text: &str, reason: Reason) -> Result<NewDelivery, Halt> {
        let (lane, _) = self.home_lane().await?;
        Ok(NewDelivery { stopped: Some(reason), ..self.blank(lane, text) })
    }

    fn blank(&self, lane: LaneId, text: &str) -> NewDelivery {
        NewDelivery {
            id: DeliveryId::from_uuid(self.shared.chance.uuid(self.now)),
            lane,
            reference: None,
            address: text.to_owned(),
            due: self.message.send_at.map_or(self.now, |at| at.max(self.now)),
            thread_root: None,
            activity: None::<ActivityId>,
            stopped: None,
        }
    }

    /// The lane where people unknown to the store are looked up: the bot's home tenant, else any
    /// tenant it is known in.
    async fn home_lane(&self) -> Result<(LaneId, LaneKey), Halt> {
        let bot = &self.message.bot;
        if let Some(tenant) = self.shared.bot(bot).and_then(|bot| bot.home_tenant.clone()) {
            let key = LaneKey { bot: bot.clone(), tenant };
            return Ok((self.shared.store.lane(&key).await?, key));
        }
        let lanes = self.shared.store.lanes().await?;
        let known = lanes.into_iter().find(|(_, key)| key.bot == *bot);
        known.ok_or_else(|| Halt::Failed(format!("bot {bot} has no tenant yet: set its home tenant")))
    }
}

fn personal(lane: LaneId, person: Person) -> Capture {
    Capture {
        lane,
        scope: Scope::Personal,
        conversation: None,
        service_url: None,
        person: Some(Person {
            object_id: person.object_id.map(|id| ObjectId::new(id.as_str().to_ascii_lowercase())),
            ..person
        }),
        name: None,
        team: None,
        group: None,
        change: CaptureChange::Seen,
    }
}
