use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    entra::verified,
    setup::{BOT_SCOPE, Setup},
};

#[tokio::test]
async fn time_that_passes_at_once_makes_tokens_expire_and_limits_forget() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    for _ in 0..7 {
        setup.say(&chat, "one of seven").await;
    }
    setup.emulator.advance(Duration::from_secs(30));
    setup.say(&chat, "and there is room again").await;
    let answer = setup.control(Method::POST, "clock/advance").json(&json!({"seconds": 3600})).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(setup.get("conversations").await.status(), 401, "the token has expired");
    let fresh = setup.token_for(&setup.tenant, BOT_SCOPE).await;
    assert_ne!(fresh, setup.token);
    let clock: Value = setup.control(Method::GET, "clock").send().await.unwrap().json().await.unwrap();
    assert!(clock["now"].as_str().unwrap().ends_with('Z'));
}

#[tokio::test]
async fn the_bot_is_called_with_a_token_of_its_own_time() {
    let setup = Setup::installed().await;
    let begins = async || {
        setup.emulator.person(&setup.person(0).id).unwrap().write("hello").unwrap();
        setup.emulator.delivered().await;
        let received = setup.bot.take().remove(0);
        let token = received.headers["authorization"].to_str().unwrap().strip_prefix("Bearer ").unwrap();
        let keys = format!("{}/v1/.well-known/keys", setup.emulator.base_url());
        verified(&setup, &keys, token, &setup.app.app_id).await["nbf"].as_u64().unwrap()
    };
    let before = begins().await;
    setup.emulator.advance(Duration::from_hours(100 * 24));
    assert!(begins().await < before + 3_600, "the machine's time has not moved");
}
