use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use tokio::sync::OwnedMutexGuard;
use url::Url;

use super::key_set::{self, SigningKey};
use crate::{BoxError, Clock, Endpoints, HttpClient, Rejected, SystemClock};

/// Keys are fetched again after this (documentation: at least once a day).
const LIFETIME: Duration = Duration::from_hours(24);

/// Shortest time between two fetches while keys are known: a stream of tokens with invented key
/// names causes one fetch a minute, and a new key of the service is believed within a minute.
const INTERVAL: Duration = Duration::from_mins(1);

/// Shortest time between two fetches while no key is known.
const INTERVAL_EMPTY: Duration = Duration::from_secs(1);

/// The text is no key set that tokens can be checked with.
#[derive(Clone, Debug, thiserror::Error)]
#[error("there is no key in it to check tokens with: expected a JSON Web Key Set with an RSA key")]
pub struct BadKeySet(#[source] BoxError);

/// The published signing keys of one issuer, cached; shared by the validators of all bots of a cloud.
///
/// Known keys are served for ever when the service cannot be reached: the signature of a token
/// stays checkable through an outage of the host that publishes the keys.
#[derive(Debug)]
pub struct SigningKeys {
    source: Source,
    clock: Arc<dyn Clock>,
    cache: RwLock<Cache>,
    /// Held by the one caller that fetches.
    fetching: Arc<tokio::sync::Mutex<()>>,
}

/// Where the keys come from.
#[derive(Debug)]
enum Source {
    /// The document that names them.
    Published { http: HttpClient, metadata: Url },
    /// The caller, once and for all.
    Fixed,
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

    /// The keys of this key set (JWKS, as JSON) and no others; nothing is ever fetched. For the tests of
    /// a bot, which sign with a key of their own, and for a bot that reaches no key host.
    ///
    /// # Errors
    /// The text is no key set, or holds no RSA key that signs.
    pub fn fixed(key_set: &[u8]) -> Result<Self, BadKeySet> {
        let keys = key_set::read(key_set).map_err(|error| BadKeySet(Arc::new(error)))?;
        Ok(Self { cache: RwLock::new(Cache { keys, ..Cache::default() }), ..Self::from(Source::Fixed) })
    }

    fn at(http: HttpClient, metadata: Url) -> Self {
        Self::from(Source::Published { http, metadata })
    }

    fn from(source: Source) -> Self {
        Self { source, clock: Arc::new(SystemClock), cache: RwLock::default(), fetching: Arc::default() }
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
            None if matches!(self.source, Source::Fixed) => Err(self.absent()),
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
        let fresh = matches!(self.source, Source::Fixed) || cache.is_fresh(self.clock.now());
        (cache.keys.get(kid).cloned(), fresh)
    }

    fn absent(&self) -> Rejected {
        let cache = self.cache.read().unwrap_or_else(PoisonError::into_inner);
        if cache.keys.is_empty() { Rejected::KeysUnavailable } else { Rejected::UnknownKey }
    }

    /// Fetches, unless that was tried a short while ago; a failure keeps what is known.
    async fn fetch_if_due(&self) {
        let Source::Published { http, metadata } = &self.source else { return };
        let now = self.clock.now();
        {
            let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
            if !cache.may_try(now) {
                return;
            }
            cache.tried_at = Some(now);
        }
        match key_set::fetch(http, metadata).await {
            Ok(keys) => {
                tracing::debug!(keys = keys.len(), url.full = %metadata, "fetched signing keys");
                let mut cache = self.cache.write().unwrap_or_else(PoisonError::into_inner);
                cache.keys = keys;
                cache.fetched_at = Some(now);
            }
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, url.full = %metadata, "signing keys cannot be fetched");
            }
        }
    }
}
