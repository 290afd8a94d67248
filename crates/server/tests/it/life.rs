//! A message's life after it was accepted: pausing, canaries, cancelling, sending again, deciding.

use std::collections::BTreeMap;
use std::time::Duration;

use pregon_domain::Clock;
use pregon_emulator::{Effect, Fault, Operation, Shape};
use serde_json::{Value, json};

use crate::world::World;

/// More than a lane's burst, so that a message is under way for a while.
const MANY: usize = 80;

fn refused() -> Fault {
    let effect = Effect::Answer {
        status: 400,
        code: Some("BadSyntax".to_owned()),
        message: None,
        shape: Shape::Standard,
        retry_after: None,
    };
    Fault::next(Operation::Send, effect)
}

fn to_everyone(text: &str) -> Value {
    json!({"to": "everyone", "text": text, "include_guests": true})
}

fn with(mut body: Value, name: &str, value: Value) -> Value {
    body[name] = value;
    body
}

fn count(view: &Value, state: &str) -> u64 {
    view["counts"][state].as_u64().unwrap()
}

fn path(id: &str) -> String {
    format!("/api/v1/messages/{id}")
}

impl World {
    async fn crowd(members: usize) -> Self {
        let world = Self::with(members, "").await;
        world.install_in_team().await;
        world.own_messages_done().await;
        world
    }

    /// Asks twice for the same: the second answer, which is like the first.
    async fn twice(&self, id: &str, verb: &str) -> Value {
        let mut last = Value::Null;
        for _ in 0..2 {
            let answer = self.post(&format!("{}/{verb}", path(id)), &json!({})).await;
            assert_eq!(answer.status, 200, "{verb}: {}", answer.body);
            last = answer.body;
        }
        last
    }

    /// How many copies of a text each person has.
    fn copies(&self, text: &str) -> BTreeMap<String, usize> {
        let people = self.emulator.people().into_iter();
        let copies = |id: &str| {
            let received = self.emulator.received_by(id).unwrap();
            received.iter().filter(|message| message.activity["text"] == text).count()
        };
        people.map(|person| (person.id.clone(), copies(&person.id))).collect()
    }

    #[track_caller]
    fn everyone_has_one(&self, text: &str) {
        let copies = self.copies(text);
        assert!(copies.values().all(|&copies| copies == 1), "{text}: {copies:?}");
    }

    /// Waits until what the lane had claimed before was sent, and its outcome written.
    async fn fence(&self) {
        for person in [0, 1] {
            self.deliver(&json!({"to": self.person(person).email, "text": "meanwhile"})).await;
            self.until("/api/v1/lanes", |lanes| lanes["data"][0]["in_flight"] == 0).await;
        }
    }

    /// The message once nothing of it is under way, while others of the lane overtake it.
    async fn at_rest(&self, id: &str) -> Value {
        self.fence().await;
        let before = self.get(&path(id)).await;
        self.fence().await;
        let after = self.get(&path(id)).await;
        assert_eq!(before["counts"], after["counts"], "it does not rest");
        assert_eq!(after["state"], "paused", "{after:#}");
        after
    }
}

#[tokio::test]
async fn a_message_paused_at_any_moment_and_resumed_reaches_everyone_once() {
    let world = World::crowd(MANY).await;
    for moment in [0, 1, 30] {
        let text = format!("paused after {moment}");
        let id = world.send(&to_everyone(&text)).await;
        world.until(&path(&id), |view| count(view, "delivered") >= moment).await;
        let paused = world.twice(&id, "pause").await;
        assert_eq!((&paused["state"], &paused["hold"]["kind"]), (&json!("paused"), &json!("paused")), "{paused:#}");
        assert!(paused["hold"]["remedy"].as_str().unwrap().contains("Resume"), "{paused:#}");
        let rests = world.at_rest(&id).await;
        assert!(count(&rests, "delivered") < MANY as u64, "{rests:#}");
        let resumed = world.twice(&id, "resume").await;
        assert_eq!(resumed.get("hold"), None, "{resumed:#}");
        let done = world.done(&id).await;
        assert_eq!(count(&done, "delivered"), MANY as u64, "{done:#}");
        world.everyone_has_one(&text);
        for verb in ["pause", "resume"] {
            let answer = world.post(&format!("{}/{verb}", path(&id)), &json!({})).await;
            answer.is_problem(409, "message_done", None);
            assert!(answer.body["remedy"].as_str().unwrap().contains("Resend"), "{}", answer.body);
        }
        assert_eq!(world.twice(&id, "cancel").await["state"], "done", "what is done stays done");
    }
    world.stop().await;
}

#[tokio::test]
async fn a_canary_goes_first_and_the_others_after_resuming() {
    let world = World::crowd(20).await;
    let body = with(to_everyone("canary"), "canary", json!({"percent": 10}));
    let id = world.send(&body).await;
    let canary = world.until(&path(&id), |view| view["state"] == "paused" && count(view, "delivered") == 2).await;
    assert_eq!((&canary["hold"]["kind"], &canary["canary"]), (&json!("canary"), &json!({"percent": 10})));
    // A pause changes nothing of it.
    assert_eq!(world.twice(&id, "pause").await["hold"]["kind"], "canary");
    world.at_rest(&id).await;
    assert_eq!(world.copies("canary").values().sum::<usize>(), 2);
    world.twice(&id, "resume").await;
    world.done(&id).await;
    world.everyone_has_one("canary");
    world.stop().await;
}

#[tokio::test]
async fn a_message_that_fails_pauses_itself_and_is_resumed_and_resent() {
    let world = World::crowd(MANY).await;
    world.emulator.add_fault(Fault { times: 0, ..refused() }).unwrap();
    let id = world.send(&with(to_everyone("shaky"), "auto_pause", json!({"percent": 10, "after": 5}))).await;
    let path = path(&id);
    let view = world.until(&path, |view| view["state"] == "paused").await;
    assert_eq!(view["hold"]["kind"], "failures", "{view:#}");
    assert_eq!(view["auto_pause"], json!({"percent": 10, "after": 5}));
    world.emulator.clear_faults();
    assert_eq!(world.twice(&id, "pause").await["hold"]["kind"], "failures", "its reason stays");
    let rests = world.at_rest(&id).await;
    assert_eq!(rests["reasons"][0]["reason"], "refused", "{rests:#}");
    assert!(count(&rests, "pending") > 0, "{rests:#}");
    world.twice(&id, "resume").await;
    let failed = count(&world.done(&id).await, "stopped");
    assert!(failed >= 5, "{failed}");

    let narrow = world.post(&format!("{path}/resend"), &json!({"reasons": ["exhausted"]})).await;
    assert_eq!((narrow.status.as_u16(), &narrow.body["count"]), (200, &json!(0)), "{}", narrow.body);
    let resent = world.call(reqwest::Method::POST, &format!("{path}/resend"), None).await;
    assert_eq!((resent.status.as_u16(), &resent.body["count"]), (200, &json!(failed)), "{}", resent.body);
    assert_eq!(resent.body["message"]["state"], "sending", "{}", resent.body);
    let done = world.done(&id).await;
    assert_eq!(count(&done, "delivered"), MANY as u64, "{done:#}");
    let again = world.post(&format!("{path}/resend"), &json!({})).await;
    assert_eq!(again.body["count"], 0, "{}", again.body);
    world.everyone_has_one("shaky");
    world.stop().await;
}

#[tokio::test]
async fn what_a_cancelled_message_has_not_sent_stays_unsent() {
    let world = World::crowd(MANY).await;
    let id = world.send(&to_everyone("never mind")).await;
    let path = path(&id);
    world.until(&path, |view| count(view, "delivered") > 0).await;
    assert_eq!(world.twice(&id, "pause").await["state"], "paused");
    assert_eq!(world.twice(&id, "cancel").await["state"], "cancelled");
    let ended = world.until(&path, |view| count(view, "pending") == 0).await;
    let delivered = count(&ended, "delivered");
    assert_eq!((&ended["state"], count(&ended, "stopped")), (&json!("cancelled"), MANY as u64 - delivered));
    let cancelled = json!([{"reason": "cancelled", "count": MANY as u64 - delivered}]);
    assert_eq!(json!([{"reason": ended["reasons"][0]["reason"], "count": ended["reasons"][0]["count"]}]), cancelled);
    assert_eq!(world.copies("never mind").values().sum::<usize>() as u64, delivered);
    for (verb, body) in
        [("pause", json!({})), ("resume", json!({})), ("resend", json!({})), ("decide", json!({"verdict": "send"}))]
    {
        world.post(&format!("{path}/{verb}"), &body).await.is_problem(409, "message_cancelled", None);
    }
    let nothing = world.post(&format!("{path}/decide"), &json!({"verdict": "stopped"})).await;
    assert_eq!((nothing.status.as_u16(), &nothing.body["count"]), (200, &json!(0)));
    world.stop().await;
}

#[tokio::test]
async fn uncertain_deliveries_are_decided_one_by_one_or_all() {
    let world = World::crowd(6).await;
    world.emulator.add_fault(Fault { times: 4, ..Fault::next(Operation::Send, Effect::LoseAnswer) }).unwrap();
    let id = world.send(&with(to_everyone("perhaps"), "policy", json!("at_most_once"))).await;
    let path = path(&id);
    let done = world.done(&id).await;
    assert_eq!((count(&done, "uncertain"), count(&done, "delivered")), (4, 2), "{done:#}");
    let page = world.get(&format!("{path}/deliveries?state=uncertain")).await;
    let uncertain: Vec<&str> = page["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    let decide = async |body: Value| {
        let answer = world.post(&format!("{path}/decide"), &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["count"].as_u64().unwrap()
    };
    for (delivery, verdict, state) in [(uncertain[0], "delivered", "delivered"), (uncertain[1], "stopped", "stopped")] {
        assert_eq!(decide(json!({"verdict": verdict, "delivery": delivery})).await, 1);
        assert_eq!(decide(json!({"verdict": "send", "delivery": delivery})).await, 0, "it was decided");
        let row = world.get(&format!("/api/v1/deliveries/{delivery}")).await;
        assert_eq!((&row["state"], &row["message"]), (&json!(state), &json!(id)), "{row:#}");
    }
    assert_eq!(decide(json!({"verdict": "send"})).await, 2);
    assert_eq!(decide(json!({"verdict": "send"})).await, 0);
    let done = world.done(&id).await;
    assert_eq!((count(&done, "delivered"), count(&done, "stopped")), (5, 1), "{done:#}");
    assert_eq!(world.copies("perhaps").values().sum::<usize>(), 8, "two were sent a second time, as decided");
    world.stop().await;
}

#[tokio::test]
async fn a_message_whose_time_has_passed_is_not_sent_again() {
    let world = World::crowd(6).await;
    world.emulator.add_fault(refused()).unwrap();
    let id = world.send(&to_everyone("today only")).await;
    world.done(&id).await;
    world.clock.advance(Duration::from_hours(73));
    for (verb, body) in [("resend", json!({})), ("decide", json!({"verdict": "send"}))] {
        let answer = world.post(&format!("{}/{verb}", path(&id)), &body).await;
        answer.is_problem(409, "message_expired", None);
        assert!(answer.body["remedy"].as_str().unwrap().contains("new message"), "{}", answer.body);
    }
    world.stop().await;
}

#[tokio::test]
async fn of_a_purged_message_only_the_counts_are_left() {
    let world = World::crowd(6).await;
    let id = world.send(&to_everyone("long ago")).await;
    let before = world.done(&id).await;
    assert_eq!(before["purged"], false);
    let now = world.clock.now();
    while world.server.store().purge(now + Duration::from_hours(1), 100).await.unwrap() > 0 {}
    let after = world.get(&path(&id)).await;
    assert_eq!(
        (&after["purged"], &after["counts"], &after["state"]),
        (&json!(true), &before["counts"], &json!("done"))
    );
    assert_eq!(world.deliveries(&id).await, Vec::<Value>::new());
    for (verb, body) in [
        ("resend", json!({})),
        ("decide", json!({"verdict": "delivered"})),
        ("edit", json!({"text": "new"})),
        ("delete", json!({})),
    ] {
        let answer = world.post(&format!("{}/{verb}", path(&id)), &body).await;
        answer.is_problem(409, "message_purged", None);
        assert!(answer.body["remedy"].as_str().unwrap().contains("retention_days"), "{}", answer.body);
    }
    world.stop().await;
}

#[tokio::test]
async fn a_persons_delivery_is_found_by_whatever_names_them() {
    let world = World::crowd(6).await;
    let ada = world.person(0);
    let id = world.send(&to_everyone("who")).await;
    world.done(&id).await;
    let find = async |recipient: &str, more: &str| {
        world.get(&format!("{}/deliveries?recipient={recipient}{more}", path(&id))).await
    };
    let row = find(&ada.email, "").await["data"][0].clone();
    assert_eq!(row["recipient"]["email"], ada.email.to_lowercase(), "{row:#}");
    let reference = row["recipient"]["reference"].as_str().unwrap();
    for name in [&ada.id, &ada.email.to_uppercase(), reference] {
        let page = find(name, "&state=delivered").await;
        assert_eq!(page, json!({"data": [row], "next_cursor": null}), "{name}");
    }
    for nobody in ["nobody@contoso.com", "ref_01h455vb4pex5vsknk084sn02q"] {
        assert_eq!(find(nobody, "").await["data"], json!([]));
    }
    assert_eq!(find(&ada.email, "&state=stopped").await["data"], json!([]));
    assert_eq!(world.get(&format!("/api/v1/deliveries/{}", row["id"].as_str().unwrap())).await, row);
    world.stop().await;
}

#[tokio::test]
async fn a_lane_tells_until_when_it_is_closed() {
    let world = World::crowd(6).await;
    let idle = world.get("/api/v1/lanes").await;
    let lane = &idle["data"][0];
    assert_eq!((&lane["bot"], &lane["rate_per_s"], &lane["closed_until"]), (&json!("main"), &json!(50), &json!(null)));
    assert_eq!(lane["tenant"], world.emulator.tenants()[0].id);
    let throttled = Effect::Answer {
        status: 429,
        code: None,
        message: None,
        shape: Shape::Standard,
        retry_after: Some(pregon_emulator::RetryAfter::Seconds(600)),
    };
    world.emulator.add_fault(Fault::next(Operation::Send, throttled)).unwrap();
    world.send(&to_everyone("slowly")).await;
    let closed = world.until("/api/v1/lanes", |lanes| lanes["data"][0]["limited_by"] == "closed").await;
    let until: pregon_domain::Timestamp = serde_json::from_value(closed["data"][0]["closed_until"].clone()).unwrap();
    let wait = until.since(world.clock.now());
    assert!((Duration::from_secs(500)..Duration::from_secs(700)).contains(&wait), "{wait:?}");
    world.stop().await;
}
