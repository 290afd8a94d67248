use crate::stage::Stage;

const NEW_THREAD_IN_CHANNEL: &str = env!("CARGO_BIN_EXE_new_thread_in_channel");

#[tokio::test]
async fn a_thread_is_started_and_answered_in() {
    let stage = Stage::start(5).await;
    let ended = stage.run(NEW_THREAD_IN_CHANNEL, &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");

    let channel = stage.team().channels[1].id.clone();
    let messages = stage.emulator.conversation(&channel);
    let texts: Vec<_> = messages.iter().map(|message| message.activity["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["This starts a new thread.", "This is its first answer."]);
    assert!(messages.iter().all(|message| message.thread_root.as_ref() == Some(&messages[0].id)));
    let in_thread = format!("POST conversations/{channel};messageid={}/activities", messages[0].id);
    assert_eq!(stage.lines(), ["POST conversations", in_thread.as_str()]);
}
