//! Random runs: two stores, the same operations, the same answers.

use std::fmt::Debug;

use pregon_domain::directory::{Capture, CaptureChange, Person, Reach, Scope};
use pregon_domain::message::{
    AutoPause, Canary, Claimed, DeliveryPolicy, Hold, Learned, Message, NewDelivery, Operation, Outcome, Priority,
    Settlement,
};
use pregon_domain::ports::{DeliveryFilter, Ended, Idempotency, Store, Verdict};
use pregon_domain::{Chance, LaneId, MessageId, Reason, ReferenceId, Timestamp};
use pregon_model::{ActivityId, ConversationId, GroupId, MemberId, ObjectId, ServiceUrl};

use super::scene::{Scene, at, bot, capture};

/// Two stores, and what the run knows of them. Their reference ids differ; the n-th of one is the
/// n-th of the other.
struct Pair<'a> {
    stores: [&'a dyn Store; 2],
    references: [Vec<ReferenceId>; 2],
    scene: Scene<'a>,
    chance: Chance,
    now: i64,
    epoch: i64,
    messages: Vec<MessageId>,
    /// What was claimed and not settled, and under which epoch.
    in_flight: Vec<(i64, Claimed)>,
}

/// Does one thing to both stores, compares the answers, and gives the first.
macro_rules! both {
    ($pair:ident, $what:expr, |$store:ident, $references:ident| $call:expr) => {{
        let mut answers = Vec::new();
        for side in 0..2 {
            let $store = $pair.stores[side];
            let $references = &$pair.references[side];
            answers.push($call.await.unwrap());
        }
        let second = answers.pop().unwrap();
        let first = answers.pop().unwrap();
        $pair.compare($what, [&first, &second]);
        first
    }};
}

/// Drives both stores (empty) with the same `steps` random operations and compares every answer.
pub async fn agree(one: &dyn Store, two: &dyn Store, seed: u64, steps: usize) {
    let scene = Scene::new(one).await;
    two.lane(&super::scene::key("main", "contoso")).await.unwrap();
    let mut pair = Pair {
        stores: [one, two],
        references: [Vec::new(), Vec::new()],
        scene,
        chance: Chance::new(seed),
        now: 0,
        epoch: 0,
        messages: Vec::new(),
        in_flight: Vec::new(),
    };
    pair.take().await;
    for _ in 0..3 {
        pair.capture().await;
    }
    for step in 0..steps {
        pair.step().await;
        if step % 10 == 9 {
            pair.look_around().await;
        }
    }
    pair.look_around().await;
}

impl Pair<'_> {
    fn below(&self, end: usize) -> usize {
        usize::try_from(self.chance.bits() % end as u64).unwrap()
    }

    fn maybe<T>(&self, value: T) -> Option<T> {
        (self.below(2) == 0).then_some(value)
    }

    fn pick<T: Clone>(&self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    fn now(&self) -> Timestamp {
        at(self.now)
    }

    fn lane(&self) -> LaneId {
        self.scene.lane
    }

    /// The answer in words that do not depend on which ids a store gave out.
    fn said(&self, side: usize, answer: &impl Debug) -> String {
        let mut text = format!("{answer:?}");
        for (number, id) in self.references[side].iter().enumerate() {
            text = text.replace(&id.uuid().to_string(), &format!("#{number}"));
        }
        text
    }

    fn compare(&self, what: &str, answers: [&impl Debug; 2]) {
        let [first, second] = [self.said(0, answers[0]), self.said(1, answers[1])];
        assert_eq!(first, second, "the stores differ in {what}");
    }

    fn meet(&mut self, ids: [&[ReferenceId]; 2]) {
        for (first, second) in ids[0].iter().zip(ids[1]) {
            let known = [self.references[0].contains(first), self.references[1].contains(second)];
            assert_eq!(known[0], known[1], "one store made a new record where the other knew one");
            if !known[0] {
                self.references[0].push(*first);
                self.references[1].push(*second);
            }
        }
    }

    async fn step(&mut self) {
        self.now += [0, 0, 1, 10, 700, 4_000_000][self.below(6)];
        match self.below(18) {
            0..=2 => self.capture().await,
            3 => self.roster().await,
            4 => self.teams().await,
            5..=7 => self.send().await,
            8..=10 => self.claim().await,
            11..=13 => self.settle().await,
            14 if self.below(4) == 0 => self.take().await,
            14 => self.opt_out().await,
            15 => self.see().await,
            _ => self.direct().await,
        }
    }

    /// A person out of six, known by some of the ids; now and then ids of two.
    fn person(&self) -> Person {
        let who = self.below(6);
        let other = if self.below(8) == 0 { self.below(6) } else { who };
        Person {
            member_id: self.maybe(MemberId::new(format!("29:{who}"))),
            object_id: self.maybe(ObjectId::new(format!("Object-{other}"))),
            name: self.maybe(format!("name {who} at {}", self.now)),
            email: self.maybe(format!("P{who}@contoso.com")),
            guest: self.maybe(self.below(2) == 0),
            ..Person::default()
        }
    }

    async fn capture(&mut self) {
        let changes =
            [CaptureChange::Seen, CaptureChange::Active, CaptureChange::Installed, CaptureChange::Uninstalled];
        let place = self.below(3);
        let base = match self.below(4) {
            0 => Capture {
                group: self.maybe(GroupId::new(format!("Group-{place}"))),
                name: self.maybe(format!("team {place}")),
                ..capture(self.lane(), Scope::Team, Some(&format!("19:{place}")))
            },
            1 => {
                let conversation = format!("19:{}", self.below(6));
                capture(self.lane(), Scope::Channel, Some(&conversation))
            }
            _ => {
                let chat = ConversationId::new(format!("a:{}", self.below(6)));
                let chat = if self.below(3) == 0 { Some(chat) } else { None };
                let person =
                    Person { member_id: Some(MemberId::new(format!("29:{}", self.below(6)))), ..self.person() };
                Capture { person: Some(person), conversation: chat, ..capture(self.lane(), Scope::Personal, None) }
            }
        };
        let capture = Capture { change: self.pick(&changes), ..base };
        let now = self.now();
        let mut ids = Vec::new();
        for store in self.stores {
            ids.push(store.capture(&capture, now).await.unwrap());
        }
        self.meet([&ids[..1], &ids[1..]]);
    }

    async fn team(&self) -> Option<[ReferenceId; 2]> {
        let mut teams = Vec::new();
        let conversation = ConversationId::new(format!("19:{}", self.below(3)));
        for store in self.stores {
            teams.push(store.find_conversation(&bot(), &conversation).await.unwrap().map(|team| team.id));
        }
        Some([teams[0]?, teams[1]?])
    }

    async fn roster(&mut self) {
        let Some(team) = self.team().await else { return };
        let url = self.maybe(ServiceUrl::new("https://emea.example/"));
        let page: Vec<_> = (0..=self.below(5))
            .map(|_| self.person())
            .filter(|person| person.member_id.is_some() || person.object_id.is_some())
            .collect();
        let mut ids = Vec::new();
        for (store, team) in self.stores.into_iter().zip(team) {
            ids.push(store.capture_members(self.lane(), team, url.as_ref(), &page, self.now()).await.unwrap());
        }
        self.meet([&ids[0], &ids[1]]);
        self.compare("capture_members", [&ids[0], &ids[1]]);
    }

    async fn teams(&mut self) {
        let Some(team) = self.team().await else { return };
        let member = MemberId::new(format!("29:{}", self.below(6)));
        let removed = self.below(3) == 0;
        for (store, team) in self.stores.into_iter().zip(team) {
            if removed {
                store.team_removed(team).await.unwrap();
            } else {
                store.member_left(self.lane(), team, &member).await.unwrap();
            }
        }
    }

    async fn send(&mut self) {
        let again = !self.messages.is_empty() && self.below(4) == 0;
        let operation = if again { Operation::Edit(self.pick(&self.messages)) } else { Operation::Send };
        let message = Message {
            created_at: self.now(),
            operation,
            policy: self.pick(&[DeliveryPolicy::AtLeastOnce, DeliveryPolicy::AtMostOnce]),
            topic: self.maybe(format!("topic {}", self.below(2))),
            priority: self.pick(&[Priority::Urgent, Priority::Normal, Priority::Normal, Priority::Bulk]),
            canary: self.maybe(Canary { percent: 40 }),
            auto_pause: self.maybe(AutoPause { percent: 5, after: 1 }),
            send_at: self.maybe(at(self.now + 500)),
            ..self.scene.message()
        };
        let key = Idempotency { owner: "o".into(), key: self.below(40).to_string(), body_hash: vec![1] };
        let key = self.maybe(key);
        both!(self, "accept", |store, _references| store.accept(&message, key.as_ref()));
        if self.stores[0].message(message.id).await.unwrap().is_none() {
            return;
        }
        self.messages.push(message.id);
        for _ in 0..=self.below(3) {
            if self.expand(message.id).await {
                break;
            }
        }
    }

    /// Says whether the audience is complete.
    async fn expand(&mut self, message: MessageId) -> bool {
        let chunk: Vec<_> = (0..self.below(6)).map(|_| self.new_delivery()).collect();
        let cursor = self.below(100).to_string();
        let done = self.below(3) == 0;
        let now = self.now();
        for side in 0..2 {
            let of_side = |(new, number): &(NewDelivery, Option<usize>)| NewDelivery {
                reference: number.map(|number| self.references[side][number]),
                ..new.clone()
            };
            let chunk: Vec<_> = chunk.iter().map(of_side).collect();
            self.stores[side].expand(message, &chunk, Some(&cursor), done, now).await.unwrap();
        }
        done
    }

    fn new_delivery(&self) -> (NewDelivery, Option<usize>) {
        let number = self.below(self.references[0].len());
        let new = NewDelivery {
            due: at(self.now + [-1_000, 0, 5, 2_000][self.below(4)]),
            activity: self.maybe(ActivityId::new("5")),
            stopped: (self.below(8) == 0).then_some(Reason::Guest),
            ..self.scene.to(self.references[0][number])
        };
        (new, (self.below(10) > 0).then_some(number))
    }

    async fn take(&mut self) {
        let (lane, now) = (self.lane(), self.now());
        let lease = both!(self, "take", |store, _references| store.take(lane, now));
        self.epoch = lease.epoch;
        // Some of the former owner's deliveries are settled late, under the old epoch.
        self.in_flight.truncate(2);
    }

    async fn claim(&mut self) {
        let (lane, epoch, now, limit) = (self.lane(), self.epoch, self.now(), 1 + self.below(8));
        let claimed = both!(self, "claim", |store, _references| store.claim(lane, epoch, now, limit));
        self.in_flight.extend(claimed.unwrap().into_iter().map(|one| (epoch, one)));
    }

    async fn settle(&mut self) {
        let (mut batch, mut epoch) = (Vec::new(), self.epoch);
        for _ in 0..self.below(6) {
            if !self.in_flight.is_empty() {
                let place = self.below(self.in_flight.len());
                let (claimed_in, claimed) = self.in_flight.swap_remove(place);
                if batch.is_empty() {
                    epoch = claimed_in;
                }
                if claimed_in == epoch {
                    batch.push(self.settlement(&claimed));
                }
            }
        }
        let lessons: Vec<_> = (0..self.below(4)).map(|_| self.lesson()).collect();
        let (lane, now) = (self.lane(), self.now());
        both!(self, "settle", |store, references| {
            let learned: Vec<_> = lessons.iter().map(|lesson| lesson(references)).collect();
            let batch = &batch;
            async move { store.settle(lane, epoch, now, batch, &learned).await }
        });
    }

    fn settlement(&self, claimed: &Claimed) -> Settlement {
        let outcome = match self.below(5) {
            0 | 1 => Outcome::Delivered(self.maybe(ActivityId::new(self.now.to_string()))),
            2 => Outcome::Stopped(self.pick(&[Reason::Blocked, Reason::OptedOut])),
            3 => Outcome::Uncertain(Reason::Unanswered),
            _ => Outcome::Pending(at(self.now + [0, 900][self.below(2)]), self.maybe(Reason::Retrying)),
        };
        Settlement {
            id: claimed.id,
            message: claimed.message,
            before: claimed.reason,
            outcome,
            attempts: claimed.attempts + 1,
            doubted: self.below(4) == 0,
            crowded: self.below(2) == 0,
            detail: self.maybe(format!("502 at {}", self.now)),
        }
    }

    fn lesson(&self) -> impl Fn(&[ReferenceId]) -> Learned + use<> {
        let number = self.below(self.references[0].len());
        let conversation = ConversationId::new(format!("a:{}", self.below(6)));
        let (kind, reach) = (self.below(4), self.pick(&Reach::ALL));
        move |references| match kind {
            0 => Learned::Conversation(references[number], conversation.clone()),
            1 => Learned::NoConversation(references[number]),
            2 => Learned::Reach(references[number], reach),
            _ => Learned::Installed(references[number]),
        }
    }

    async fn opt_out(&mut self) {
        let (number, topic) = (self.below(self.references[0].len()), format!("topic {}", self.below(2)));
        let (out, now) = (self.below(3) > 0, self.now());
        both!(self, "set_opt_out", |store, references| store.set_opt_out(references[number], &topic, out, now));
    }

    /// What people do with a message that was accepted.
    async fn direct(&mut self) {
        if self.messages.is_empty() {
            return;
        }
        let (message, now, limit) = (self.pick(&self.messages), self.now(), 1 + self.below(5));
        match self.below(7) {
            0 => {
                both!(self, "cancel", |store, _references| store.cancel(message));
            }
            1 => {
                both!(self, "stop_cancelled", |store, _references| store.stop_cancelled(limit, now));
            }
            2 | 3 => {
                let hold = self.pick(&[None, None, Some(Hold::Paused), Some(Hold::Failures)]);
                both!(self, "hold", |store, _references| store.hold(message, hold));
            }
            4 | 5 => {
                let which = self.pick(&[Ended::Uncertain, Ended::Stopped(vec![Reason::Blocked, Reason::Guest])]);
                let verdict = self.pick(&[Verdict::Send, Verdict::Send, Verdict::Delivered, Verdict::Stopped]);
                both!(self, "reconsider", |store, _references| {
                    store.reconsider(message, &which, verdict, None, limit, now)
                });
            }
            _ => {
                let before = at(self.now - 2_000_000);
                both!(self, "purge", |store, _references| store.purge(before, limit));
            }
        }
    }

    async fn see(&mut self) {
        let (lane, now, key) = (self.lane(), self.now(), format!("f:{}", self.below(5)));
        both!(self, "first_sight", |store, _references| store.first_sight(lane, &key, now));
    }

    /// Compares everything that can be seen.
    async fn look_around(&self) {
        let (lane, now) = (self.lane(), self.now());
        both!(self, "next_due", |store, _references| store.next_due(lane));
        both!(self, "next_expansion", |store, _references| store.next_expansion());
        both!(self, "expansions", |store, _references| store.expansions(now, 5));
        both!(self, "messages", |store, _references| store.messages(None, usize::MAX));
        both!(self, "references", |store, _references| store.references(None, None, None, usize::MAX));
        let hour_ago = at(self.now - 3_600_000);
        both!(self, "starts_since", |store, references| store.starts_since(lane, references, hour_ago));
        for number in 0..self.references[0].len() {
            both!(self, "reference", |store, references| store.reference(references[number]));
        }
        let filter = DeliveryFilter { limit: usize::MAX, ..DeliveryFilter::default() };
        for &message in &self.messages {
            both!(self, "deliveries", |store, _references| store.deliveries(message, &filter));
        }
    }
}
