//! Refusals of the inbound endpoint. A real activity with its real token is taken on the way, changed,
//! and sent to the server.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use tokio::sync::{Mutex, Notify};

use crate::world::{Answer, World};

#[derive(Clone, Default)]
struct Tap {
    taken: Arc<Mutex<Vec<(String, Value)>>>,
    arrived: Arc<Notify>,
}

async fn take(State(tap): State<Tap>, headers: HeaderMap, body: axum::body::Bytes) -> StatusCode {
    let token = headers["authorization"].to_str().unwrap().to_owned();
    tap.taken.lock().await.push((token, serde_json::from_slice(&body).unwrap()));
    tap.arrived.notify_one();
    StatusCode::OK
}

impl World {
    /// A message of a person to the bot, as the emulator sends it.
    async fn tapped(&self) -> (String, Value) {
        let tap = Tap::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let router = Router::new().route("/", post(take)).with_state(tap.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let ada = self.emulator.person(&self.person(0).id).unwrap();
        ada.install();
        self.emulator.delivered().await;
        self.emulator.set_bot_endpoint(&self.app().app_id, &url).unwrap();
        ada.write("help").unwrap();
        tap.arrived.notified().await;
        let taken = tap.taken.lock().await.pop().unwrap();
        let own = format!("{}/api/messages/main", self.server.base_url);
        self.emulator.set_bot_endpoint(&self.app().app_id, &own).unwrap();
        taken
    }

    async fn inbound(&self, path: &str, token: Option<&str>, body: impl Into<reqwest::Body>) -> Answer {
        let mut request = self.client.post(format!("{}{path}", self.server.base_url)).body(body);
        request = request.header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        Answer::of(request).await
    }
}

const MAIN: &str = "/api/messages/main";

#[tokio::test]
async fn what_is_not_from_teams_or_not_for_this_bot_is_refused_and_counted() {
    let world = World::start().await;
    let (token, activity) = world.tapped().await;
    let with = |pointer: &str, value: Value| {
        let mut changed = activity.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        changed.to_string()
    };
    let genuine = activity.to_string();
    let forged = format!("{}AAAA", &token[..token.len() - 4]);
    let unsigned = "Bearer eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.e30.";
    let cases: [(&str, Option<&str>, String, u16, &str); 13] = [
        (MAIN, None, genuine.clone(), 401, "missing_token"),
        (MAIN, Some("Basic abc"), genuine.clone(), 401, "not_bearer"),
        (MAIN, Some("Bearer x"), genuine.clone(), 401, "malformed_token"),
        (MAIN, Some(unsigned), genuine.clone(), 401, "wrong_algorithm"),
        (MAIN, Some(&forged), genuine.clone(), 401, "bad_signature"),
        (MAIN, Some(&token), with("/serviceUrl", json!("https://evil.example/")), 401, "service_url_mismatch"),
        (MAIN, Some(&token), with("/recipient/id", json!("28:other")), 401, "wrong_recipient"),
        (MAIN, Some(&token), with("/channelId", json!("slack")), 401, "not_endorsed"),
        (MAIN, Some(&token), with("/channelData/tenant/id", json!("another")), 403, "tenant_not_allowed"),
        (MAIN, Some(&token), "{".to_owned(), 400, "malformed_json"),
        (MAIN, Some(&token), "[]".to_owned(), 400, "not_an_object"),
        (MAIN, Some(&token), "{}".to_owned(), 400, "missing_type"),
        ("/api/messages/other", Some(&token), genuine.clone(), 404, "unknown_bot"),
    ];
    let before = world.own_messages().await.len();
    for (path, token, body, status, code) in &cases {
        let answer = world.inbound(path, *token, body.clone()).await;
        answer.is_problem(*status, code, None);
        assert!(!answer.body.to_string().contains("eyJ"), "no token in an answer");
    }
    world.inbound(MAIN, Some(&token), vec![b'x'; 256 * 1024 + 1]).await.is_problem(413, "body_too_large", None);
    assert_eq!(world.own_messages().await.len(), before, "a refused activity has no effect");

    let counted = world.get("/api/v1/inbound").await;
    for (.., code) in &cases {
        assert_eq!(counted["refused"][code], 1, "{code}: {counted:#}");
    }
    assert_eq!(counted["refused"]["body_too_large"], 1);

    // Without a change it is taken, once; the second time it has no effect.
    for duplicates in [0, 1] {
        assert_eq!(world.inbound(MAIN, Some(&token), genuine.clone()).await.status, 200);
        assert_eq!(world.get("/api/v1/inbound").await["duplicates"], duplicates);
        assert_eq!(world.own_messages().await.len(), before + 1);
    }
    world.stop().await;
}

#[tokio::test]
async fn kinds_nobody_knows_are_taken_and_invokes_nobody_answers_are_not_implemented() {
    let world = World::start().await;
    let (token, activity) = world.tapped().await;
    let mut unknown = activity.clone();
    unknown["type"] = json!("telepathy");
    unknown["id"] = json!("f:1");
    assert_eq!(world.inbound(MAIN, Some(&token), unknown.to_string()).await.status, 200);
    // The address many bots are registered with serves the only bot.
    unknown["id"] = json!("f:2");
    assert_eq!(world.inbound("/api/messages", Some(&token), unknown.to_string()).await.status, 200);
    for _ in 0..2 {
        let mut invoke = activity.clone();
        invoke["type"] = json!("invoke");
        invoke["name"] = json!("task/fetch");
        assert_eq!(world.inbound(MAIN, Some(&token), invoke.to_string()).await.status, 501);
        invoke["name"] = json!("adaptiveCard/action");
        invoke["id"] = json!("f:3");
        invoke["value"] = json!({"action": {"verb": "pregon.opt_out", "data": {}}});
        let answer = world.inbound(MAIN, Some(&token), invoke.to_string()).await;
        assert_eq!((answer.status.as_u16(), &answer.body["statusCode"]), (200, &json!(400)));
    }
    world.stop().await;
}

#[tokio::test]
async fn what_happens_to_channels_teams_and_chats_is_known() {
    let world = World::start().await;
    let (token, message) = world.tapped().await;
    let (team, channel) = ("19:synthteam@thread.tacv2", "19:synthreleases@thread.tacv2");
    let mut nth = 0;
    let mut event = |event_type: &str, conversation: Value, more: Value| {
        nth += 1;
        let mut event = message.clone();
        event["type"] = json!("conversationUpdate");
        event["id"] = json!(format!("f:{nth}"));
        event["conversation"] = conversation;
        event["channelData"] = json!({});
        for (name, value) in more.as_object().unwrap() {
            event[name] = value.clone();
        }
        event["channelData"]["tenant"] = message["channelData"]["tenant"].clone();
        event["channelData"]["eventType"] = json!(event_type);
        event.to_string()
    };
    let of = async |id: &str| {
        let all = world.references("").await;
        all.into_iter().find(|row| row["conversation"] == id).unwrap_or_default()
    };
    let in_team = json!({"conversationType": "channel", "id": team});
    let about = |team_name: &str, channel_name: &str| json!({"channelData": {"team": {"id": team, "name": team_name}, "channel": {"id": channel, "name": channel_name}}});
    for (event_type, names, pointer, known) in [
        ("channelCreated", ("Ops", "Releases"), (channel, "name"), json!("Releases")),
        ("ChannelRenamed", ("Ops", "Ships"), (channel, "name"), json!("Ships")),
        ("channelDeleted", ("Ops", "Ships"), (channel, "reach"), json!("not_installed")),
        ("channelRestored", ("Ops", "Ships"), (channel, "reach"), json!("open")),
        ("teamRenamed", ("Harbor", "Ships"), (team, "name"), json!("Harbor")),
        ("teamDeleted", ("Harbor", "Ships"), (team, "reach"), json!("not_installed")),
        ("teamrestored", ("Harbor", "Ships"), (team, "reach"), json!("open")),
    ] {
        let body = event(event_type, in_team.clone(), about(names.0, names.1));
        assert_eq!(world.inbound(MAIN, Some(&token), body).await.status, 200, "{event_type}");
        assert_eq!(of(pointer.0).await[pointer.1], known, "{event_type}");
    }
    assert_eq!(of(channel).await["team"], of(team).await["id"]);

    // Whoever writes in a closed channel proves that the app is there.
    world.inbound(MAIN, Some(&token), event("channelDeleted", in_team, about("Harbor", "Ships"))).await;
    let thread = json!({"conversationType": "channel", "id": format!("{channel};messageid=1790000000000")});
    let mut written: Value = serde_json::from_str(&event("", thread, about("Harbor", "Ships"))).unwrap();
    written["type"] = json!("message");
    assert_eq!(world.inbound(MAIN, Some(&token), written.to_string()).await.status, 200);
    assert_eq!(of(channel).await["reach"], "open");

    // A group chat is captured and welcomed as a group.
    let before = world.own_messages().await.len();
    let chat = json!({"conversationType": "groupChat", "isGroup": true, "id": "19:synthchat@thread.v2"});
    let added = json!({"membersAdded": [{"id": message["recipient"]["id"]}]});
    assert_eq!(world.inbound(MAIN, Some(&token), event("", chat, added)).await.status, 200);
    assert_eq!(of("19:synthchat@thread.v2").await["scope"], "group_chat");
    let own = world.own_messages().await;
    assert_eq!(own.len(), before + 1);
    assert_eq!(own[before]["to"], json!(["conversation:19:synthchat@thread.v2"]));
    world.stop().await;
}
