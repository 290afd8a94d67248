use std::sync::Arc;

use pregon_auth::{
    AllowedTenants, BotTokens, Credential, Endpoints, HttpClient, HttpSetupError, InboundAuth, InboundValidator,
    SigningKeys, TokenSource,
};
use pregon_connector::{Connector, Graph};
use pregon_model::{AppId, TenantId};
use tokio_util::task::TaskTracker;

use crate::bot::Core;
use crate::env::{self, BadVariable};
use crate::{Bot, Handler};

/// What a bot is made of: the cloud, the app registration, and whose messages it takes.
///
/// ```
/// use pregon_bot::auth::{AllowedTenants, Endpoints, Secret};
/// use pregon_bot::model::{AppId, TenantId};
/// use pregon_bot::{Bot, BotBuilder, Handler};
///
/// struct Hello;
/// impl Handler for Hello {}
///
/// // An app of a vendor, for two customers in the public cloud.
/// let customers = vec![
///     TenantId::new("5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596"),
///     TenantId::new("c7d0e2b4-1f3a-4958-8b6d-2e4f6a8c0d1b"),
/// ];
/// let app = AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10");
/// let secret = Secret::new("its value, not its id");
/// let builder =
///     BotBuilder::multi_tenant(Endpoints::public(), app, secret, AllowedTenants::Only(customers));
/// let bot: Bot = builder.build(Hello)?;
/// # Ok::<(), pregon_bot::auth::HttpSetupError>(())
/// ```
#[derive(Clone, Debug)]
pub struct BotBuilder {
    endpoints: Arc<Endpoints>,
    app_id: AppId,
    credential: Credential,
    home: Option<TenantId>,
    tenants: AllowedTenants,
}

impl BotBuilder {
    /// A bot whose app registration is single-tenant: `tenant` owns it, and only people of `tenant`
    /// are answered.
    pub fn single_tenant(
        endpoints: Endpoints,
        app_id: AppId,
        credential: impl Into<Credential>,
        tenant: TenantId,
    ) -> Self {
        let tenants = AllowedTenants::one(tenant.clone());
        Self { home: Some(tenant), ..Self::multi_tenant(endpoints, app_id, credential, tenants) }
    }

    /// A bot whose app registration is multi-tenant, for people of `tenants`.
    pub fn multi_tenant(
        endpoints: Endpoints,
        app_id: AppId,
        credential: impl Into<Credential>,
        tenants: AllowedTenants,
    ) -> Self {
        Self { endpoints: Arc::new(endpoints), app_id, credential: credential.into(), home: None, tenants }
    }

    /// The bot the environment describes; see [`Bot::from_env`].
    ///
    /// # Errors
    /// Names the variable and what to write.
    pub fn from_env() -> Result<Self, BadVariable> {
        env::read(|name| std::env::var(name).ok())
    }

    /// The bot, whose turns `handler` takes.
    ///
    /// # Errors
    /// There is no HTTP client: the machine's TLS roots are unreadable.
    pub fn build(self, handler: impl Handler) -> Result<Bot, HttpSetupError> {
        let Self { endpoints, app_id, credential, home, tenants } = self;
        let http = HttpClient::new(&endpoints)?;
        let keys = Arc::new(SigningKeys::new(http.clone(), &endpoints));
        let validator = InboundValidator::new(keys, Arc::clone(&endpoints), app_id.clone());
        let mut tokens = BotTokens::new(http.clone(), Arc::clone(&endpoints), app_id, credential);
        if let Some(home) = &home {
            tokens = tokens.single_tenant(home.clone());
        }
        let tokens: Arc<dyn TokenSource> = Arc::new(tokens);
        Ok(Bot::new(Core {
            handler: Box::new(handler),
            connector: Connector::new(http.clone(), Arc::clone(&tokens)),
            graph: Graph::new(http, tokens, Arc::clone(&endpoints)),
            auth: InboundAuth::new(validator, tenants),
            endpoints,
            home,
            turns: TaskTracker::new(),
        }))
    }
}
