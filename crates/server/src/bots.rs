//! The configured bots, each with the clients of its cloud.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use pregon_auth::{
    BotTokens, Clock as _, Credential, Endpoints, HttpClient, HttpSetupError, InboundAuth, InboundValidator,
    SigningKeys, SystemClock, TokenSource,
};
use pregon_connector::{Connector, Graph};
use pregon_domain::{BotName, Timestamp};
use pregon_model::AppId;

use crate::config::{BotConfig, Config};

/// A bot that runs here.
pub(crate) struct Bot {
    pub(crate) name: BotName,
    pub(crate) config: BotConfig,
    pub(crate) inbound: InboundAuth,
    pub(crate) endpoints: Arc<Endpoints>,
    pub(crate) connector: Connector,
    pub(crate) graph: Graph,
    /// When its credential ends, if that is known.
    pub(crate) credential_ends: Option<Timestamp>,
}

/// The bots, in the order of the configuration.
pub(crate) struct Bots(Vec<Bot>);

/// The bots could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum BotsError {
    /// A bot's cloud has an address that cannot be used.
    #[error("{0}")]
    Endpoints(String),
    /// A bot's credential cannot be used.
    #[error("bot {bot}: {source}")]
    Credential {
        /// The bot.
        bot: String,
        /// Which key, and what to do.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// There is no HTTP client.
    #[error(transparent)]
    Http(#[from] HttpSetupError),
}

impl Bots {
    pub(crate) fn new(config: &Config) -> Result<Self, BotsError> {
        let timeout = Duration::from_secs(config.delivery.request_timeout_s.into());
        // Bots of the same cloud share its signing keys: one fetch for all.
        let mut keys: HashMap<String, Arc<SigningKeys>> = HashMap::new();
        let mut bots = Vec::with_capacity(config.bots.len());
        for bot in &config.bots {
            let endpoints = bot.endpoints(&config.emulator.url()).map_err(BotsError::Endpoints)?;
            let endpoints = Arc::new(endpoints);
            let http = HttpClient::build(&endpoints, |builder| builder.timeout(timeout))?;
            let shared = keys
                .entry(endpoints.bot_metadata().to_string())
                .or_insert_with(|| Arc::new(SigningKeys::new(http.clone(), &endpoints)));
            let credential = bot
                .credential(SystemClock.now())
                .map_err(|bad| BotsError::Credential { bot: bot.name.clone(), source: bad.into() })?;
            bots.push(Bot::new(bot, endpoints, http, Arc::clone(shared), credential));
        }
        Ok(Self(bots))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Bot> {
        self.0.iter().find(|bot| bot.name.as_str() == name)
    }

    /// The bot to use where none is named: the only one.
    pub(crate) fn only(&self) -> Option<&Bot> {
        match &self.0[..] {
            [bot] => Some(bot),
            _ => None,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Bot> {
        self.0.iter()
    }
}

impl Bot {
    fn new(
        config: &BotConfig,
        endpoints: Arc<Endpoints>,
        http: HttpClient,
        keys: Arc<SigningKeys>,
        credential: Credential,
    ) -> Self {
        let app_id = AppId::new(&config.app_id);
        let credential_ends =
            credential.expires_at().map(|at| Timestamp::default() + at.duration_since(UNIX_EPOCH).unwrap_or_default());
        let mut tokens = BotTokens::new(http.clone(), Arc::clone(&endpoints), app_id.clone(), credential);
        if let Some(home) = config.home_tenant().filter(|_| !config.multi_tenant) {
            tokens = tokens.single_tenant(home);
        }
        let tokens: Arc<dyn TokenSource> = Arc::new(tokens);
        let validator = InboundValidator::new(keys, Arc::clone(&endpoints), app_id);
        Self {
            name: BotName::new(&config.name),
            config: config.clone(),
            inbound: InboundAuth::new(validator, config.served_tenants()),
            connector: Connector::new(http.clone(), Arc::clone(&tokens)),
            graph: Graph::new(http, tokens, Arc::clone(&endpoints)),
            endpoints,
            credential_ends,
        }
    }
}
