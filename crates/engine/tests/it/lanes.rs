//! Many tenants on one node.

use std::time::Duration;

use pregon_domain::DeliveryState;
use pregon_domain::ports::Place;

use crate::teams::Manner;
use crate::world::World;

const SERVICE: &str = "https://smba.trafficmanager.net/emea/";
const LANES: usize = 1_000;
const PEOPLE: usize = 5;

#[tokio::test(start_paused = true)]
async fn a_thousand_lanes_progress_together_and_a_slow_one_slows_no_other() {
    let tenants: Vec<String> = (0..LANES).map(|n| format!("t{n}")).collect();
    let world = World::with_tenants(&tenants.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let slow = |place: &Place| match place.lane.tenant.as_str() {
        "t0" => Duration::from_secs(30),
        _ => Duration::ZERO,
    };
    world.teams.set_manner(Manner { slow, ..Manner::default() });
    for (n, &lane) in world.lanes.iter().enumerate() {
        world.chats(lane, n * PEOPLE..(n + 1) * PEOPLE, SERVICE).await;
    }
    let started = tokio::time::Instant::now();
    let id = world.send(&["everyone"], "one").await;
    let delivered = async || world.store.message(id).await.unwrap().unwrap().count(DeliveryState::Delivered);
    let all_but_slow = u64::try_from((LANES - 1) * PEOPLE).unwrap();
    while delivered().await < all_but_slow {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // The audience of 5 000 is worked out meanwhile; a lane's five calls take 60 ms.
    let took = started.elapsed();
    assert!(took < Duration::from_secs(5), "took {took:?}");
    let engine = world.engine.as_ref().unwrap();
    for &lane in &world.lanes {
        let status = engine.status(lane).unwrap();
        assert!(status.conversations <= PEOPLE, "{} conversations remembered in {lane}", status.conversations);
    }
    // One task for each lane and one for each call under way; none for what waits.
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    assert!(tasks <= 2 * LANES + PEOPLE + 10, "{tasks} tasks");
    assert_eq!(world.outcomes(id).await, [format!("delivered {}", LANES * PEOPLE)]);
}
