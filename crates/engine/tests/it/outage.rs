//! A dead service and refused credentials cost probes, not attempts.

use std::time::Duration;

use pregon_domain::ports::{ChannelError, DeliveryFilter, Place};
use pregon_domain::{DeliveryState, MessageId, Reason};
use pregon_engine::LimitedBy;

use crate::teams::Manner;
use crate::world::World;

const EMEA: &str = "https://smba.trafficmanager.net/emea/";
const AMER: &str = "https://smba.trafficmanager.net/amer/";
const HOUR: Duration = Duration::from_hours(1);

fn in_emea(place: &Place) -> bool {
    place.service_url.as_ref().is_some_and(|url| url.as_str() == EMEA)
}

impl World {
    async fn delivered(&self, id: MessageId) -> u64 {
        self.store.message(id).await.unwrap().unwrap().count(DeliveryState::Delivered)
    }

    async fn attempts(&self, id: MessageId) -> (u32, u64) {
        let filter = DeliveryFilter { limit: 20_000, ..DeliveryFilter::default() };
        let deliveries = self.store.deliveries(id, &filter).await.unwrap();
        let attempts = deliveries.iter().map(|delivery| delivery.attempts);
        (attempts.clone().max().unwrap_or(0), attempts.map(u64::from).sum())
    }
}

#[tokio::test(start_paused = true)]
async fn an_hour_without_the_service_costs_a_large_message_probes_and_no_delivery() {
    let world = World::new().await;
    world.chats(world.lane, 0..5_000, EMEA).await;
    let dead = Manner { fails: |_| Some((ChannelError::NotSent, Duration::ZERO)), ..Manner::default() };
    world.teams.set_manner(dead);
    let id = world.send(&["everyone"], "one").await;
    tokio::time::sleep(HOUR).await;
    let calls = world.teams.connector_calls().len();
    assert!(calls <= 80, "{calls} calls while nothing answers");
    let status = world.engine.as_ref().unwrap().status(world.lane).unwrap();
    assert_eq!(status.limited_by, LimitedBy::Outage);
    let filter = DeliveryFilter { reason: Some(Reason::Outage), limit: 1, ..DeliveryFilter::default() };
    assert_eq!(world.store.deliveries(id, &filter).await.unwrap().len(), 1, "and deliveries say so");
    world.teams.set_manner(Manner::default());
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert_eq!(world.outcomes(id).await, ["delivered 5000"]);
    let (most, all) = world.attempts(id).await;
    // The failures before it was taken for down count.
    assert!(most <= 2 && all <= 5_004, "{most} attempts of one delivery, {all} in all");
}

#[tokio::test(start_paused = true)]
async fn one_person_waits_out_an_outage_too() {
    let world = World::new().await;
    world.chats(world.lane, 0..1, EMEA).await;
    world.teams.set_manner(Manner { fails: |_| Some((ChannelError::NotSent, Duration::ZERO)), ..Manner::default() });
    let id = world.send(&["everyone"], "one").await;
    tokio::time::sleep(HOUR).await;
    world.teams.set_manner(Manner::default());
    assert_eq!(world.outcomes(id).await, ["delivered 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_service_that_never_answers_gets_few_copies() {
    let world = World::new().await;
    world.chats(world.lane, 0..1_000, EMEA).await;
    let hung = Manner { fails: |_| Some((ChannelError::Unanswered, Duration::from_secs(30))), ..Manner::default() };
    world.teams.set_manner(hung);
    let id = world.send(&["everyone"], "one").await;
    tokio::time::sleep(HOUR).await;
    // Those under way before the first went unanswered, then one at a time.
    let calls = world.teams.connector_calls().len();
    assert!(calls <= 64 + 64, "{calls} calls");
    world.teams.set_manner(Manner::default());
    assert_eq!(world.outcomes(id).await, ["delivered 1000"]);
}

#[tokio::test(start_paused = true)]
async fn a_dead_region_does_not_slow_the_other_of_its_lane() {
    let world = World::new().await;
    world.chats(world.lane, 0..1_000, EMEA).await;
    world.chats(world.lane, 1_000..2_000, AMER).await;
    let fails = |place: &Place| in_emea(place).then_some((ChannelError::NotSent, Duration::ZERO));
    world.teams.set_manner(Manner { fails, ..Manner::default() });
    let id = world.send(&["everyone"], "one").await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(world.delivered(id).await, 1_000, "1 000 need 20 s, and few are spent on looking past the others");
    world.teams.set_manner(Manner::default());
    assert_eq!(world.outcomes(id).await, ["delivered 2000"]);
}

#[tokio::test(start_paused = true)]
async fn one_tenant_whose_calls_all_fail_does_not_stop_another() {
    let world = World::with_tenants(&["failing", "well"]).await;
    world.chats(world.lanes[0], 0..500, EMEA).await;
    let fails = |place: &Place| {
        (place.lane.tenant.as_str() == "failing").then_some((ChannelError::Unanswered, Duration::from_secs(5)))
    };
    world.teams.set_manner(Manner { fails, ..Manner::default() });
    world.send(&["everyone"], "one").await;
    tokio::time::sleep(Duration::from_mins(10)).await; // by now its service is taken for down
    world.chats(world.lanes[1], 500..1_000, EMEA).await;
    let started = tokio::time::Instant::now();
    let people: Vec<String> = (500..1_000).map(|n| format!("p{n}@contoso.com")).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    let id = world.send(&people, "two").await;
    assert_eq!(world.outcomes(id).await, ["delivered 500"]);
    // 500 need 9 s; the first finds out, the others are looked at again soon after.
    assert!(started.elapsed() < Duration::from_secs(14), "took {:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_rest_every_lane_of_the_bot_and_cost_nobody_an_attempt() {
    let world = World::with_tenants(&["one", "two"]).await;
    world.chats(world.lanes[0], 0..100, EMEA).await;
    world.chats(world.lanes[1], 100..200, AMER).await;
    let fails = |_: &Place| Some((ChannelError::Credentials, Duration::ZERO));
    world.teams.set_manner(Manner { fails, ..Manner::default() });
    let id = world.send(&["everyone"], "one").await;
    tokio::time::sleep(HOUR).await;
    let calls = world.teams.connector_calls().len();
    // Those under way at the first refusal, then one every five minutes for both lanes together.
    assert!(calls <= 25, "{calls} calls");
    for &lane in &world.lanes {
        let status = world.engine.as_ref().unwrap().status(lane).unwrap();
        assert_eq!(status.limited_by, LimitedBy::Credentials);
    }
    world.teams.set_manner(Manner::default());
    assert_eq!(world.outcomes(id).await, ["delivered 200"]);
    assert_eq!(world.attempts(id).await, (1, 200));
}
