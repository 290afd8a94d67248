use pregon_emulator::dev;
use serde_json::json;

use crate::stage::Stage;

const LEAST_DATA: &str = env!("CARGO_BIN_EXE_least_data");

#[tokio::test]
async fn four_calls_reach_the_person_and_the_channel_and_its_thread() {
    let stage = Stage::start(5).await;
    let ended = stage.run(LEAST_DATA, &[]).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");

    let chat = stage.person(0).bots[0].conversation_id.clone().unwrap();
    let root = stage.emulator.conversation(dev::CHANNEL_ID)[0].id.clone();
    let calls = stage.calls();
    let lines: Vec<&str> = calls.iter().map(|call| call.line.as_str()).collect();
    let [to_chat, to_thread] = [chat, format!("{};messageid={root}", dev::CHANNEL_ID)]
        .map(|conversation| format!("POST conversations/{conversation}/activities"));
    assert_eq!(lines, ["POST conversations", to_chat.as_str(), "POST conversations", to_thread.as_str()]);

    // As documented; see "Send proactive messages" of Microsoft Learn.
    let tenant = json!({"id": dev::TENANT_ID});
    let text = |text: &str| json!({"type": "message", "text": text, "textFormat": "plain"});
    let create = json!({"isGroup": false, "members": [{"id": dev::ADA}], "tenantId": dev::TENANT_ID,
        "channelData": {"tenant": tenant}});
    let begin = json!({"isGroup": true, "tenantId": dev::TENANT_ID, "activity": text("Hello, channel."),
        "channelData": {"channel": {"id": dev::CHANNEL_ID}, "tenant": tenant}});
    let bodies: Vec<_> = calls.into_iter().map(|call| call.body).collect();
    assert_eq!(bodies, [create, text("Hello! Four ids are all I know."), begin, text("And hello in its thread.")]);
}

/// What it says when one setting is wrong.
async fn errors(stage: &Stage, name: &str, value: &str) -> String {
    let output = stage.command(LEAST_DATA).env(name, value).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn an_error_ends_with_what_to_do() {
    let stage = Stage::start(5).await;
    for (name, value, remedy) in [
        ("PREGON_APP_SECRET", "wrong", "configure the secret's value"),
        ("PREGON_SERVICE_URL", "https://evil.example/", "are not on the cloud's allow-list"),
        ("PREGON_PERSON", dev::BORIS, "\n\nInstall the app there first; install_for_user shows"),
        ("PREGON_PERSON", "29:nobody", "\n\nCheck the ids"),
    ] {
        let errors = errors(&stage, name, value).await;
        assert!(errors.contains(remedy), "{errors}");
    }
}
