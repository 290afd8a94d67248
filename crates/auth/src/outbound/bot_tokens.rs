use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use pregon_model::{AppId, TenantId};

use super::answer::Grant;
use super::cache::{Entry, Look, unpoisoned};
use super::login::{self, Proof};
use super::retries::{Retries, retrying};
use crate::{
    AccessToken, Chance, Clock, Credential, Endpoints, HttpClient, SystemChance, SystemClock, TokenError, TokenFor,
    TokenSource,
};

/// The tokens of one bot, cached and renewed in time.
///
/// One renewal is in flight per target: callers without a valid token wait for it and share its
/// outcome, callers whose token is merely ageing go on with it. A renewal that fails keeps a token
/// that is still valid. A token is renewed five to ten minutes before it ends, at a moment drawn by
/// chance, so that bots started together do not ask together.
///
/// ```no_run
/// use std::sync::Arc;
/// use pregon_auth::{BotTokens, Endpoints, HttpClient, Secret, TokenFor, TokenSource};
/// use pregon_model::{AppId, TenantId};
///
/// # async fn example(secret: Secret) -> Result<(), Box<dyn std::error::Error>> {
/// let endpoints = Endpoints::public();
/// let http = HttpClient::new(&endpoints)?;
/// let app = AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10");
/// let tokens = BotTokens::new(http, Arc::new(endpoints), app, secret)
///     .single_tenant(TenantId::new("5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596"));
/// let token = tokens.token(&TokenFor::Connector).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct BotTokens {
    http: HttpClient,
    endpoints: Arc<Endpoints>,
    app_id: AppId,
    credential: Credential,
    home: Option<TenantId>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    retries: Retries,
    entries: Mutex<HashMap<TokenFor, Arc<Entry>>>,
}

impl BotTokens {
    /// Tokens of a multi-tenant bot; see [`BotTokens::single_tenant`].
    pub fn new(http: HttpClient, endpoints: Arc<Endpoints>, app_id: AppId, credential: impl Into<Credential>) -> Self {
        Self {
            http,
            endpoints,
            app_id,
            credential: credential.into(),
            home: None,
            clock: Arc::new(SystemClock),
            chance: Arc::new(SystemChance),
            retries: Retries { max: 2, first_pause: Duration::from_secs(1) },
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

    /// Draws the moments of renewal and the ids of assertions from here.
    #[must_use]
    pub fn with_chance(self, chance: Arc<dyn Chance>) -> Self {
        Self { chance, ..self }
    }

    /// Tries a transient failure `max` times more, after `first_pause` and then twice as long each
    /// time. Default: twice, from one second, the shortest that Azure's identity endpoint asks for.
    #[must_use]
    pub fn with_retries(self, max: u32, first_pause: Duration) -> Self {
        Self { retries: Retries { max, first_pause }, ..self }
    }

    /// What the bot proves itself with.
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    fn entry(&self, target: &TokenFor) -> Arc<Entry> {
        let mut entries = unpoisoned(&self.entries);
        if let Some(entry) = entries.get(target) {
            return Arc::clone(entry);
        }
        Arc::clone(entries.entry(target.clone()).or_default())
    }

    /// Asks once, with a proof made for this one request.
    async fn attempt(&self, target: &TokenFor) -> Result<Grant, TokenError> {
        let now = self.clock.now();
        let (tenant, scope) = match target {
            TokenFor::Connector => {
                (self.home.as_ref().unwrap_or(self.endpoints.bot_tenant()), self.endpoints.bot_scope())
            }
            TokenFor::Graph(tenant) => (tenant, self.endpoints.graph_scope()),
        };
        let url = self.endpoints.token_url(tenant).ok_or_else(|| TokenError::BadTenant(tenant.clone()))?;
        let proof = match &self.credential {
            Credential::Secret(secret) => Proof::Secret(secret.value()),
            Credential::Certificate(certificate) => {
                Proof::Assertion(certificate.assertion(&self.app_id, &url, now, self.chance.draw())?)
            }
            Credential::FederatedToken(token) => Proof::Assertion(token.read(&self.endpoints, now).await?),
            // No login: the machine's own endpoint gives out the token.
            Credential::ManagedIdentity(identity) => {
                self.check_reach(target)?;
                return identity.request(scope.strip_suffix("/.default").unwrap_or(scope), now).await;
            }
        };
        login::request(&self.http, url, &self.app_id, scope, &proof, now).await
    }

    /// The identity endpoint takes no tenant: it would answer with a token of another one.
    fn check_reach(&self, target: &TokenFor) -> Result<(), TokenError> {
        match (target, &self.home) {
            (TokenFor::Graph(tenant), Some(home)) if !tenant.as_str().eq_ignore_ascii_case(home.as_str()) => {
                Err(TokenError::OtherTenant(tenant.clone()))
            }
            _ => Ok(()),
        }
    }

    /// A draw in `0.0..1.0`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
    fn jitter(&self) -> f64 {
        (self.chance.draw() >> 75) as f64 / (1_u64 << 53) as f64
    }
}

#[async_trait]
impl TokenSource for BotTokens {
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
        let result = retrying(self.retries, || self.attempt(target)).await;
        if let Err(error) = &result {
            tracing::warn!(bot.app_id = %self.app_id, ?target, %error, "no new token: {error}");
        }
        entry.settle(result, asked_at, self.clock.now(), self.jitter())
    }

    fn invalidate(&self, target: &TokenFor, refused: &AccessToken) {
        self.entry(target).invalidate(refused);
    }
}
