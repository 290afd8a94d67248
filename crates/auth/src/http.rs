use std::sync::Arc;
use std::time::Duration;

use crate::Endpoints;

/// Longest wait for a connection to be made.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Longest wait for a whole answer, unless the caller says otherwise.
pub const TOTAL_TIMEOUT: Duration = Duration::from_secs(30);

/// A foreign error, boxed so that a dependency can change without a breaking release.
pub type BoxError = Arc<dyn std::error::Error + Send + Sync>;

/// The HTTP client could not be set up: TLS roots are unreadable, or the closure's settings clash.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the HTTP client could not be set up")]
pub struct HttpSetupError(#[source] BoxError);

/// An HTTP client that follows no redirect: holding one proves that a token stays where it was sent.
///
/// Clones share one connection pool. HTTP/2 is spoken where the server offers it. Proxies come from
/// the environment (`HTTPS_PROXY`, `NO_PROXY` …); an emulator on this machine is called without one.
/// A request is repeated only when it is certain that the server has not looked at it: it never left,
/// or HTTP/2 says so.
#[derive(Clone, Debug)]
pub struct HttpClient(reqwest::Client);

impl HttpClient {
    /// A client with the default timeouts ([`CONNECT_TIMEOUT`], [`TOTAL_TIMEOUT`]).
    pub fn new(endpoints: &Endpoints) -> Result<Self, HttpSetupError> {
        Self::build(endpoints, |builder| builder)
    }

    /// A client whose settings the closure may change: timeouts, proxy, TLS roots. Redirects stay off.
    pub fn build(
        endpoints: &Endpoints,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Result<Self, HttpSetupError> {
        let builder = if endpoints.is_loopback() { builder().no_proxy() } else { builder() };
        Self::finish(configure(builder))
    }

    /// A client for what answers on this machine or beside it, never through a proxy.
    pub(crate) fn direct() -> Result<Self, HttpSetupError> {
        Self::finish(builder().no_proxy())
    }

    fn finish(builder: reqwest::ClientBuilder) -> Result<Self, HttpSetupError> {
        let client = builder.redirect(reqwest::redirect::Policy::none()).build();
        client.map(Self).map_err(|error| HttpSetupError(Arc::new(error)))
    }

    /// The client itself, to build requests with.
    pub fn get(&self) -> &reqwest::Client {
        &self.0
    }
}

fn builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("pregon/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TOTAL_TIMEOUT)
        .tcp_nodelay(true)
        .pool_idle_timeout(Duration::from_mins(1))
        .pool_max_idle_per_host(64)
}

/// Why a body could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// The connection ended or timed out first.
    #[error("the answer broke off")]
    Broken(#[source] reqwest::Error),
    /// It is longer than the bound, which protects this process' memory.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The bound, bytes.
        limit: usize,
    },
}

/// Reads a body of at most `limit` bytes.
pub async fn read_bounded(mut response: reqwest::Response, limit: usize) -> Result<Vec<u8>, BodyError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(BodyError::Broken)? {
        if body.len() + chunk.len() > limit {
            return Err(BodyError::TooLong { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
