use pregon_emulator::{EmulatorConfig, WorldSpec};
use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{Setup, encoded, message};

#[tokio::test]
async fn people_do_over_http_what_they_do_in_rust() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let path = |verb: &str| format!("people/{}/{verb}", encoded(&person.email));
    let act = async |verb: &str, body: Value| -> (u16, Value) {
        let answer = setup.control(Method::POST, &path(verb)).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    };
    assert_eq!(act("install", json!({})).await, (200, json!({"changed": true})));
    assert_eq!(act("leave", json!({"team": setup.team().id})).await, (200, json!({"changed": true})));
    assert_eq!(act("join", json!({})).await, (200, json!({"changed": true})));
    assert_eq!(act("block", json!({})).await.0, 204);
    let chat = setup.chat(&person).await;
    assert_eq!(setup.send(&chat, &message("x")).await.status(), 403);
    assert_eq!(act("write", json!({"text": "hi"})).await.1["error"]["code"], "bot_not_there");
    assert_eq!(act("unblock", json!({})).await.0, 204);
    assert_eq!(act("write", json!({"text": "hi"})).await.0, 201);
    assert_eq!(act("write", json!({"text": "hi", "channel": "Releases"})).await.0, 201);
    let card = json!({"type": "message", "attachments": [{"contentType": "c", "content": {
        "actions": [{"type": "Action.Execute", "verb": "ack"}]}}]});
    let id = crate::setup::id(setup.send(&chat, &card).await).await;
    let (status, answer) = act("press", json!({"button": "ack"})).await;
    assert_eq!((status, &answer["body"]["value"]), (200, &json!("seen")));
    assert_eq!(act("react", json!({"message": id})).await.0, 204);
    assert_eq!(act("write", json!({"txet": "hi"})).await.0, 400);
    assert_eq!(act("dance", json!({})).await.0, 404);
}

#[tokio::test]
async fn what_was_said_can_be_read_over_http() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    setup.say(&chat, "one").await;
    setup.say(&chat, "two").await;
    let get =
        async |path: &str| -> Value { setup.control(Method::GET, path).send().await.unwrap().json().await.unwrap() };
    let first = get("messages?limit=1").await;
    assert_eq!((first["messages"].as_array().unwrap().len(), &first["next"]), (1, &json!(1)));
    let second = get("messages?after=1").await;
    assert_eq!(second["messages"][0]["activity"]["text"], "two");
    let received = get(&format!("people/{}/messages", person.id)).await;
    assert_eq!(received["messages"].as_array().unwrap().len(), 2);
    let conversation = get(&format!("conversations/{}", encoded(&chat))).await;
    assert_eq!(conversation["conversation"]["name"], person.name.as_str());
    assert_eq!(conversation["messages"].as_array().unwrap().len(), 2);
    assert_eq!(get("conversations").await["conversations"].as_array().unwrap().len(), 1);
    assert_eq!(get("stats").await["calls"]["send"], 2);
    let found = get(&format!("people?q={}&limit=5", encoded(&person.email))).await;
    assert_eq!(found["people"][0]["id"], person.id.as_str());
    assert_eq!(get("apps").await["apps"][0]["endpoint"], setup.bot.url.as_str());
    assert_eq!(get("tenants").await["tenants"][0]["teams"][0]["name"], "Harbor Ops");
}

#[tokio::test]
async fn faults_and_limits_are_set_over_http() {
    let setup = Setup::installed().await;
    let chat = setup.chat(&setup.person(0)).await;
    let fault = json!({"operation": "send", "times": 1,
        "effect": {"kind": "answer", "status": 429, "code": "Throttled", "retry_after": {"seconds": 3}}});
    let added = setup.control(Method::POST, "faults").json(&fault).send().await.unwrap();
    assert_eq!(added.status(), 201);
    let refused = setup.send(&chat, &message("x")).await;
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (429, &"3".parse().unwrap()));
    let bad = setup.control(Method::POST, "faults").json(&json!({"operation": "fly"})).send().await.unwrap();
    assert_eq!(bad.status(), 400);
    let lifted = setup.control(Method::PUT, "limits").json(&json!({"limits": "lifted"})).send().await.unwrap();
    assert_eq!(lifted.status(), 204);
    for nth in 0..12 {
        setup.say(&chat, &nth.to_string()).await;
    }
}

#[tokio::test]
async fn other_machines_and_other_web_pages_may_not_steer() {
    let setup = Setup::start().await;
    let foreign = setup.control(Method::GET, "stats").header("origin", "https://evil.example").send().await.unwrap();
    assert_eq!(foreign.status(), 403);
    let open = EmulatorConfig { listen: "0.0.0.0:0".parse().unwrap(), ..EmulatorConfig::new(WorldSpec::demo(1, 3)) };
    let emulator = pregon_emulator::Emulator::start(open).await.unwrap();
    let url = format!("http://127.0.0.1:{}", emulator.address().port());
    let stats = setup.client.get(format!("{url}/_emulator/stats")).send().await.unwrap();
    assert_eq!(stats.status(), 403);
    let index: Value = setup.client.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(index["control"], Value::Null);
    emulator.shutdown().await;
}

#[tokio::test]
async fn a_shut_down_emulator_answers_no_more() {
    let setup = Setup::start().await;
    let url = setup.emulator.base_url().to_owned();
    assert_eq!(setup.client.get(&url).send().await.unwrap().status(), 200);
    setup.emulator.shutdown().await;
    assert!(setup.client.get(&url).send().await.is_err());
}
