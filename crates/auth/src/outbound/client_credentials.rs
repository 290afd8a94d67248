use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use pregon_model::{AppId, TenantId};

use super::token_request::{self, Grant, Retries};
use crate::{AccessToken, Clock, Endpoints, HttpClient, Secret, SystemClock, TokenError, TokenFor, TokenSource};

/// A token is renewed when less than this remains (or half of a shorter life).
const MARGIN: Duration = Duration::from_mins(5);

/// How long a failed renewal is left alone: the token in hand is used, a refusal is repeated.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Tokens for an app id and a client secret, cached and renewed in time.
///
/// One renewal is in flight per target: callers without a valid token wait for it and share its
/// outcome, callers whose token is merely ageing go on with it. A renewal that fails keeps a token
/// that is still valid.
///
/// ```no_run
/// use std::sync::Arc;
/// use pregon_auth::{ClientCredentials, Endpoints, HttpClient, Secret, TokenFor, TokenSource};
/// use pregon_model::{AppId, TenantId};
///
/// # async fn example(secret: Secret) -> Result<(), Box<dyn std::error::Error>> {
/// let endpoints = Endpoints::public();
/// let http = HttpClient::new(&endpoints)?;
/// let app = AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10");
/// let tokens = ClientCredentials::new(http, Arc::new(endpoints), app, secret)
///     .single_tenant(TenantId::new("5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596"));
/// let token = tokens.token(&TokenFor::Connector).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ClientCredentials {
    http: HttpClient,
    endpoints: Arc<Endpoints>,
    app_id: AppId,
    secret: Secret,
    home: Option<TenantId>,
    clock: Arc<dyn Clock>,
    retries: Retries,
    entries: Mutex<HashMap<TokenFor, Arc<Entry>>>,
}

impl ClientCredentials {
    /// Credentials of a multi-tenant bot; see [`ClientCredentials::single_tenant`].
    pub fn new(http: HttpClient, endpoints: Arc<Endpoints>, app_id: AppId, secret: Secret) -> Self {
        Self {
            http,
            endpoints,
            app_id,
            secret,
            home: None,
            clock: Arc::new(SystemClock),
            retries: Retries { max: 2, first_pause: Duration::from_millis(250) },
            entries: Mutex::default(),
        }
    }

    /// The bot is single-tenant: `home` owns its registration and issues its Connector tokens.
    #[must_use]
    pub fn single_tenant(self, home: TenantId) -> Self {
        Self { home: Some(home), ..self }
    }

    /// Judges expiry by this clock.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Tries a transient failure `max` times more, after `first_pause` and then twice as long each
    /// time. Default: twice, from 250 ms.
    #[must_use]
    pub fn with_retries(self, max: u32, first_pause: Duration) -> Self {
        Self { retries: Retries { max, first_pause }, ..self }
    }

    fn entry(&self, target: &TokenFor) -> Arc<Entry> {
        let mut entries = unpoisoned(&self.entries);
        if let Some(entry) = entries.get(target) {
            return Arc::clone(entry);
        }
        Arc::clone(entries.entry(target.clone()).or_default())
    }

    async fn request(&self, target: &TokenFor) -> Result<Grant, TokenError> {
        let (tenant, scope) = match target {
            TokenFor::Connector => {
                (self.home.as_ref().unwrap_or(self.endpoints.bot_tenant()), self.endpoints.bot_scope())
            }
            TokenFor::Graph(tenant) => (tenant, self.endpoints.graph_scope()),
        };
        let url = self.endpoints.token_url(tenant).ok_or_else(|| TokenError::BadTenant(tenant.clone()))?;
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.app_id.as_str()),
            ("client_secret", self.secret.expose()),
            ("scope", scope),
        ];
        token_request::request(&self.http, &url, &form, self.retries, self.clock.now()).await
    }
}

#[async_trait]
impl TokenSource for ClientCredentials {
    async fn token(&self, target: &TokenFor) -> Result<AccessToken, TokenError> {
        let entry = self.entry(target);
        let seen = match entry.look(self.clock.now()) {
            Look::Use(answer) => return answer,
            Look::Renew { seen } => seen,
        };
        let _renewing = match entry.usable(self.clock.now()) {
            None => entry.renewing.lock().await,
            Some(token) => match entry.renewing.try_lock() {
                Ok(renewing) => renewing,
                Err(_) => return Ok(token),
            },
        };
        if let Some(answer) = entry.renewed_since(seen, self.clock.now()) {
            return answer;
        }
        let asked_at = self.clock.now();
        let result = self.request(target).await;
        if let Err(error) = &result {
            tracing::warn!(bot.app_id = %self.app_id, ?target, %error, "no new token: {error}");
        }
        entry.settle(result, asked_at, self.clock.now())
    }

    fn invalidate(&self, target: &TokenFor, refused: &AccessToken) {
        let entry = self.entry(target);
        let mut state = unpoisoned(&entry.state);
        if state.held.as_ref().is_some_and(|held| held.token == *refused) {
            state.held = None;
        }
    }
}

/// What is known for one target.
#[derive(Debug, Default)]
struct Entry {
    /// Held by the one caller that asks the login service.
    renewing: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    /// Outcome of the last renewal if it failed, and when.
    failure: Option<(TokenError, SystemTime)>,
    /// Renewals so far: tells a caller that waited whether one ended meanwhile.
    renewals: u64,
}

#[derive(Debug)]
struct Held {
    token: AccessToken,
    renew_at: SystemTime,
    expires_at: SystemTime,
}

enum Look {
    Use(Result<AccessToken, TokenError>),
    Renew { seen: u64 },
}

impl State {
    fn usable(&self, now: SystemTime) -> Option<&Held> {
        self.held.as_ref().filter(|held| now < held.expires_at)
    }

    /// The last failure, while it is too recent to ask again.
    fn recent_failure(&self, now: SystemTime) -> Option<&TokenError> {
        let (error, at) = self.failure.as_ref()?;
        now.duration_since(*at).is_ok_and(|age| age < AFTER_FAILURE).then_some(error)
    }
}

impl Entry {
    fn look(&self, now: SystemTime) -> Look {
        let state = unpoisoned(&self.state);
        let failure = state.recent_failure(now);
        match (state.usable(now), failure) {
            (Some(held), failure) if now < held.renew_at || failure.is_some() => Look::Use(Ok(held.token.clone())),
            (None, Some(error)) if !error.is_transient() => Look::Use(Err(error.clone())),
            _ => Look::Renew { seen: state.renewals },
        }
    }

    fn usable(&self, now: SystemTime) -> Option<AccessToken> {
        unpoisoned(&self.state).usable(now).map(|held| held.token.clone())
    }

    /// What a renewal that ended while the caller waited gave; `None` if there was none.
    fn renewed_since(&self, seen: u64, now: SystemTime) -> Option<Result<AccessToken, TokenError>> {
        let state = unpoisoned(&self.state);
        if state.renewals == seen {
            return None;
        }
        let token = state.usable(now).map(|held| Ok(held.token.clone()));
        token.or_else(|| state.failure.as_ref().map(|(error, _)| Err(error.clone())))
    }

    fn settle(
        &self,
        result: Result<Grant, TokenError>,
        asked_at: SystemTime,
        now: SystemTime,
    ) -> Result<AccessToken, TokenError> {
        let mut state = unpoisoned(&self.state);
        state.renewals += 1;
        match result {
            Ok(Grant { token, lifetime }) => {
                let renew_at = asked_at + lifetime.saturating_sub(MARGIN).max(lifetime / 2);
                state.held = Some(Held { token: token.clone(), renew_at, expires_at: asked_at + lifetime });
                state.failure = None;
                Ok(token)
            }
            Err(error) => {
                state.failure = Some((error.clone(), now));
                state.usable(now).map(|held| held.token.clone()).ok_or(error)
            }
        }
    }
}

/// The state behind these locks is replaced whole, so a panic elsewhere leaves nothing half done.
fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
