//! Messages a second of the Connector client against a bare hyper loop: the same requests, the same server.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use criterion::Throughput;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use pregon_auth::{AccessToken, Endpoints, HttpClient, TokenError, TokenFor, TokenSource, TrustedServiceUrl};
use pregon_benches::{criterion, print_ratio};
use pregon_connector::Connector;
use pregon_model::{Activity, ConversationId, ServiceUrl, TextFormat};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use url::Url;

/// Requests under way at once.
const AT_ONCE: usize = 32;

/// As long as a real one.
const TOKEN: &str = concat!(
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsIng1dCI6ImtleS0xIiwia2lkIjoia2V5LTEifQ.",
    "eyJhdWQiOiJodHRwczovL2FwaS5ib3RmcmFtZXdvcmsuY29tIiwiaXNzIjoiaHR0cHM6Ly9zdHMud2luZG93cy5uZXQvIn0.",
    "c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmUtc2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmUtc2lnbmF0dXJl",
);

#[derive(Debug)]
struct OneToken(AccessToken);

#[async_trait]
impl TokenSource for OneToken {
    async fn token(&self, _: &TokenFor) -> Result<AccessToken, TokenError> {
        Ok(self.0.clone())
    }

    fn invalidate(&self, _: &TokenFor, _: &AccessToken) {}
}

/// What our side sends, and where.
struct Ours {
    connector: Connector,
    service_url: TrustedServiceUrl,
    conversation: ConversationId,
    activity: Activity,
}

impl Ours {
    fn new(base: &Url) -> Self {
        let endpoints = Endpoints::emulator(base).expect("the server is on this machine");
        let http = HttpClient::new(&endpoints).expect("a client");
        let connector = Connector::new(http, Arc::new(OneToken(AccessToken::new(TOKEN))));
        let service_url = endpoints.trust(&ServiceUrl::new(base.as_str())).expect("the server's address is trusted");
        let conversation = ConversationId::new("a:1SynthPersonal_Zk3vT8qLmN0pR5sXwYbC7dEfG2hJ4");
        Self { connector, service_url, conversation, activity: activity() }
    }

    async fn send(self: Arc<Self>) {
        let id = self.connector.send_activity(&self.service_url, &self.conversation, &self.activity).await;
        assert!(id.expect("the message is taken").is_some());
    }
}

/// The least that sends the same: a body made once, a pooled connection, no look at the answer but its end.
struct Bare {
    client: Client<HttpConnector, Full<Bytes>>,
    uri: Uri,
    body: Bytes,
}

impl Bare {
    fn new(base: &Url) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        let uri = format!("{base}v3/conversations/a%3A1SynthPersonal_Zk3vT8qLmN0pR5sXwYbC7dEfG2hJ4/activities");
        let body = serde_json::to_vec(&activity()).expect("an activity is JSON");
        Self { client, uri: uri.parse().expect("an address"), body: body.into() }
    }

    async fn send(self: Arc<Self>) {
        let request = Request::post(self.uri.clone())
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/json; charset=utf-8")
            .body(Full::new(self.body.clone()))
            .expect("a request");
        let answer = self.client.request(request).await.expect("an answer");
        assert_eq!(answer.status(), 201);
        answer.into_body().collect().await.expect("the answer arrives");
    }
}

fn activity() -> Activity {
    Activity::text("Build 412 is green: https://ci.example/412", TextFormat::Plain)
}

/// Answers every request as Teams answers a send, on a thread of its own.
fn serve() -> Url {
    let (ready, address) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            ready.send(listener.local_addr().expect("an address")).expect("somebody waits");
            loop {
                let (stream, _) = listener.accept().await.expect("a connection");
                stream.set_nodelay(true).expect("a socket option");
                let connection = hyper::server::conn::http1::Builder::new();
                tokio::spawn(connection.serve_connection(TokioIo::new(stream), service_fn(answer)));
            }
        });
    });
    Url::parse(&format!("http://{}/", address.recv().expect("the server starts"))).expect("a URL")
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    request.into_body().collect().await.expect("the body arrives");
    let body = Full::new(Bytes::from_static(br#"{"id":"1790000000123"}"#));
    Ok(Response::builder().status(201).header("content-type", "application/json").body(body).expect("an answer"))
}

/// Runs `send` `count` times, [`AT_ONCE`] at a time.
fn timed<F>(runtime: &Runtime, count: u64, send: impl Fn() -> F + Clone + Send + 'static) -> Duration
where
    F: Future<Output = ()> + Send + 'static,
{
    let taken = Arc::new(AtomicU64::new(0));
    runtime.block_on(async move {
        let begun = Instant::now();
        let mut workers = JoinSet::new();
        for _ in 0..AT_ONCE {
            let (taken, send) = (Arc::clone(&taken), send.clone());
            workers.spawn(async move {
                while taken.fetch_add(1, Ordering::Relaxed) < count {
                    send().await;
                }
            });
        }
        workers.join_all().await;
        begun.elapsed()
    })
}

fn main() {
    let mut criterion = criterion();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let server = serve();
    let (ours, bare) = (Arc::new(Ours::new(&server)), Arc::new(Bare::new(&server)));

    let mut group = criterion.benchmark_group("client");
    group.throughput(Throughput::Elements(1));
    group.bench_function("connector", |b| {
        b.iter_custom(|count| {
            let ours = Arc::clone(&ours);
            timed(&runtime, count, move || Arc::clone(&ours).send())
        });
    });
    group.bench_function("hyper", |b| {
        b.iter_custom(|count| {
            let bare = Arc::clone(&bare);
            timed(&runtime, count, move || Arc::clone(&bare).send())
        });
    });
    group.finish();
    criterion.final_summary();
    print_ratio("client", "connector", "hyper");
}
