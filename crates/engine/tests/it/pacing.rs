//! As fast as the limits allow and never over them, against a channel that counts and refuses.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::teams::Manner;
use crate::world::World;

const SERVICE: &str = "https://smba.trafficmanager.net/emea/";
const PEOPLE: usize = 10_000;
/// At 50 a second.
const MINIMUM: Duration = Duration::from_secs(200);

/// What a message to 10 000 known conversations took, from acceptance to the last answer, as a ratio of
/// the minimum, and how many calls were refused.
async fn large_message(out_ms: RangeInclusive<u64>, back_ms: RangeInclusive<u64>, seed: u64) -> (f64, usize) {
    let world = World::new().await;
    world.teams.set_manner(Manner { out_ms, back_ms, seed, limits: true, ..Manner::default() });
    world.chats(world.lane, 0..PEOPLE, SERVICE).await;
    let started = tokio::time::Instant::now();
    let id = world.send(&["everyone"], "one").await;
    tokio::time::sleep(MINIMUM - Duration::from_secs(2)).await;
    world.done(id).await;
    let took = started.elapsed().as_secs_f64() / MINIMUM.as_secs_f64();
    assert_eq!(world.outcomes(id).await, [format!("delivered {PEOPLE}")]);
    (took, world.teams.refused())
}

#[tokio::test(start_paused = true)]
async fn a_large_message_takes_at_most_a_hundredth_more_than_it_must_and_is_never_refused() {
    for (latency, variation, seed) in [(0, 0, 1), (50, 50, 2), (400, 0, 3), (400, 100, 4)] {
        let half = latency / 2;
        let (ratio, refused) = large_message(half..=half, half..=half + variation, seed).await;
        println!("{latency} ms and up to {variation} more: {ratio:.4}, {refused} refused");
        assert_eq!(refused, 0);
        assert!(ratio <= 1.01, "{latency} ms and up to {variation} more: {ratio:.4}");
    }
}
