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
