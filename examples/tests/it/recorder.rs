use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use reqwest::Client;
use serde_json::Value;
use tokio::net::TcpListener;

/// One call to the emulator, as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    /// Method and path, ids readable, without query.
    pub(crate) line: String,
    /// The body; null when there was none.
    pub(crate) body: Value,
    /// Status of the answer.
    pub(crate) status: u16,
}

/// Stands before the emulator and writes down what it is asked, in order of the answers.
pub(crate) struct Recorder {
    pub(crate) base_url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    emulator: Arc<Mutex<String>>,
}

#[derive(Clone)]
struct Inside {
    client: Client,
    calls: Arc<Mutex<Vec<Call>>>,
    emulator: Arc<Mutex<String>>,
}

impl Recorder {
    /// Listens; the emulator is not there yet, as it has to know this address first.
    pub(crate) async fn start() -> Self {
        let inside = Inside {
            client: Client::builder().no_proxy().build().unwrap(),
            calls: Arc::default(),
            emulator: Arc::default(),
        };
        let (calls, emulator) = (Arc::clone(&inside.calls), Arc::clone(&inside.emulator));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass_on).with_state(inside);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base_url, calls, emulator }
    }

    /// Passes everything on to this address.
    pub(crate) fn stand_before(&self, emulator: String) {
        *self.emulator.lock().unwrap() = emulator;
    }

    /// The calls to the Connector and to Graph so far, those for tokens and keys left out.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

async fn pass_on(State(inside): State<Inside>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = to_bytes(body, 1 << 20).await.unwrap();
    let emulator = inside.emulator.lock().unwrap().clone();
    let url = format!("{emulator}{}", parts.uri.path_and_query().unwrap());
    let mut headers = parts.headers;
    headers.remove("host");
    let request = inside.client.request(parts.method.clone(), url).headers(headers).body(body.clone());
    let answer = request.send().await.unwrap();
    let path = percent_decode_str(parts.uri.path()).decode_utf8().unwrap();
    if let Some(path) = path.strip_prefix("/emea/v3/").or(path.strip_prefix("/v1.0/")) {
        let (line, status) = (format!("{} {path}", parts.method), answer.status().as_u16());
        let body = serde_json::from_slice(&body).unwrap_or_default();
        inside.calls.lock().unwrap().push(Call { line, body, status });
    }
    let mut response = Response::builder().status(answer.status());
    response.headers_mut().unwrap().extend(answer.headers().clone());
    response.body(Body::from(answer.bytes().await.unwrap())).unwrap()
}
