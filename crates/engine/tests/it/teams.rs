//! A channel that behaves as told and remembers every call with its time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use pregon_domain::Chance;
use pregon_domain::directory::Person;
use pregon_domain::ports::{Channel, ChannelError, ChannelFailure, ChannelResult, MembersPage, Place, TeamChannel};
use pregon_model::{Activity, ActivityId, CatalogAppId, ConversationId, GroupId, MemberId, ObjectId, TeamId};
use tokio::time::Instant;

use crate::counter::Counter;

/// One call, as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) at: Duration,
    pub(crate) what: &'static str,
    /// Whom or what it concerned: a member, a conversation.
    pub(crate) whom: String,
}

/// What a scripted call does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Script {
    /// Refused; nothing happens.
    Refuse(ChannelError),
    /// Carried out, but the answer is lost.
    LoseAnswer,
}

/// How calls travel and what becomes of them; the default takes 20 ms.
#[derive(Clone)]
pub(crate) struct Manner {
    /// Milliseconds on the way out, and from arrival to answer; each call draws its own.
    pub(crate) out_ms: RangeInclusive<u64>,
    pub(crate) back_ms: RangeInclusive<u64>,
    /// Seed of the draws.
    pub(crate) seed: u64,
    /// Whether Teams' limits are counted on arrival and kept by refusals.
    pub(crate) limits: bool,
    /// Calls to places for which this says so fail like this, after this long.
    pub(crate) fails: fn(&Place) -> Option<(ChannelError, Duration)>,
    /// Answers to these places take so much longer.
    pub(crate) slow: fn(&Place) -> Duration,
}

impl Manner {
    pub(crate) fn taking(latency: Duration) -> Self {
        let half = u64::try_from(latency.as_millis()).unwrap() / 2;
        Self {
            out_ms: half..=half,
            back_ms: half..=half,
            seed: 1,
            limits: false,
            fails: |_| None,
            slow: |_| Duration::ZERO,
        }
    }
}

impl Default for Manner {
    fn default() -> Self {
        Self::taking(Duration::from_millis(20))
    }
}

struct Network {
    manner: Manner,
    chance: Chance,
    counter: Counter,
}

impl Network {
    fn draw(&self, range: &RangeInclusive<u64>) -> Duration {
        let (from, to) = (*range.start(), *range.end());
        Duration::from_millis(from + self.chance.bits() % (to - from + 1))
    }
}

#[derive(Default)]
struct State {
    calls: Vec<Call>,
    /// When, to whom, what.
    delivered: Vec<(Duration, String, String)>,
    scripts: BTreeMap<(&'static str, String), VecDeque<Script>>,
    installed: BTreeSet<String>,
    directory: Vec<Person>,
    roster: Vec<Person>,
    next_id: u64,
}

pub(crate) struct FakeTeams {
    started: Instant,
    network: Mutex<Network>,
    page: usize,
    state: Mutex<State>,
}

fn failure(error: ChannelError) -> ChannelFailure {
    ChannelFailure { error, detail: "scripted".to_owned() }
}

impl FakeTeams {
    pub(crate) fn new() -> Arc<Self> {
        let network = Network { manner: Manner::default(), chance: Chance::new(1), counter: Counter::default() };
        Arc::new(Self { started: Instant::now(), network: Mutex::new(network), page: 50, state: Mutex::default() })
    }

    pub(crate) fn set_manner(&self, manner: Manner) {
        let mut network = self.network.lock().unwrap();
        network.chance = Chance::new(manner.seed);
        network.manner = manner;
    }

    /// Calls the limits refused.
    pub(crate) fn refused(&self) -> usize {
        self.network.lock().unwrap().counter.refused()
    }

    pub(crate) fn next(&self, what: &'static str, whom: &str, script: Script) {
        self.state.lock().unwrap().scripts.entry((what, whom.to_owned())).or_default().push_back(script);
    }

    pub(crate) fn set_roster(&self, people: Vec<Person>) {
        self.state.lock().unwrap().roster = people;
    }

    pub(crate) fn set_directory(&self, people: Vec<Person>) {
        self.state.lock().unwrap().directory = people;
    }

    pub(crate) fn calls(&self, what: &str) -> Vec<Call> {
        self.state.lock().unwrap().calls.iter().filter(|call| call.what == what).cloned().collect()
    }

    pub(crate) fn connector_calls(&self) -> Vec<Call> {
        let graph = ["catalog_app", "install", "find_person"];
        self.state.lock().unwrap().calls.iter().filter(|call| !graph.contains(&call.what)).cloned().collect()
    }

    /// What arrived in a conversation.
    pub(crate) fn received(&self, whom: &str) -> Vec<String> {
        let state = self.state.lock().unwrap();
        state.delivered.iter().filter(|(_, to, _)| to == whom).map(|(.., text)| text.clone()).collect()
    }

    /// When each text arrived.
    pub(crate) fn arrivals(&self) -> Vec<(Duration, String)> {
        self.state.lock().unwrap().delivered.iter().map(|(at, _, text)| (*at, text.clone())).collect()
    }

    /// The time as it notes arrivals.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    pub(crate) fn received_in_all(&self) -> usize {
        self.state.lock().unwrap().delivered.len()
    }

    /// Travels, is counted and noted, acts, travels back.
    async fn call<T>(
        &self,
        place: &Place,
        what: &'static str,
        whom: &str,
        act: impl FnOnce(&mut State) -> ChannelResult<T>,
    ) -> ChannelResult<T> {
        let (out, back, fails) = {
            let network = self.network.lock().unwrap();
            let Manner { out_ms, back_ms, fails, slow, .. } = &network.manner;
            (network.draw(out_ms), network.draw(back_ms) + slow(place), fails(place))
        };
        tokio::time::sleep(out).await;
        let at = self.started.elapsed();
        if let Some((error, after)) = fails {
            self.state.lock().unwrap().calls.push(Call { at, what, whom: whom.to_owned() });
            tokio::time::sleep(after).await;
            return Err(failure(error));
        }
        let refused = {
            let mut network = self.network.lock().unwrap();
            let limits = network.manner.limits;
            limits.then(|| network.counter.admit(place, what, whom, at)).and_then(Result::err)
        };
        let (result, lost) = {
            let mut state = self.state.lock().unwrap();
            state.calls.push(Call { at, what, whom: whom.to_owned() });
            let script = state.scripts.get_mut(&(what, whom.to_owned())).and_then(VecDeque::pop_front);
            match (refused, script) {
                (Some(retry_after), _) => {
                    (Err(failure(ChannelError::Throttled { retry_after: Some(retry_after) })), false)
                }
                (None, Some(Script::Refuse(error))) => (Err(failure(error)), false),
                (None, Some(Script::LoseAnswer)) => (act(&mut state), true),
                (None, None) => (act(&mut state), false),
            }
        };
        tokio::time::sleep(back).await;
        if lost { Err(failure(ChannelError::Unanswered)) } else { result }
    }

    fn text(activity: &Activity) -> String {
        activity.text.clone().or_else(|| activity.summary.clone()).unwrap_or_default()
    }

    async fn post(
        &self,
        place: &Place,
        what: &'static str,
        whom: &str,
        activity: &Activity,
    ) -> ChannelResult<Option<ActivityId>> {
        let (text, started) = (Self::text(activity), self.started);
        self.call(place, what, whom, |state| {
            state.next_id += 1;
            state.delivered.push((started.elapsed(), whom.to_owned(), text.clone()));
            Ok(Some(ActivityId::new(format!("{}", 1000 + state.next_id))))
        })
        .await
    }
}

#[async_trait]
impl Channel for FakeTeams {
    async fn create_personal(&self, place: &Place, member: &str) -> ChannelResult<ConversationId> {
        self.call(place, "create", member, |state| {
            if !member.starts_with("29:") && !state.installed.contains(member) {
                return Err(failure(ChannelError::NotInstalled));
            }
            Ok(ConversationId::new(format!("a:{member}")))
        })
        .await
    }

    async fn create_thread(
        &self,
        place: &Place,
        channel: &ConversationId,
        activity: &Activity,
    ) -> ChannelResult<Option<ActivityId>> {
        self.post(place, "create_thread", channel.as_str(), activity).await
    }

    async fn send(
        &self,
        place: &Place,
        conversation: &ConversationId,
        activity: &Activity,
    ) -> ChannelResult<Option<ActivityId>> {
        self.post(place, "send", conversation.as_str(), activity).await
    }

    async fn update(
        &self,
        place: &Place,
        conversation: &ConversationId,
        id: &ActivityId,
        _: &Activity,
    ) -> ChannelResult<()> {
        self.call(place, "update", &format!("{conversation} {id}"), |_| Ok(())).await
    }

    async fn delete(&self, place: &Place, conversation: &ConversationId, id: &ActivityId) -> ChannelResult<()> {
        self.call(place, "delete", &format!("{conversation} {id}"), |_| Ok(())).await
    }

    async fn members(&self, place: &Place, team: &ConversationId, from: Option<&str>) -> ChannelResult<MembersPage> {
        let from: usize = from.map_or(0, |token| token.parse().unwrap());
        self.call(place, "members", team.as_str(), |state| {
            let to = (from + self.page).min(state.roster.len());
            let people = state.roster[from..to].to_vec();
            Ok(MembersPage { people, continuation: (to < state.roster.len()).then(|| to.to_string()) })
        })
        .await
    }

    async fn channels(&self, place: &Place, team: &TeamId) -> ChannelResult<Vec<TeamChannel>> {
        let general = TeamChannel { id: ConversationId::new(team.as_str()), name: None };
        let news = TeamChannel { id: ConversationId::new("19:news@thread.tacv2"), name: Some("News".into()) };
        self.call(place, "channels", team.as_str(), |_| Ok(vec![general, news])).await
    }

    async fn catalog_app(&self, place: &Place) -> ChannelResult<CatalogAppId> {
        self.call(place, "catalog_app", "", |_| Ok(CatalogAppId::new("app"))).await
    }

    async fn install_for_person(&self, place: &Place, _: &CatalogAppId, person: &ObjectId) -> ChannelResult<()> {
        self.call(place, "install", person.as_str(), |state| {
            state.installed.insert(person.to_string());
            Ok(())
        })
        .await
    }

    async fn install_in_team(&self, place: &Place, _: &CatalogAppId, group: &GroupId) -> ChannelResult<()> {
        self.call(place, "install", group.as_str(), |_| Ok(())).await
    }

    async fn find_person(&self, place: &Place, who: &str) -> ChannelResult<Option<Person>> {
        self.call(place, "find_person", who, |state| {
            let known = |person: &&Person| {
                person.email.as_deref() == Some(who) || person.object_id.as_ref().is_some_and(|id| id.as_str() == who)
            };
            Ok(state.directory.iter().find(known).cloned())
        })
        .await
    }
}

/// Person number `n` of a roster.
pub(crate) fn person(n: usize) -> Person {
    Person {
        member_id: Some(MemberId::new(format!("29:{n}"))),
        object_id: Some(ObjectId::new(format!("00000000-0000-0000-0000-{n:012}"))),
        name: Some(format!("Person {n}")),
        email: Some(format!("p{n}@contoso.com")),
        ..Person::default()
    }
}
