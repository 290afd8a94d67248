use std::collections::BTreeSet;

use pregon_emulator::dev;

use crate::stage::{Listening, Stage};

async fn start(stage: &Stage) -> Listening {
    stage.listen(env!("CARGO_BIN_EXE_proactive_hello")).await
}

async fn notify(bot: &Listening) -> BTreeSet<String> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(format!("{}/api/notify", bot.base_url)).send().await.unwrap();
    answer.text().await.unwrap().lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn every_conversation_that_spoke_is_greeted_and_no_other() {
    let stage = Stage::start(5).await;
    let bot = start(&stage).await;
    assert_eq!(notify(&bot).await, BTreeSet::new());

    stage.actor(dev::ADA).write("good morning").unwrap();
    stage.actor(dev::BORIS).install();
    let question = stage.actor(dev::BORIS).write_in_channel(dev::CHANNEL_ID, None, "anybody?").unwrap();
    stage.emulator.delivered().await;

    let chat = |person: usize| stage.person(person).bots[0].conversation_id.clone().unwrap();
    let thread = format!("{};messageid={question}", dev::CHANNEL_ID);
    let expected = [chat(0), chat(1), thread].map(|conversation| format!("{conversation}: delivered"));
    assert_eq!(notify(&bot).await, BTreeSet::from(expected));
    assert_eq!(stage.texts_to(dev::ADA), ["You said: good morning", "proactive hello"]);
    assert_eq!(stage.texts_to(dev::BORIS).last().unwrap(), "proactive hello");
    let in_thread = stage.emulator.conversation(dev::CHANNEL_ID);
    assert_eq!(in_thread.last().unwrap().activity["text"], "proactive hello");
    assert_eq!(in_thread.last().unwrap().thread_root, Some(question));
    assert_eq!(stage.texts_to(&stage.person(2).id), [""; 0]);
}

#[tokio::test]
async fn whoever_blocked_it_is_forgotten_and_so_is_who_removed_it() {
    let stage = Stage::start(5).await;
    let bot = start(&stage).await;
    for person in [dev::ADA, dev::BORIS] {
        stage.actor(person).write("hello").unwrap();
    }
    stage.emulator.delivered().await;
    stage.actor(dev::ADA).block();
    let said = notify(&bot).await;
    assert!(said.iter().any(|line| line.ends_with(": blocked by the person, and forgotten")), "{said:?}");
    assert_eq!(notify(&bot).await.len(), 1);
    stage.actor(dev::BORIS).install();
    stage.emulator.delivered().await;
    stage.actor(dev::BORIS).uninstall();
    stage.emulator.delivered().await;
    assert_eq!(notify(&bot).await.len(), 0);
}
