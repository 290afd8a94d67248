use std::time::{Duration, Instant};

use pregon_emulator::{EmulatorConfig, Limits, Operation, WorldSpec};

use crate::setup::{Setup, message, refusal};

async fn chats(setup: &Setup, count: usize) -> Vec<String> {
    setup.emulator.set_limits(Limits::Lifted);
    let mut chats = Vec::new();
    for nth in 0..count {
        chats.push(setup.chat(&setup.person(nth)).await);
    }
    chats
}

/// Tries until all calls of a try fell into one second, which a busy machine may not manage at once.
const TRIES: usize = 10;

#[tokio::test]
async fn the_eighth_message_in_a_second_is_refused_and_says_when_to_come_back() {
    let setup = Setup::installed().await;
    for nth in 0..TRIES {
        let chat = setup.chat(&setup.person(nth)).await;
        let begin = Instant::now();
        let mut answers = Vec::new();
        for nth in 0..10 {
            answers.push(setup.send(&chat, &message(&nth.to_string())).await);
        }
        if begin.elapsed() >= Duration::from_secs(1) {
            continue;
        }
        let refused = answers.split_off(7);
        assert!(answers.iter().all(|answer| answer.status() == 201));
        for answer in refused {
            assert!(["1", "2"].contains(&answer.headers()["retry-after"].to_str().unwrap()));
            assert_eq!(refusal(answer).await, (429, "Throttled".to_owned()));
        }
        assert_eq!(setup.emulator.conversation(&chat).len(), 7);
        let stats = setup.emulator.stats();
        assert_eq!((stats.throttled, stats.violations), (3, 3));
        // Another conversation is not concerned.
        let other = setup.chat(&setup.person(TRIES)).await;
        setup.say(&other, "hello").await;
        return;
    }
    panic!("the machine never sent ten messages in a second");
}

#[tokio::test]
async fn the_fifty_first_call_of_a_bot_in_a_second_is_refused() {
    let setup =
        Setup::installed_with(EmulatorConfig { limits: Limits::Lifted, ..EmulatorConfig::new(WorldSpec::demo(7, 60)) })
            .await;
    let chats = chats(&setup, 60).await;
    setup.emulator.set_limits(Limits::Teams);
    for _ in 0..TRIES {
        let begin = Instant::now();
        let sends = chats.iter().map(|chat| {
            let path = format!("conversations/{chat}/activities");
            tokio::spawn(setup.call(reqwest::Method::POST, &path).json(&message("now")).send())
        });
        let mut accepted = 0;
        for send in sends.collect::<Vec<_>>() {
            accepted += usize::from(send.await.unwrap().unwrap().status() == 201);
        }
        if begin.elapsed() >= Duration::from_secs(1) {
            continue;
        }
        assert!(accepted <= 50, "{accepted}");
        let stats = setup.emulator.stats();
        assert!(stats.throttled >= 10);
        assert!(stats.peak_per_second > 50);
        assert_eq!(stats.lanes.len(), 1);
        assert_eq!(stats.lanes[0].calls, stats.calls(Operation::CreateConversation) + stats.calls(Operation::Send));
        return;
    }
    panic!("the machine never sent sixty messages in a second");
}

#[tokio::test]
async fn lifted_limits_refuse_nothing_and_count_what_would_have_been() {
    let setup =
        Setup::installed_with(EmulatorConfig { limits: Limits::Lifted, ..EmulatorConfig::new(WorldSpec::demo(7, 5)) })
            .await;
    let chat = setup.chat(&setup.person(0)).await;
    for nth in 0..70 {
        setup.say(&chat, &nth.to_string()).await;
    }
    let stats = setup.emulator.stats();
    assert_eq!((stats.throttled, stats.messages), (0, 70));
    assert!(stats.violations >= 10, "sixty in half a minute are allowed");
}
