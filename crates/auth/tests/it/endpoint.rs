//! The layer and the extractor behind a real server: both refuse alike.

use std::convert::Infallible;
use std::future::Ready;
use std::sync::atomic::Ordering::SeqCst;
use std::task::{Context, Poll};

use axum::body::{Body, to_bytes};
use axum::extract::FromRef;
use axum::http::Request;
use axum::routing::any;
use axum::{Json, Router};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use pregon_auth::{AllowedTenants, Authenticated, InboundAuth, Vouched};
use pregon_model::TenantId;
use reqwest::{Method, RequestBuilder, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tower_layer::Layer as _;
use tower_service::Service;

use crate::world::{APP, World};

const TENANT: &str = "5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596";
const LIMIT: usize = 4096;

/// A server of one bot, three times: behind the layer, and with two extractors.
struct Server {
    world: World,
    base: String,
}

const PATHS: [&str; 3] = ["/layer", "/extractor", "/own-type"];

async fn behind_layer(request: Request<Body>) -> Json<Value> {
    let authenticated = request.extensions().get::<Authenticated>().expect("the layer put it there").clone();
    let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let body: Value = serde_json::from_slice(&body).expect("the body is still there");
    assert_eq!(body["text"].as_str(), authenticated.activity.text.as_deref());
    seen(authenticated.activity.text.as_deref(), &authenticated.vouched)
}

/// A handler's own idea of an activity.
#[derive(Deserialize)]
struct Own {
    text: String,
}

/// A bot's own state, from which the extractor takes its part.
#[derive(Clone)]
struct App {
    auth: InboundAuth,
}

impl FromRef<App> for InboundAuth {
    fn from_ref(app: &App) -> Self {
        app.auth.clone()
    }
}

fn seen(text: Option<&str>, vouched: &Vouched) -> Json<Value> {
    Json(json!([text, vouched.app_id.as_str(), vouched.service_url.service_url().as_str()]))
}

impl Server {
    async fn start() -> Self {
        let world = World::start().await;
        let tenants = AllowedTenants::one(TenantId::new(TENANT.to_uppercase()));
        let auth = InboundAuth::new(world.validator.clone(), tenants).with_body_limit(LIMIT);
        let layered = Router::new().route("/layer", any(behind_layer)).layer(auth.clone());
        let extracted = Router::new()
            .route("/extractor", any(async |got: Authenticated| seen(got.activity.text.as_deref(), &got.vouched)))
            .route("/own-type", any(async |got: Authenticated<Own>| seen(Some(&got.activity.text), &got.vouched)))
            .with_state(App { auth });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, layered.merge(extracted)).await });
        Self { world, base }
    }

    fn activity(&self) -> Value {
        let mut activity = serde_json::to_value(self.world.activity()).unwrap();
        activity["channelData"] = json!({"tenant": {"id": TENANT}});
        activity["text"] = json!("hello");
        activity
    }

    fn activity_with(&self, name: &str, value: Value) -> String {
        let mut activity = self.activity();
        activity[name] = value;
        activity.to_string()
    }

    fn bearer(&self, claims: &Value) -> String {
        format!("Bearer {}", self.world.signer.token(claims))
    }

    fn request(&self, path: &str) -> RequestBuilder {
        self.world.service.http().get().post(format!("{}{path}", self.base))
    }
}

/// Status, code, and the headers that the status asks for.
async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(response.headers().get("www-authenticate").is_some(), status == 401);
    assert_eq!(response.headers().get("allow").is_some(), status == 405);
    let problem: Value = response.json().await.unwrap();
    assert_eq!(problem["status"], status);
    assert!(problem["detail"].as_str().unwrap().len() < 300, "{problem}");
    (status, problem["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn an_authenticated_activity_reaches_the_service() {
    let server = Server::start().await;
    let token = server.bearer(&server.world.claims());
    for path in PATHS {
        let body = server.activity().to_string();
        let response = server.request(path).header("authorization", &token).body(body).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200, "{path}");
        let seen: Value = response.json().await.unwrap();
        assert_eq!(seen, json!(["hello", APP, server.world.service_url()]), "{path}");
    }
}

#[tokio::test]
async fn each_body_that_is_no_activity_of_a_served_tenant_has_its_status_and_code() {
    let server = Server::start().await;
    let token = server.bearer(&server.world.claims());
    let body = server.activity().to_string();
    let with = |name, value| server.activity_with(name, value).into_bytes();
    let elsewhere = json!({"tenant": {"id": "7e2b9d40-1c3a-4f58-9d6e-2a8b5c7f0e13"}});
    let cases = [
        ("nothing", 400, "malformed_json", vec![]),
        ("no JSON", 400, "malformed_json", b"type=message".to_vec()),
        ("not UTF-8", 400, "malformed_json", b"{\"\xff\":1}".to_vec()),
        ("two documents", 400, "malformed_json", format!("{body}{body}").into_bytes()),
        ("very deep", 400, "malformed_json", "[".repeat(LIMIT).into_bytes()),
        ("a list", 400, "not_an_object", format!("[{body}]").into_bytes()),
        ("no type", 400, "missing_type", b"{}".to_vec()),
        ("an empty type", 400, "missing_type", with("type", json!(""))),
        ("a field of the wrong kind", 400, "invalid_activity", with("conversation", json!("x".repeat(1000)))),
        (
            "a field twice",
            400,
            "invalid_activity",
            body.replacen('{', "{\"serviceUrl\":\"https://evil/\",", 1).into_bytes(),
        ),
        ("another tenant", 403, "tenant_not_allowed", with("channelData", elsewhere)),
        ("no tenant", 403, "tenant_not_allowed", with("channelData", Value::Null)),
        ("too large", 413, "body_too_large", vec![b' '; LIMIT + 1]),
    ];
    for path in PATHS {
        for (case, status, code, body) in &cases {
            let request = server.request(path).header("authorization", &token).body(body.clone());
            let refused = refusal(request.send().await.unwrap()).await;
            assert_eq!(refused, (*status, (*code).to_owned()), "{path}: {case}");
        }
    }
}

#[tokio::test]
async fn each_request_without_a_good_token_is_unauthorized() {
    let server = Server::start().await;
    let good = server.bearer(&server.world.claims());
    let other_bot = server.bearer(&server.world.claims_with("aud", json!("other")));
    for path in PATHS {
        for (headers, code) in [
            (vec![], "missing_token"),
            (vec!["Basic abc"], "not_bearer"),
            (vec!["Bearer"], "malformed_token"),
            (vec![other_bot.as_str()], "wrong_audience"),
            (vec![good.as_str(), good.as_str()], "repeated_token"),
        ] {
            let request = server.request(path).body(server.activity().to_string());
            let request = headers.into_iter().fold(request, |request, value| request.header("authorization", value));
            assert_eq!(refusal(request.send().await.unwrap()).await, (401, code.to_owned()), "{path}");
        }
    }
}

#[tokio::test]
async fn the_endpoint_takes_post_only() {
    let server = Server::start().await;
    for path in PATHS {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let request = server.world.service.http().get().request(method, format!("{}{path}", server.base));
            let refused = refusal(request.send().await.unwrap()).await;
            assert_eq!(refused, (405, "method_not_allowed".to_owned()), "{path}");
        }
    }
}

#[tokio::test]
async fn an_activity_that_the_handler_cannot_read_is_a_bad_request() {
    let server = Server::start().await;
    let body = server.activity_with("text", Value::Null);
    let token = server.bearer(&server.world.claims());
    let response = server.request("/own-type").header("authorization", token).body(body).send().await.unwrap();
    assert_eq!(refusal(response).await, (400, "invalid_activity".to_owned()));
}

#[tokio::test]
async fn a_body_without_an_announced_length_is_cut_off_at_the_limit() {
    let server = Server::start().await;
    for path in PATHS {
        let address = server.base.strip_prefix("http://").unwrap();
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!("POST {path} HTTP/1.1\r\nhost: bot\r\ntransfer-encoding: chunked\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        // The last chunk never comes: the answer must not wait for it.
        let chunk = format!("{:x}\r\n{}\r\n", LIMIT + 1, " ".repeat(LIMIT + 1));
        stream.write_all(chunk.as_bytes()).await.unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 413", "{path}");
    }
}

#[tokio::test]
async fn without_keys_the_sender_is_asked_to_come_again() {
    let server = Server::start().await;
    server.world.service.desk.keys_down.store(true, SeqCst);
    let token = server.bearer(&server.world.claims());
    for path in PATHS {
        let body = server.activity().to_string();
        let response = server.request(path).header("authorization", &token).body(body).send().await.unwrap();
        assert_eq!(refusal(response).await, (503, "keys_unavailable".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_bot_of_every_tenant_takes_activities_that_name_none() {
    let world = World::start().await;
    let auth = InboundAuth::new(world.validator.clone(), AllowedTenants::Any);
    let mut headers = axum::http::HeaderMap::new();
    let token = format!("Bearer {}", world.signer.token(&world.claims()));
    headers.insert("authorization", token.parse().unwrap());
    let body = serde_json::to_vec(&world.activity()).unwrap();
    let authenticated = auth.authenticate(&headers, &body).await.unwrap();
    assert_eq!(authenticated.vouched.app_id.as_str(), APP);
    headers.insert("authorization", axum::http::HeaderValue::from_bytes(b"Bearer \xff").unwrap());
    assert_eq!(auth.authenticate(&headers, &body).await.unwrap_err().code(), "malformed_token");
}

/// A service of no framework, which answers with the kind of the activity.
#[derive(Clone)]
struct Plain;

impl Service<Request<Full<Bytes>>> for Plain {
    type Response = http::Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        let authenticated = request.extensions().get::<Authenticated>().expect("the layer put it there");
        let kind = authenticated.activity.kind.as_str().to_owned();
        std::future::ready(Ok(http::Response::new(Full::from(kind))))
    }
}

#[tokio::test]
async fn the_layer_needs_no_framework() {
    let world = World::start().await;
    let auth = InboundAuth::new(world.validator.clone(), AllowedTenants::Any);
    let token = format!("Bearer {}", world.signer.token(&world.claims()));
    for (authorization, status, says) in [(token.as_str(), 200, "message"), ("Bearer x", 401, "malformed_token")] {
        let body = Full::from(serde_json::to_vec(&world.activity()).unwrap());
        let request = Request::post("/").header("authorization", authorization).body(body).unwrap();
        let response = auth.layer(Plain).call(request).await.unwrap();
        assert_eq!(response.status(), status);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&body).contains(says));
    }
}
