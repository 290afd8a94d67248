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
    tokio::time::sleep(Duration::from_secs(198)).await; // a cheaper wait than asking
    world.done(id).await;
    let took = started.elapsed().as_secs_f64() / MINIMUM.as_secs_f64();
    assert_eq!(world.outcomes(id).await, [format!("delivered {PEOPLE}")]);
    (took, world.teams.refused())
}

/// At most a hundredth more than the minimum, and not one call refused.
async fn assert_fast(latency: u64, variation: u64, seed: u64) {
    let half = latency / 2;
    let (ratio, refused) = large_message(half..=half, half..=half + variation, seed).await;
    println!("{latency} ms and up to {variation} more: {ratio:.4}, {refused} refused");
    assert_eq!(refused, 0);
    assert!(ratio <= 1.01, "{latency} ms and up to {variation} more: {ratio:.4}");
}

#[tokio::test(start_paused = true)]
async fn a_large_message_takes_a_hundredth_more_than_it_must_at_most() {
    assert_fast(0, 0, 1).await;
}

#[tokio::test(start_paused = true)]
async fn nor_do_answers_that_come_late_slow_it() {
    assert_fast(50, 50, 2).await;
}

#[tokio::test(start_paused = true)]
async fn nor_do_answers_that_come_very_late_and_never_alike() {
    assert_fast(400, 100, 3).await;
}

#[tokio::test(start_paused = true)]
async fn where_the_way_out_itself_varies_the_first_refusal_teaches_it() {
    let (ratio, refused) = large_message(50..=90, 40..=40, 1).await;
    println!("50 to 90 ms on the way out: {ratio:.4}, {refused} refused");
    // Calls under way together may be refused together; then variation is charged in full: 2 % in the mean.
    assert!((1..=5).contains(&refused), "{refused} refused");
    assert!(ratio <= 1.06, "{ratio:.4}");
}
