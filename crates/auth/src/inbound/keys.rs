use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::OwnedMutexGuard;
use url::Url;

use crate::http::read_bounded;
use crate::{Clock, Endpoints, HttpClient, Rejected, SystemClock};

/// Keys are fetched again after this (documentation: at least once a day).
const LIFETIME: Duration = Duration::from_hours(24);

/// Shortest time between two fetches while keys are known: a stream of tokens with invented key
/// names causes one fetch a minute, and a new key of the service is believed within a minute.
const INTERVAL: Duration = Duration::from_mins(1);

/// Shortest time between two fetches while no key is known.
const INTERVAL_EMPTY: Duration = Duration::from_secs(1);

/// Longest wait for one document; Teams gives the whole request 15 s.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// Bound of a document, bytes; the real key set has about 50 kB.
const BODY_LIMIT: usize = 1024 * 1024;

/// One published key.
#[derive(Debug)]
pub(crate) struct SigningKey {
    pub(crate) decoding: DecodingKey,
    /// Channels the key may sign for; those of Entra have none.
    pub(crate) endorsements: Vec<String>,
    /// Entra's keys name whose tokens they sign; `{tenantid}` stands for any tenant.
    pub(crate) issuer: Option<String>,
}

/// The published signing keys of one issuer, cached; shared by the validators of all bots of a cloud.
///
/// Known keys are served for ever when the service cannot be reached: the signature of a token
/// stays checkable through an outage of the host that publishes the keys.
#[derive(Debug)]
pub struct SigningKeys {
    http: HttpClient,
    metadata: Url,
    clock: Arc<dyn Clock>,
    cache: RwLock<Cache>,
    /// Held by the one caller that fetches.
    fetching: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct Cache {
    keys: HashMap<String, Arc<SigningKey>>,
    fetched_at: Option<SystemTime>,
    tried_at: Option<SystemTime>,
}

impl Cache {
    fn is_fresh(&self, now: SystemTime) -> bool {
        self.fetched_at.is_some_and(|at| now.duration_since(at).is_ok_and(|age| age < LIFETIME))
    }

    /// Whether a fetch is allowed; a clock that went back allows it.
    fn may_try(&self, now: SystemTime) -> bool {
        let interval = if self.keys.is_empty() { INTERVAL_EMPTY } else { INTERVAL };
        self.tried_at.is_none_or(|at| now.duration_since(at).map_or(true, |age| age >= interval))
    }
}

impl SigningKeys {
    /// Keys of this cloud's bot service, which sign what Teams sends; fetched when first needed.
    pub fn new(http: HttpClient, endpoints: &Endpoints) -> Self {
        Self::at(http, endpoints.bot_metadata().clone())
    }

    /// Keys of this cloud's Entra ID, for [`InboundValidator::with_entra`](crate::InboundValidator::with_entra).
    pub fn of_entra(http: HttpClient, endpoints: &Endpoints) -> Self {
        Self::at(http, endpoints.entra_metadata())
    }

    fn at(http: HttpClient, metadata: Url) -> Self {
        Self { http, metadata, clock: Arc::new(SystemClock), cache: RwLock::default(), fetching: Arc::default() }
    }

    /// Judges age by this clock, as do the validators made from these keys.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The key called `kid`, after a fetch if that is needed and allowed.
    pub(crate) async fn get(self: &Arc<Self>, kid: &str) -> Result<Arc<SigningKey>, Rejected> {
        let (known, fresh) = self.peek(kid);
        match known {
            Some(key) if fresh => Ok(key),
            Some(_) => {
                // Old but known: whoever gets here first fetches, the others go on with it.
                if let Ok(fetching) = Arc::clone(&self.fetching).try_lock_owned() {
                    self.refresh(fetching).await;
                }
                // Gone only if the service was reached and has withdrawn it.
                self.peek(kid).0.ok_or_else(|| self.absent())
            }
            None => {
                let fetching = Arc::clone(&self.fetching).lock_owned().await;
                // Another caller may have fetched it while this one waited.
                if self.peek(kid).0.is_none() {
                    self.refresh(fetching).await;
                }
                self.peek(kid).0.ok_or_else(|| self.absent())
            }
        }
    }

    /// Fetches in a task of its own: a sender that hangs up must not cut short what all wait for.
    async fn refresh(self: &Arc<Self>, fetching: OwnedMutexGuard<()>) {
        let keys = Arc::clone(self);
        let fetch = tokio::spawn(async move {
            keys.fetch_if_due().await;
            drop(fetching);
        });
        if let Err(error) = fetch.await {
            tracing::error!(%error, "fetching the signing keys broke off");
        }
    }

    fn peek(&self, kid: &str) -> (Option<Arc<SigningKey>>, bool) {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        (cache.keys.get(kid).cloned(), cache.is_fresh(self.clock.now()))
    }

    fn absent(&self) -> Rejected {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        if cache.keys.is_empty() { Rejected::KeysUnavailable } else { Rejected::UnknownKey }
    }

    /// Fetches, unless that was tried a short while ago; a failure keeps what is known.
    async fn fetch_if_due(&self) {
        let now = self.clock.now();
        {
            let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
            if !cache.may_try(now) {
                return;
            }
            cache.tried_at = Some(now);
        }
        match self.fetch().await {
            Ok(keys) => {
                tracing::debug!(keys = keys.len(), url.full = %self.metadata, "fetched signing keys");
                let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
                cache.keys = keys;
                cache.fetched_at = Some(now);
            }
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, url.full = %self.metadata, "signing keys cannot be fetched");
            }
        }
    }

    async fn fetch(&self) -> Result<HashMap<String, Arc<SigningKey>>, FetchError> {
        let metadata: Metadata = self.document(&self.metadata).await?;
        let keys_url = Url::parse(&metadata.jwks_uri).ok().filter(|url| may_fetch(&self.metadata, url));
        let keys_url = keys_url.ok_or(FetchError::BadKeyAddress(metadata.jwks_uri))?;
        let set: KeySet = self.document(&keys_url).await?;
        let keys: HashMap<_, _> = set.keys.into_iter().filter_map(Jwk::into_key).collect();
        if keys.is_empty() { Err(FetchError::NoKeys) } else { Ok(keys) }
    }

    async fn document<T: DeserializeOwned>(&self, url: &Url) -> Result<T, FetchError> {
        let response =
            self.http.get().get(url.clone()).timeout(FETCH_TIMEOUT).send().await.map_err(FetchError::Http)?;
        // Not only an error: a redirect is none of the documents asked for either.
        if response.status() != reqwest::StatusCode::OK {
            return Err(FetchError::Status(response.status().as_u16()));
        }
        let body = read_bounded(response, BODY_LIMIT).await.map_err(FetchError::Body)?;
        serde_json::from_slice(&body).map_err(FetchError::Json)
    }
}

/// Keys come from the metadata's own scheme, host and port, or over https.
fn may_fetch(metadata: &Url, keys: &Url) -> bool {
    keys.scheme() == "https" || keys.origin() == metadata.origin()
}

#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("no answer")]
    Http(#[source] reqwest::Error),
    #[error("answered HTTP {0}")]
    Status(u16),
    #[error("unreadable answer")]
    Body(#[source] crate::BodyError),
    #[error("the answer is not the document expected")]
    Json(#[source] serde_json::Error),
    #[error("the metadata names keys at {0:?}, neither its own host nor https")]
    BadKeyAddress(String),
    #[error("the key set holds no usable RSA key")]
    NoKeys,
}

#[derive(Deserialize)]
struct Metadata {
    jwks_uri: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Jwk>,
}

/// `endorsements` and `issuer` are Microsoft's own; generic key set types drop them.
#[derive(Deserialize)]
struct Jwk {
    kty: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    kid: Option<String>,
    n: Option<String>,
    e: Option<String>,
    #[serde(default)]
    endorsements: Vec<String>,
    issuer: Option<String>,
}

impl Jwk {
    /// `None` for what is no RSA signing key: other kinds may appear and are none of ours.
    fn into_key(self) -> Option<(String, Arc<SigningKey>)> {
        let signs = self.kty.as_deref() == Some("RSA") && self.usage.as_deref().is_none_or(|usage| usage == "sig");
        if !signs {
            return None;
        }
        let decoding = DecodingKey::from_rsa_components(&self.n?, &self.e?).ok()?;
        let key = SigningKey { decoding, endorsements: self.endorsements, issuer: self.issuer };
        Some((self.kid?, Arc::new(key)))
    }
}
