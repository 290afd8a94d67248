use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pregon_auth::{Clock, Endpoints, HttpClient, LONGEST_RETRY_AFTER, TokenSource, TrustedServiceUrl};
use pregon_connector::{Connector, ConnectorError, Graph, NextStep};
use pregon_model::ServiceUrl;
use reqwest::Proxy;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use url::Url;

use crate::script::{Script, lock, split};

/// What the clients call: real HTTP on loopback that answers what an input says.
///
/// An input is a line with the letter of the call and the claims of the bot's token, then the
/// [`Script`]. The corpus shows it.
pub(crate) struct Service {
    runtime: Runtime,
    one_at_a_time: Mutex<()>,
    pub(crate) base: Url,
    pub(crate) script: Arc<Script>,
    pub(crate) endpoints: Arc<Endpoints>,
    pub(crate) http: HttpClient,
    pub(crate) graph: Graph,
    pub(crate) connector: Connector,
    pub(crate) service_url: TrustedServiceUrl,
}

static SERVICE: LazyLock<Service> = LazyLock::new(Service::start);

impl Service {
    /// Makes the call of an input, which is told its letter.
    pub(crate) fn answering(input: &[u8], call: impl AsyncFnOnce(&Self, u8)) {
        let service = &*SERVICE;
        let (first, answers) = split(input, b"\n");
        let Some((letter, claims)) = first.split_first() else { return };
        let _guard = lock(&service.one_at_a_time);
        service.script.set(claims, answers, &service.base);
        service.runtime.block_on(call(service, *letter));
    }

    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("loopback takes a listener");
        let address = listener.local_addr().expect("it has an address");
        let base = Url::parse(&format!("http://{address}/")).expect("it is an address");
        let script = Arc::new(Script::default());
        runtime.spawn(serve(listener, Arc::clone(&script)));
        let endpoints = Arc::new(Endpoints::emulator(&base).expect("an emulator may be on loopback"));
        let service_url = endpoints.trust(&ServiceUrl::new(base.as_str())).expect("it is the emulator's");
        // Metadata may name any host over https: from here none is reached.
        let nowhere = Proxy::https("http://127.0.0.1:1").expect("it is an address");
        let http = HttpClient::build(&endpoints, |client| client.proxy(nowhere)).expect("a client can be made");
        let tokens: Arc<dyn TokenSource> = Arc::clone(&script) as _;
        Self {
            runtime,
            one_at_a_time: Mutex::new(()),
            base,
            script,
            graph: Graph::new(http.clone(), Arc::clone(&tokens), Arc::clone(&endpoints)).with_clock(Arc::new(Fixed)),
            connector: Connector::new(http.clone(), tokens).with_clock(Arc::new(Fixed)),
            service_url,
            endpoints,
            http,
        }
    }

    /// Whether a link leads to this service and says who calls by nothing but the token.
    pub(crate) fn is_own(&self, link: &str) -> bool {
        let plain = |url: &Url| url.username().is_empty() && url.password().is_none();
        Url::parse(link).is_ok_and(|url| url.origin() == self.base.origin() && plain(&url))
    }
}

/// What came, if anything did; else an error that holds what it must.
pub(crate) fn said<T>(result: Result<T, ConnectorError>) -> Option<T> {
    result.inspect_err(told).ok()
}

/// What every error of the clients must hold.
pub(crate) fn told(error: &ConnectorError) {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = source {
        assert!(!error.to_string().is_empty(), "{error:?} says nothing");
        source = error.source();
    }
    assert_eq!(error.may_have_been_delivered(), error.next_step() == NextStep::Decide, "{error:?}");
    assert!(error.retry_after().is_none_or(|wait| wait <= LONGEST_RETRY_AFTER), "{error:?}");
    assert!(error.status() != Some(401) || error.diagnosis().is_some_and(|why| !why.cause.remedy().is_empty()));
    let Some(details) = error.details() else { return };
    let texts = details.code.iter().chain(&details.sub_code).chain(&details.message);
    for text in texts.chain(details.correlation.iter().flat_map(|(name, value)| [name, value])) {
        assert!(!text.chars().any(char::is_control), "{text:?} forges a log line");
    }
}

async fn serve(listener: TcpListener, script: Arc<Script>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(converse(stream, Arc::clone(&script)));
    }
}

/// Answers the requests of one connection, of which it reads only where they end.
async fn converse(stream: TcpStream, script: Arc<Script>) -> std::io::Result<()> {
    let mut stream = BufStream::new(stream);
    loop {
        let mut body_bytes = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            match line.trim_end().split_once(':') {
                Some((name, length)) if name.eq_ignore_ascii_case("content-length") => {
                    body_bytes = length.trim().parse().expect("the client tells a number");
                }
                None if line.trim_end().is_empty() => break,
                _ => {}
            }
        }
        stream.read_exact(&mut vec![0; body_bytes]).await?;
        stream.write_all(&script.next()).await?;
        stream.flush().await?;
    }
}

/// Stands still, so that an input means the same on every day.
#[derive(Debug)]
pub(crate) struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_790_000_000)
    }
}
