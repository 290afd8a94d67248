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

#[tokio::test]
async fn the_eighth_message_in_a_second_is_refused_and_says_when_to_come_back() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let mut refused = Vec::new();
    for nth in 0..10 {
        let answer = setup.send(&chat, &message(&nth.to_string())).await;
        if answer.status() == 429 {
            assert!(["1", "2"].contains(&answer.headers()["retry-after"].to_str().unwrap()));
            refused.push(refusal(answer).await);
        }
    }
    assert_eq!(refused, vec![(429, "Throttled".to_owned()); 3]);
    let stats = setup.emulator.stats();
    assert_eq!((stats.throttled, stats.violations, stats.messages), (3, 3, 7));
    assert_eq!(stats.calls(Operation::Send), 10);
    // Another conversation is not concerned.
    let other = setup.chat(&setup.person(1)).await;
    setup.say(&other, "hello").await;
}

#[tokio::test]
async fn the_fifty_first_call_of_a_bot_in_a_second_is_refused() {
    let setup =
        Setup::installed_with(EmulatorConfig { limits: Limits::Lifted, ..EmulatorConfig::new(WorldSpec::demo(7, 60)) })
            .await;
    let chats = chats(&setup, 60).await;
    // The calls that made the chats are still in the window; only what is refused is of interest.
    setup.emulator.set_limits(Limits::Teams);
    let sends = chats.iter().map(|chat| {
        let path = format!("conversations/{chat}/activities");
        tokio::spawn(setup.call(reqwest::Method::POST, &path).json(&message("now")).send())
    });
    let mut accepted = 0;
    for send in sends.collect::<Vec<_>>() {
        accepted += usize::from(send.await.unwrap().unwrap().status() == 201);
    }
    assert!(accepted <= 50, "{accepted}");
    let stats = setup.emulator.stats();
    assert!(stats.throttled >= 10);
    assert!(stats.peak_per_second > 50);
    assert_eq!(stats.lanes.len(), 1);
    assert_eq!(stats.lanes[0].calls, stats.calls(Operation::CreateConversation) + stats.calls(Operation::Send));
}

#[tokio::test]
async fn lifted_limits_refuse_nothing_and_count_what_would_have_been() {
    let setup =
        Setup::installed_with(EmulatorConfig { limits: Limits::Lifted, ..EmulatorConfig::new(WorldSpec::demo(7, 5)) })
            .await;
    let chat = setup.chat(&setup.person(0)).await;
    for nth in 0..20 {
        setup.say(&chat, &nth.to_string()).await;
    }
    let stats = setup.emulator.stats();
    assert_eq!((stats.throttled, stats.messages), (0, 20));
    assert!(stats.violations >= 1);
}
