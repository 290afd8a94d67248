//! Login service and key host on a free port of this machine, and a clock that tests move.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use pregon_auth::{Chance, Clock, Endpoints, HttpClient};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};
use url::Url;

/// When every test begins, seconds.
pub(crate) const EPOCH: u64 = 1_790_000_000;

#[derive(Debug)]
pub(crate) struct TestClock(Mutex<SystemTime>);

impl TestClock {
    pub(crate) fn advance(&self, by: Duration) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for TestClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

/// Draws the same every time.
#[derive(Debug)]
pub(crate) struct Fixed(pub(crate) u128);

impl Chance for Fixed {
    fn draw(&self) -> u128 {
        self.0
    }
}

pub(crate) type FormFields = Vec<(String, String)>;

pub(crate) struct Service {
    pub(crate) base: Url,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) desk: Arc<Desk>,
}

/// What the service answers, and what it was asked.
#[derive(Debug)]
pub(crate) struct Desk {
    /// Keys of the bot service.
    pub(crate) keys: Mutex<Value>,
    /// Keys of Entra.
    pub(crate) entra_keys: Mutex<Value>,
    pub(crate) entra_fetches: AtomicUsize,
    pub(crate) jwks_uri: Mutex<String>,
    pub(crate) keys_down: AtomicBool,
    pub(crate) metadata_fetches: AtomicUsize,
    pub(crate) key_fetches: AtomicUsize,
    pub(crate) token_requests: Mutex<Vec<(String, FormFields)>>,
    /// Answers of the token endpoint, first to last; then grants.
    pub(crate) script: Mutex<VecDeque<(u16, Value)>>,
    pub(crate) expires_in: Mutex<Value>,
    /// `Retry-After` of the scripted answers.
    pub(crate) retry_after: Mutex<Option<&'static str>>,
    /// What the identity endpoint was asked: path, headers, query.
    pub(crate) identity_requests: Mutex<Vec<(String, HeaderMap, FormFields)>>,
    /// Its answers, first to last; then a token of a virtual machine.
    pub(crate) identity_script: Mutex<VecDeque<(u16, Value)>>,
    /// A request takes a permit of each gate before it is answered; tests close them by taking all.
    pub(crate) token_gate: Semaphore,
    pub(crate) key_gate: Semaphore,
    pub(crate) arrived: Notify,
}

impl Desk {
    pub(crate) fn tokens_asked(&self) -> usize {
        self.token_requests.lock().unwrap().len()
    }
}

const OPEN: usize = 100_000;

impl Service {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let desk = Arc::new(Desk {
            keys: Mutex::new(json!({"keys": []})),
            entra_keys: Mutex::new(json!({"keys": []})),
            entra_fetches: AtomicUsize::new(0),
            jwks_uri: Mutex::new(format!("{base}v1/.well-known/keys")),
            keys_down: AtomicBool::new(false),
            metadata_fetches: AtomicUsize::new(0),
            key_fetches: AtomicUsize::new(0),
            token_requests: Mutex::default(),
            script: Mutex::default(),
            expires_in: Mutex::new(json!(3599)),
            retry_after: Mutex::default(),
            identity_requests: Mutex::default(),
            identity_script: Mutex::default(),
            token_gate: Semaphore::new(OPEN),
            key_gate: Semaphore::new(OPEN),
            arrived: Notify::new(),
        });
        let router = Router::new()
            .route("/v1/.well-known/openidconfiguration", get(metadata))
            .route("/v1/.well-known/keys", get(keys))
            .route("/{tenant}/v2.0/.well-known/openid-configuration", get(entra_metadata))
            .route("/common/discovery/v2.0/keys", get(entra_keys))
            .route("/metadata/identity/oauth2/token", get(identity))
            .route("/msi/token", get(identity))
            .route("/{tenant}/oauth2/v2.0/token", post(token))
            .with_state(Arc::clone(&desk));
        tokio::spawn(async move { axum::serve(listener, router).await });
        let clock = Arc::new(TestClock(Mutex::new(UNIX_EPOCH + Duration::from_secs(EPOCH))));
        Self { base, clock, desk }
    }

    pub(crate) fn endpoints(&self) -> Arc<Endpoints> {
        Arc::new(Endpoints::emulator(&self.base).unwrap())
    }

    pub(crate) fn http(&self) -> HttpClient {
        HttpClient::new(&self.endpoints()).unwrap()
    }

    pub(crate) fn publish(&self, keys: &[Value]) {
        *self.desk.keys.lock().unwrap() = json!({"keys": keys});
    }

    pub(crate) fn publish_of_entra(&self, keys: &[Value]) {
        *self.desk.entra_keys.lock().unwrap() = json!({"keys": keys});
    }
}

async fn metadata(State(desk): State<Arc<Desk>>) -> Response {
    desk.metadata_fetches.fetch_add(1, SeqCst);
    desk.arrived.notify_one();
    desk.key_gate.acquire().await.unwrap().forget();
    desk.key_gate.add_permits(1);
    if desk.keys_down.load(SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let jwks_uri = desk.jwks_uri.lock().unwrap().clone();
    Json(json!({"issuer": "https://api.botframework.com", "jwks_uri": jwks_uri})).into_response()
}

async fn entra_metadata(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Json<Value> {
    desk.entra_fetches.fetch_add(1, SeqCst);
    let host = headers["host"].to_str().unwrap();
    Json(
        json!({"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0", "jwks_uri": format!("http://{host}/common/discovery/v2.0/keys")}),
    )
}

async fn entra_keys(State(desk): State<Arc<Desk>>) -> Json<Value> {
    Json(desk.entra_keys.lock().unwrap().clone())
}

async fn keys(State(desk): State<Arc<Desk>>) -> Json<Value> {
    desk.key_fetches.fetch_add(1, SeqCst);
    Json(desk.keys.lock().unwrap().clone())
}

async fn token(State(desk): State<Arc<Desk>>, Path(tenant): Path<String>, Form(form): Form<FormFields>) -> Response {
    let number = {
        let mut requests = desk.token_requests.lock().unwrap();
        requests.push((tenant, form));
        requests.len()
    };
    desk.arrived.notify_one();
    desk.token_gate.acquire().await.unwrap().forget();
    desk.token_gate.add_permits(1);
    let scripted = desk.script.lock().unwrap().pop_front();
    let (status, body) = scripted.unwrap_or_else(|| {
        let expires_in = desk.expires_in.lock().unwrap().clone();
        (200, json!({"token_type": "Bearer", "expires_in": expires_in, "access_token": format!("token-{number}")}))
    });
    let mut response = (StatusCode::from_u16(status).unwrap(), Json(body)).into_response();
    if let Some(wait) = *desk.retry_after.lock().unwrap() {
        response.headers_mut().insert("retry-after", HeaderValue::from_static(wait));
    }
    response
}

async fn identity(
    State(desk): State<Arc<Desk>>,
    uri: Uri,
    Query(query): Query<FormFields>,
    headers: HeaderMap,
) -> Response {
    desk.identity_requests.lock().unwrap().push((uri.path().to_owned(), headers, query));
    let scripted = desk.identity_script.lock().unwrap().pop_front();
    let (status, body) = scripted.unwrap_or_else(|| {
        let body = json!({
            "access_token": "identity-token", "expires_in": "86399", "expires_on": (EPOCH + 86_399).to_string(),
            "token_type": "Bearer",
        });
        (200, body)
    });
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}
