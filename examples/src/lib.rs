//! What the examples share: as whom they speak, and where.
//!
//! Everything comes from the environment. As long as `PREGON_CLOUD` names none of Microsoft's clouds it
//! is the emulator on this machine, and what is not set has its development value.

mod failure;
mod patiently;
mod variable;

use std::io::IsTerminal as _;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use pregon_auth::{BotTokens, Cloud, Endpoints, HttpClient, Secret, TrustedServiceUrl};
use pregon_bot::{Bot, BotBuilder, Handler};
use pregon_connector::{Connector, Graph};
use pregon_model::{AppId, ServiceUrl, TenantId};
use tokio::net::TcpListener;
use tracing::Level;
use url::Url;

pub use failure::Failure;
pub use patiently::patiently;
pub use variable::variable;

/// Somebody who has the bot in the emulator.
const ADA: &str = "ada.torres@harbor-logistics.example";

/// As whom an example speaks, and where.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The Microsoft hosts of `PREGON_CLOUD`.
    pub endpoints: Endpoints,
    /// `PREGON_APP_ID`: the bot's Entra client id.
    pub app_id: AppId,
    /// `PREGON_APP_SECRET`: a client secret of it.
    pub secret: Secret,
    /// `PREGON_TENANT`: the organisation to speak in, which owns the bot's registration.
    pub tenant: TenantId,
    /// `PREGON_LISTEN`: where a bot listens, `127.0.0.1:3978` when it is not set.
    pub listen: String,
}

impl Settings {
    /// Reads the environment; an error names the variable and says what to write.
    pub fn from_env() -> Result<Self> {
        let cloud = variable("PREGON_CLOUD")?;
        Ok(Self {
            endpoints: endpoints(&cloud).with_context(|| format!("PREGON_CLOUD, {cloud}"))?,
            app_id: AppId::new(variable("PREGON_APP_ID")?),
            secret: Secret::new(variable("PREGON_APP_SECRET")?),
            tenant: TenantId::new(variable("PREGON_TENANT")?),
            listen: variable("PREGON_LISTEN").unwrap_or_else(|_| "127.0.0.1:3978".to_owned()),
        })
    }

    /// `PREGON_SERVICE_URL`: the Connector, as an activity of this tenant named it.
    pub fn service_url(&self) -> Result<TrustedServiceUrl> {
        let service_url = match variable("PREGON_SERVICE_URL") {
            Ok(text) => ServiceUrl::new(text),
            // The cloud's global one serves until an activity has named the tenant's own.
            Err(unset) => self.endpoints.default_service_url().cloned().ok_or(unset)?,
        };
        self.endpoints.trust(&service_url).context("PREGON_SERVICE_URL")
    }

    /// A client of the Connector that speaks as this bot.
    pub fn connector(&self) -> Result<Connector> {
        let http = HttpClient::new(&self.endpoints)?;
        let tokens = self.tokens(http.clone());
        Ok(Connector::new(http, Arc::new(tokens)))
    }

    /// A client of Microsoft Graph with this bot's permissions.
    pub fn graph(&self) -> Result<Graph> {
        let http = HttpClient::new(&self.endpoints)?;
        let tokens = self.tokens(http.clone());
        Ok(Graph::new(http, Arc::new(tokens), Arc::new(self.endpoints.clone())))
    }

    fn tokens(&self, http: HttpClient) -> BotTokens {
        let endpoints = Arc::new(self.endpoints.clone());
        BotTokens::new(http, endpoints, self.app_id.clone(), self.secret.clone()).single_tenant(self.tenant.clone())
    }

    /// The bot whose turns `handler` takes; what it logs is shown from now on.
    pub fn bot(&self, handler: impl Handler) -> Result<Bot> {
        let ansi = std::io::stdout().is_terminal();
        tracing_subscriber::fmt().with_max_level(Level::INFO).with_target(false).without_time().with_ansi(ansi).init();
        let (endpoints, app_id, secret) = (self.endpoints.clone(), self.app_id.clone(), self.secret.clone());
        Ok(BotBuilder::single_tenant(endpoints, app_id, secret, self.tenant.clone()).build(handler)?)
    }

    /// Listens at `PREGON_LISTEN`, for a router that is served by hand.
    pub async fn listener(&self) -> Result<TcpListener> {
        TcpListener::bind(&self.listen).await.with_context(|| format!("PREGON_LISTEN, {}", self.listen))
    }

    /// Says how to be somebody who uses the bot: in the emulator Ada, whose actions these are.
    pub fn print_what_to_try(&self, actions: &[&str]) {
        if !self.endpoints.is_loopback() {
            println!("Write to it in Teams, whose way here is the messaging endpoint of the bot's registration.\n");
            return;
        }
        println!("Be somebody who uses it, from another terminal:\n");
        for action in actions {
            println!("  curl {}_emulator/people/{ADA}/{action}", self.endpoints.login());
        }
        println!();
    }
}

/// One of Microsoft's clouds by name, or an emulator by its address.
fn endpoints(cloud: &str) -> Result<Endpoints> {
    if !variable::is_address(cloud) {
        return Ok(Endpoints::of(cloud.parse::<Cloud>()?));
    }
    let url = Url::parse(cloud)?;
    let endpoints = Endpoints::emulator(&url)?;
    // The first thing that is forgotten; later it would look like a failure of the token service.
    if std::net::TcpStream::connect(&*url.socket_addrs(|| None)?).is_err() {
        bail!("nobody listens there: start the emulator with `cargo run -- emulator`");
    }
    Ok(endpoints)
}
