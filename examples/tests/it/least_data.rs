use serde_json::json;

use crate::stage::Stage;

const LEAST_DATA: &str = env!("CARGO_BIN_EXE_least_data");

#[tokio::test]
async fn four_calls_reach_the_person_and_the_channel_and_its_thread() {
    let stage = Stage::start(5).await;
    let ended = stage.run(LEAST_DATA, &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");

    let (person, channel) = (stage.person(0), stage.team().channels[1].id.clone());
    let chat = person.bots[0].conversation_id.clone().unwrap();
    let root = stage.emulator.conversation(&channel)[0].id.clone();
    let calls = stage.calls();
    let lines: Vec<&str> = calls.iter().map(|call| call.line.as_str()).collect();
    let [to_chat, to_thread] = [chat.clone(), format!("{channel};messageid={root}")]
        .map(|conversation| format!("POST conversations/{conversation}/activities"));
    assert_eq!(lines, ["POST conversations", to_chat.as_str(), "POST conversations", to_thread.as_str()]);

    // As documented; see "Send proactive messages" of Microsoft Learn.
    let tenant = &stage.tenant;
    let create = json!({"isGroup": false, "members": [{"id": person.bots[0].member_id}], "tenantId": tenant,
        "channelData": {"tenant": {"id": tenant}}});
    assert_eq!(calls[0].body, create);
    let begin = json!({"isGroup": true, "tenantId": tenant,
        "channelData": {"channel": {"id": channel}, "tenant": {"id": tenant}},
        "activity": {"type": "message", "text": "Hello, channel.", "textFormat": "plain"}});
    assert_eq!(calls[2].body, begin);
    for (nth, text) in [(1, "Hello from a program that knows very little."), (3, "And hello in its thread.")] {
        assert_eq!(calls[nth].body, json!({"type": "message", "text": text, "textFormat": "plain"}));
    }
}

#[tokio::test]
async fn a_wrong_secret_ends_with_the_remedy() {
    let stage = Stage::start(5).await;
    let output = stage.command(LEAST_DATA).env("PREGON_APP_SECRET", "wrong").output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("configure the secret's value"), "{errors}");
    assert!(stage.calls().is_empty());
}

#[tokio::test]
async fn a_missing_setting_is_named() {
    let stage = Stage::start(5).await;
    let output = stage.command(LEAST_DATA).env_remove("PREGON_TENANT").output().await.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("PREGON_TENANT"), "{errors}");
}
