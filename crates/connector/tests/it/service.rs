//! A Connector and Graph that answers what it is told and remembers what it was asked.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, Version};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pregon_auth::{AccessToken, Clock, Endpoints, HttpClient, TokenError, TokenFor, TokenSource, TrustedServiceUrl};
use pregon_connector::{Connector, Graph};
use pregon_model::ServiceUrl;
use serde_json::Value;
use url::Url;

#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) version: Version,
    pub(crate) method: Method,
    /// Path and query as they came, still encoded.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: body.into() }
    }

    /// The standard error shape.
    pub(crate) fn error(status: u16, code: &str) -> Self {
        Self::new(status, format!(r#"{{"error":{{"code":"{code}","message":"Words."}}}}"#))
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[derive(Debug, Default)]
pub(crate) struct Desk {
    script: Mutex<VecDeque<Reply>>,
    asked: Mutex<Vec<Asked>>,
}

pub(crate) struct Service {
    pub(crate) base: Url,
    pub(crate) tokens: Arc<Tokens>,
    desk: Arc<Desk>,
}

impl Service {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        Self::serve(listener, base)
    }

    pub(crate) fn serve<L: Listener<Addr: std::fmt::Debug>>(listener: L, base: Url) -> Self {
        let desk = Arc::new(Desk::default());
        let router = Router::new().fallback(answer).with_state(Arc::clone(&desk));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, tokens: Arc::default(), desk }
    }

    /// The next answers, in order; a call without one gets 500 "unexpected".
    pub(crate) fn answers(&self, replies: impl IntoIterator<Item = Reply>) {
        self.desk.script.lock().unwrap().extend(replies);
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.desk.asked.lock().unwrap().clone()
    }

    pub(crate) fn connector(&self) -> Connector {
        connector(&self.base, Arc::clone(&self.tokens))
    }

    pub(crate) fn graph(&self) -> Graph {
        let endpoints = Arc::new(Endpoints::emulator(&self.base).unwrap());
        Graph::new(HttpClient::new(&endpoints).unwrap(), Arc::clone(&self.tokens) as _, endpoints)
    }

    pub(crate) fn url(&self) -> TrustedServiceUrl {
        trusted(&self.base)
    }
}

pub(crate) fn connector(base: &Url, tokens: Arc<Tokens>) -> Connector {
    let http = HttpClient::new(&Endpoints::emulator(base).unwrap()).unwrap();
    Connector::new(http, tokens).with_clock(Arc::new(Fixed))
}

pub(crate) fn trusted(base: &Url) -> TrustedServiceUrl {
    Endpoints::emulator(base).unwrap().trust(&ServiceUrl::new(format!("{base}emea/"))).unwrap()
}

async fn answer(
    State(desk): State<Arc<Desk>>,
    version: Version,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // HTTP/2 names the whole address.
    let target = uri.path_and_query().unwrap().to_string();
    desk.asked.lock().unwrap().push(Asked { version, method, target, headers, body });
    let reply = desk.script.lock().unwrap().pop_front().unwrap_or_else(|| Reply::error(500, "unexpected"));
    let mut response = (StatusCode::from_u16(reply.status).unwrap(), reply.body).into_response();
    for (name, value) in reply.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}

/// Hands out `token-1`, and the next number after each invalidation of the current one.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    invalidated: AtomicUsize,
    claims: Mutex<Option<String>>,
    pub(crate) targets: Mutex<Vec<TokenFor>>,
}

impl Tokens {
    /// Hands out tokens with these claims instead.
    pub(crate) fn show(&self, claims: &Value) {
        let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
        *self.claims.lock().unwrap() = Some(format!("eyJhbGciOiJub25lIn0.{claims}.c2ln"));
    }

    fn current(&self) -> AccessToken {
        if let Some(token) = &*self.claims.lock().unwrap() {
            return AccessToken::new(token);
        }
        AccessToken::new(format!("token-{}", self.invalidated.load(SeqCst) + 1))
    }
}

#[async_trait]
impl TokenSource for Tokens {
    async fn token(&self, target: &TokenFor) -> Result<AccessToken, TokenError> {
        self.targets.lock().unwrap().push(target.clone());
        Ok(self.current())
    }

    fn invalidate(&self, _: &TokenFor, refused: &AccessToken) {
        assert_eq!(*refused, self.current());
        self.invalidated.fetch_add(1, SeqCst);
    }
}

/// Ten seconds before the date of RFC 9110's example.
#[derive(Debug)]
pub(crate) struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(784_111_767)
    }
}
