//! The engine over a store in memory and a scripted channel, under virtual time.

mod counter;
mod lanes;
mod outage;
mod pacing;
mod teams;
mod turns;
mod world;

use std::time::Duration;

use pregon_domain::directory::{Person, Scope};
use pregon_domain::message::{DeliveryPolicy, Message, Operation};
use pregon_domain::ports::{ChannelError, DeliveryFilter};
use pregon_domain::{Clock, DeliveryState};
use teams::{Manner, Script, person};
use world::{TEAM, World};

/// The most calls in any span of one second.
fn peak(calls: &[teams::Call]) -> usize {
    let second = Duration::from_secs(1);
    (0..calls.len())
        .map(|first| calls[first..].iter().take_while(|call| call.at <= calls[first].at + second).count())
        .max()
        .unwrap_or(0)
}

#[tokio::test(start_paused = true)]
async fn every_member_gets_the_message_once_at_the_limit_and_never_over_it() {
    let world = World::new().await;
    world.team(300).await;
    let id = world.send(&[&format!("team:{TEAM}")], "Hello {{ recipient.name }}").await;
    assert_eq!(world.outcomes(id).await, ["delivered 300"]);
    for n in 0..300 {
        assert_eq!(world.teams.received(&format!("a:29:{n}")), [format!("Hello Person {n}")]);
    }
    let calls = world.teams.connector_calls();
    assert!(peak(&calls) <= 50, "peak {}", peak(&calls));
    // 6 pages of the roster, 300 creations, 300 sends at 50 a second, from the first to the last.
    assert_eq!(calls.len(), 606);
    let took = calls[605].at.checked_sub(calls[0].at).unwrap();
    assert!(took < Duration::from_millis(12_500), "took {took:?}");
}

#[tokio::test(start_paused = true)]
async fn the_second_message_creates_nothing() {
    let world = World::new().await;
    world.team(40).await;
    let first = world.send(&["everyone"], "one").await;
    world.done(first).await;
    let second = world.send(&["everyone"], "two").await;
    assert_eq!(world.outcomes(second).await, ["delivered 40"]);
    assert_eq!(world.teams.calls("create").len(), 40);
}

#[tokio::test(start_paused = true)]
async fn two_messages_at_once_create_one_conversation_and_arrive_in_order() {
    let world = World::new().await;
    world.team(1).await;
    let (one, two) = (world.send(&["everyone"], "one").await, world.send(&["everyone"], "two").await);
    world.done(one).await;
    world.done(two).await;
    assert_eq!(world.teams.calls("create").len(), 1);
    assert_eq!(world.teams.received("a:29:0"), ["one", "two"]);
}

#[tokio::test(start_paused = true)]
async fn a_person_who_blocked_the_bot_costs_one_call_once() {
    let world = World::new().await;
    world.team(3).await;
    world.teams.next("send", "a:29:1", Script::Refuse(ChannelError::Blocked));
    let first = world.send(&["everyone"], "one").await;
    assert_eq!(world.outcomes(first).await, ["delivered 2", "stopped:blocked 1"]);
    let calls = world.teams.connector_calls().len();
    let second = world.send(&["everyone"], "two").await;
    assert_eq!(world.outcomes(second).await, ["delivered 2", "stopped:blocked 1"]);
    assert_eq!(world.teams.connector_calls().len() - calls, 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_for_speed_closes_the_lane_for_as_long_as_told_and_costs_nobody_an_attempt() {
    let world = World::new().await;
    world.team(100).await;
    let retry_after = Some(Duration::from_secs(7));
    world.teams.next("send", "a:29:5", Script::Refuse(ChannelError::Throttled { retry_after }));
    let id = world.send(&["everyone"], "one").await;
    assert_eq!(world.outcomes(id).await, ["delivered 100"]);
    let calls = world.teams.connector_calls();
    let refused = calls.iter().find(|call| call.what == "send" && call.whom == "a:29:5").unwrap().at;
    // What was under way is answered; nothing starts before the time is over.
    let during = calls
        .iter()
        .filter(|call| call.at > refused + Duration::from_millis(50) && call.at < refused + Duration::from_secs(7));
    assert_eq!(during.count(), 0);
    let filter = DeliveryFilter { limit: 200, ..DeliveryFilter::default() };
    let deliveries = world.store.deliveries(id, &filter).await.unwrap();
    assert!(deliveries.iter().all(|delivery| delivery.attempts == 1));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_was_claimed_while_the_store_failed_is_found_again() {
    let world = World::new().await;
    world.team(5).await;
    world.done(world.send(&["everyone"], "chats").await).await;
    let message = world.message(&["everyone"], "hello");
    // Claimed, and then what is to be sent cannot be read.
    world.memory.fail_to_read_messages(1);
    world.accept(&message).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(world.outcomes(message.id).await, ["delivered 5"]);
    assert_eq!(world.teams.received_in_all(), 10);
}

#[tokio::test(start_paused = true)]
async fn in_doubt_the_policy_decides() {
    let world = World::new().await;
    world.team(1).await;
    let first = world.send(&["everyone"], "hello").await;
    world.done(first).await;
    world.teams.next("send", "a:29:0", Script::LoseAnswer);
    let again = world.send(&["everyone"], "again").await;
    assert_eq!(world.outcomes(again).await, ["delivered 1"]);
    let filter = DeliveryFilter { limit: 9, ..DeliveryFilter::default() };
    assert!(world.store.deliveries(again, &filter).await.unwrap()[0].doubted);
    world.teams.next("send", "a:29:0", Script::LoseAnswer);
    let policy = DeliveryPolicy::AtMostOnce;
    let once = world.accept(&Message { policy, ..world.message(&["everyone"], "once") }).await;
    assert_eq!(world.outcomes(once).await, ["uncertain:unanswered 1"]);
    assert_eq!(world.teams.received("a:29:0"), ["hello", "again", "again", "once"]);
}

#[tokio::test(start_paused = true)]
async fn a_scheduled_message_goes_out_on_time() {
    let world = World::new().await;
    world.team(1).await;
    let at = world.clock.now() + Duration::from_secs(90);
    let id = world.accept(&Message { send_at: Some(at), ..world.message(&["everyone"], "now") }).await;
    world.done(id).await;
    let late = world.teams.calls("create")[0].at.checked_sub(Duration::from_secs(90)).unwrap();
    assert!(late < Duration::from_millis(100), "late by {late:?}");
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_time_is_over_is_not_sent() {
    let world = World::new().await;
    world.team(1).await;
    let retry_after = Some(Duration::from_mins(1));
    world.teams.next("create", "29:0", Script::Refuse(ChannelError::Throttled { retry_after }));
    let not_after = world.clock.now() + Duration::from_secs(30);
    let id = world.accept(&Message { not_after, ..world.message(&["everyone"], "late") }).await;
    assert_eq!(world.outcomes(id).await, ["stopped:expired 1"]);
    assert_eq!(world.teams.received_in_all(), 0);
}

#[tokio::test(start_paused = true)]
async fn many_messages_to_one_person_keep_the_conversations_windows() {
    let world = World::new().await;
    world.team(1).await;
    let mut ids = Vec::new();
    for n in 0..70 {
        ids.push(world.send(&["everyone"], &format!("{n}")).await);
    }
    for id in ids {
        world.done(id).await;
    }
    let sends = world.teams.calls("send");
    assert_eq!(sends.len(), 70);
    for (max, per) in [(7, 1_000), (8, 2_000), (60, 30_000)] {
        let kept = sends.windows(max + 1).all(|run| run[max].at > run[0].at + Duration::from_millis(per));
        assert!(kept, "more than {max} in {per} ms");
    }
}

#[tokio::test(start_paused = true)]
async fn a_thread_is_begun_replied_to_edited_and_cleared() {
    let world = World::new().await;
    let channel = "19:news@thread.tacv2";
    world.capture(Scope::Channel, channel).await;
    let root = world.send(&[channel], "root").await;
    let reply = world.send(&[&format!("thread:{root}")], "reply").await;
    let edit = Message { operation: Operation::Edit(root), to: vec![], ..world.message(&[], "root, corrected") };
    let edit = world.accept(&edit).await;
    let delete = Message { operation: Operation::Delete(reply), content: None, to: vec![], ..world.message(&[], "") };
    let delete = world.accept(&delete).await;
    for id in [root, reply, edit, delete] {
        assert_eq!(world.outcomes(id).await, ["delivered 1"]);
    }
    assert_eq!(world.teams.received(channel), ["root"]);
    assert_eq!(world.teams.received(&format!("{channel};messageid=1001")), ["reply"]);
    assert_eq!(world.teams.calls("update")[0].whom, format!("{channel};messageid=1001 1001"));
    assert_eq!(world.teams.calls("delete")[0].whom, format!("{channel};messageid=1001 1002"));
}

#[tokio::test(start_paused = true)]
async fn a_person_only_the_directory_knows_is_installed_for_then_written_to() {
    let world = World::new().await;
    world.teams.set_directory(vec![Person { member_id: None, ..person(7) }]);
    let id = world.send(&["p7@contoso.com", "nobody@contoso.com"], "hi").await;
    assert_eq!(world.outcomes(id).await, ["delivered 1", "stopped:not_found 1"]);
    assert_eq!(world.teams.calls("install").len(), 1);
    assert_eq!(world.teams.received("a:00000000-0000-0000-0000-000000000007"), ["hi"]);
}

#[tokio::test(start_paused = true)]
async fn a_vanished_chat_is_created_anew() {
    let world = World::new().await;
    world.team(1).await;
    let id = world.send(&["everyone"], "one").await;
    world.done(id).await;
    world.teams.next("send", "a:29:0", Script::Refuse(ChannelError::ConversationGone));
    let id = world.send(&["everyone"], "two").await;
    assert_eq!(world.outcomes(id).await, ["delivered 1"]);
    assert_eq!(world.teams.calls("create").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_gentle_stop_loses_and_repeats_nothing() {
    let mut world = World::new().await;
    world.team(200).await;
    let id = world.send(&["everyone"], "one").await;
    tokio::time::sleep(Duration::from_millis(2_345)).await;
    assert!(world.engine.take().unwrap().stop(Duration::from_secs(10)).await);
    let half = world.store.message(id).await.unwrap().unwrap();
    let delivered = half.count(DeliveryState::Delivered);
    assert!(delivered > 0 && delivered < 200, "{delivered}");
    assert_eq!(world.teams.received_in_all() as u64, delivered, "all that left is settled");
    world.start().await;
    assert_eq!(world.outcomes(id).await, ["delivered 200"]);
    assert_eq!(world.teams.received_in_all(), 200);
    assert!(peak(&world.teams.connector_calls()) <= 50, "also across the hand-over");
}

#[tokio::test(start_paused = true)]
async fn a_passing_failure_is_retried_and_an_endless_one_ends() {
    let world = World::new().await;
    world.team(2).await;
    world.teams.next("create", "29:0", Script::Refuse(ChannelError::NotSent));
    for _ in 0..6 {
        world.teams.next("create", "29:1", Script::Refuse(ChannelError::NotSent));
    }
    let id = world.send(&["everyone"], "one").await;
    // The service is not down: others get through meanwhile.
    for _ in 0..70 {
        world.send(&["p0@contoso.com"], "meanwhile").await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(world.outcomes(id).await, ["delivered 1", "stopped:exhausted 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_message_stops_where_it_is() {
    let world = World::new().await;
    world.team(200).await;
    let id = world.send(&["everyone"], "one").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert!(world.store.cancel(id).await.unwrap());
    let progress = world.done(id).await;
    let delivered = progress.count(DeliveryState::Delivered);
    assert_eq!(delivered + progress.count(DeliveryState::Stopped), 200);
    assert_eq!(world.teams.received_in_all() as u64, delivered);
    assert!(delivered < 200);
}

#[tokio::test(start_paused = true)]
async fn who_opted_out_of_a_topic_still_gets_others() {
    let world = World::new().await;
    let people = world.team(2).await;
    world.store.set_opt_out(people[0], "news", true, world.clock.now()).await.unwrap();
    let news = Message { topic: Some("news".into()), ..world.message(&["everyone"], "news") };
    let news = world.accept(&news).await;
    assert_eq!(world.outcomes(news).await, ["delivered 1", "stopped:opted_out 1"]);
    let other = Message { topic: Some("other".into()), ..world.message(&["everyone"], "other") };
    let other = world.accept(&other).await;
    assert_eq!(world.outcomes(other).await, ["delivered 2"]);
}

#[tokio::test(start_paused = true)]
async fn a_team_is_read_with_its_channels_and_all_its_people() {
    let world = World::new().await;
    let team = world.capture(Scope::Team, TEAM).await;
    world.teams.set_roster((0..120).map(person).collect());
    world.engine.as_ref().unwrap().sync_team(team);
    let known = || async { world.store.references(None, Some(Scope::Personal), None, 500).await.unwrap().len() };
    while known().await < 120 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(world.teams.calls("members").len(), 3);
    assert_eq!(world.store.references(None, Some(Scope::Channel), None, 9).await.unwrap().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn slow_answers_do_not_slow_the_lane() {
    let world = World::new().await;
    world.teams.set_manner(Manner::taking(Duration::from_millis(400)));
    world.team(300).await;
    let first = world.send(&["everyone"], "one").await;
    world.done(first).await;
    let before = world.teams.calls("send").len();
    let id = world.send(&["everyone"], "two").await;
    world.done(id).await;
    let sends = &world.teams.calls("send")[before..];
    let took = sends[299].at.checked_sub(sends[0].at).unwrap();
    // 300 starts at 50 a second need six windows when the first is shared with the message before. If
    // every window waited for its answers it would be 8.4 s.
    assert!(took < Duration::from_millis(6_100), "took {took:?}");
    assert!(peak(&world.teams.connector_calls()) <= 50);
}
