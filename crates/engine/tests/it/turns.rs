//! Messages that share a lane: who goes first, who rests, who goes on.

use std::time::Duration;

use pregon_domain::message::{AutoPause, Canary, Hold, Message, MessageState, Priority};
use pregon_domain::ports::ChannelError;
use pregon_domain::{DeliveryState, MessageId};

use crate::teams::Script;
use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

/// When texts arrived that begin with `prefix`, since the beginning.
fn arrivals(world: &World, prefix: &str) -> Vec<Duration> {
    let arrived = world.teams.arrivals();
    arrived.into_iter().filter(|(_, text)| text.starts_with(prefix)).map(|(at, _)| at).collect()
}

async fn hold(world: &World, id: MessageId, hold: Option<Hold>) {
    assert!(world.store.hold(id, hold).await.unwrap());
    world.wake();
}

/// Lets virtual time pass until nothing of the message is under way or will start by itself.
async fn rested(world: &World, id: MessageId) -> u64 {
    let mut before = u64::MAX;
    loop {
        tokio::time::sleep(SECOND).await;
        let delivered = world.store.message(id).await.unwrap().unwrap().count(DeliveryState::Delivered);
        if before == delivered {
            return delivered;
        }
        before = delivered;
    }
}

#[tokio::test(start_paused = true)]
async fn an_urgent_message_overtakes_a_large_one_within_a_second() {
    let world = World::new().await;
    world.team(1_000).await;
    world.done(world.send(&["everyone"], "chats").await).await;
    let large = world.send(&["everyone"], "large").await;
    tokio::time::sleep(5 * SECOND).await;
    let asked = world.teams.now();
    // In turn with the large one they would take longer than a second.
    let to: Vec<String> = (960..990).map(|n| format!("29:{n}")).collect();
    let to: Vec<&str> = to.iter().map(String::as_str).collect();
    let urgent = world.accept(&Message { priority: Priority::Urgent, ..world.message(&to, "urgent") }).await;
    world.done(urgent).await;
    let late = arrivals(&world, "urgent").last().unwrap().saturating_sub(asked);
    assert!(late < SECOND, "the last urgent one arrived after {late:?}");
    assert_eq!(world.outcomes(large).await, ["delivered 1000"]);
}

#[tokio::test(start_paused = true)]
async fn two_large_messages_share_the_lane_evenly_from_when_they_are_two() {
    let world = World::new().await;
    world.team(600).await;
    world.done(world.send(&["everyone"], "chats").await).await;
    let first = world.send(&["everyone"], "first").await;
    tokio::time::sleep(4 * SECOND).await;
    let second = world.send(&["everyone"], "second").await;
    world.done(first).await;
    world.done(second).await;
    let (first, second) = (arrivals(&world, "first"), arrivals(&world, "second"));
    let both = (second[0], *first.last().unwrap());
    let within = |times: &[Duration]| times.iter().filter(|at| (both.0..=both.1).contains(at)).count();
    let (one, two) = (within(&first), within(&second));
    assert!(one.abs_diff(two) <= 10 && one > 300, "{one} and {two} while both were under way");
}

#[tokio::test(start_paused = true)]
async fn a_paused_message_stops_at_once_and_goes_on_where_it_was() {
    let world = World::new().await;
    world.team(300).await;
    let id = world.send(&["everyone"], "hello").await;
    tokio::time::sleep(3 * SECOND).await;
    hold(&world, id, Some(Hold::Paused)).await;
    let asked = world.teams.now();
    let before = rested(&world, id).await;
    assert!(before > 0 && before < 300);
    let last = *arrivals(&world, "hello").last().unwrap();
    assert!(last < asked + SECOND, "what had been claimed ended");
    assert_eq!(world.store.message(id).await.unwrap().unwrap().state(), MessageState::Paused);
    hold(&world, id, None).await;
    assert_eq!(world.outcomes(id).await, ["delivered 300"]);
    assert_eq!(world.teams.received_in_all(), 300);
}

#[tokio::test(start_paused = true)]
async fn a_canary_is_sent_and_the_rest_when_somebody_says_so() {
    let world = World::new().await;
    world.team(200).await;
    let canary = Some(Canary { percent: 5 });
    let id = world.accept(&Message { canary, ..world.message(&["everyone"], "hello") }).await;
    assert_eq!(rested(&world, id).await, 10);
    assert_eq!(world.store.message(id).await.unwrap().unwrap().hold, Some(Hold::Canary));
    hold(&world, id, None).await;
    assert_eq!(world.outcomes(id).await, ["delivered 200"]);
}

#[tokio::test(start_paused = true)]
async fn failures_pause_a_message_that_asked_for_it() {
    let world = World::new().await;
    world.team(400).await;
    world.done(world.send(&["everyone"], "chats").await).await;
    for n in 0..400 {
        world.teams.next("send", &format!("a:29:{n}"), Script::Refuse(ChannelError::Refused));
    }
    let auto_pause = Some(AutoPause { percent: 10, after: 20 });
    let id = world.accept(&Message { auto_pause, ..world.message(&["everyone"], "hello") }).await;
    rested(&world, id).await;
    let progress = world.store.message(id).await.unwrap().unwrap();
    assert_eq!((progress.hold, progress.state()), (Some(Hold::Failures), MessageState::Paused));
    let stopped = progress.count(DeliveryState::Stopped);
    assert!((20..60).contains(&stopped), "{stopped} failed before it rested");
    hold(&world, id, None).await;
    assert_eq!(world.outcomes(id).await, ["stopped:refused 400"], "who resumes it has seen them");
}
