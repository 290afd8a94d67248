use pregon_emulator::dev;

use crate::stage::Stage;

#[tokio::test]
async fn a_thread_is_started_and_answered_in() {
    let stage = Stage::start(5).await;
    let ended = stage.run(env!("CARGO_BIN_EXE_new_thread_in_channel"), &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");

    let messages = stage.emulator.conversation(dev::CHANNEL_ID);
    let texts: Vec<_> = messages.iter().map(|message| message.activity["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["This starts a new thread.", "This is the first answer in it."]);
    assert!(messages.iter().all(|message| message.thread_root.as_ref() == Some(&messages[0].id)));
    let in_thread = format!("POST conversations/{};messageid={}/activities", dev::CHANNEL_ID, messages[0].id);
    assert_eq!(stage.lines(), ["POST conversations", in_thread.as_str()]);
}
