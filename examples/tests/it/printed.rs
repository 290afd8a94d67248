use serde_json::Value;

use crate::stage::Stage;

#[tokio::test]
async fn what_a_bot_prints_to_try_can_be_done_as_it_stands() {
    for (binary, lines) in [
        (env!("CARGO_BIN_EXE_hello"), 2),
        (env!("CARGO_BIN_EXE_proactive_hello"), 2),
        (env!("CARGO_BIN_EXE_conversation_bot"), 4),
    ] {
        let stage = Stage::start(5).await;
        let bot = stage.listen(binary).await;
        let commands: Vec<_> = bot.shown.iter().filter_map(|line| line.strip_prefix("  curl ")).collect();
        let commands: Vec<_> = commands.into_iter().filter(|command| command.contains("/_emulator/")).collect();
        assert_eq!(commands.len(), lines, "{commands:?}");
        let mut last = Value::Null;
        for command in commands {
            last = curl(command).await;
            stage.emulator.delivered().await;
        }
        let from_bot = last["messages"].as_array().unwrap();
        assert!(!from_bot.is_empty(), "{last}");
    }
}

/// Does what `curl` would with these arguments.
async fn curl(arguments: &str) -> Value {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = match arguments.split_once(" -d '") {
        Some((url, body)) => client.post(url).body(body.trim_end_matches('\'').to_owned()),
        None => client.get(arguments),
    };
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{arguments}: {}", answer.status());
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}
