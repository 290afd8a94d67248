use pregon_emulator::dev;

use crate::stage::Stage;

#[tokio::test]
async fn it_answers_in_the_chat_and_in_the_thread_it_is_mentioned_in() {
    let stage = Stage::start(5).await;
    let _bot = stage.listen(env!("CARGO_BIN_EXE_hello")).await;
    let ada = stage.actor(dev::ADA);
    ada.write("good morning").unwrap();
    assert_eq!(stage.texts(dev::ADA, 1).await, ["Hello! You said: good morning"]);

    let question = ada.write_in_channel(dev::CHANNEL_ID, None, "and here?").unwrap();
    stage.emulator.until(|emulator| emulator.conversation(dev::CHANNEL_ID).len() == 2).await;
    let answer = stage.emulator.conversation(dev::CHANNEL_ID)[1].clone();
    assert_eq!(answer.activity["text"], "Hello! You said: and here?");
    assert_eq!(answer.thread_root, Some(question));
}

#[test]
fn a_hello_bot_has_less_than_thirty_lines() {
    let lines = include_str!("../../hello.rs").lines().count();
    assert!(lines < 30, "{lines}");
}
