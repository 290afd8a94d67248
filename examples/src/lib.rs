//! What the examples share: as whom they speak, and where.
//!
//! Everything comes from the environment. Without `PREGON_CLOUD` it is the emulator on this machine.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use pregon_auth::{ClientCredentials, Cloud, Endpoints, HttpClient, Secret, TrustedServiceUrl};
use pregon_connector::Connector;
use pregon_model::{AppId, MemberId, ServiceUrl, TeamChannelId, TeamId, TenantId};
use url::Url;

/// As whom an example speaks, and where.
#[derive(Debug)]
pub struct Settings {
    /// `PREGON_CLOUD`, one of Microsoft's, or `PREGON_EMULATOR`, the emulator's address.
    pub endpoints: Arc<Endpoints>,
    /// `PREGON_APP_ID`: the bot's Entra client id.
    pub app_id: AppId,
    /// `PREGON_APP_SECRET`: its client secret.
    pub secret: Secret,
    /// `PREGON_TENANT`: the organisation to speak in.
    pub tenant: TenantId,
    /// `PREGON_SERVICE_URL`: the Connector, as an activity of this tenant named it.
    pub service_url: TrustedServiceUrl,
    /// `PREGON_TEAM`: a team the bot is in.
    pub team: TeamId,
    /// `PREGON_CHANNEL`: one of its channels.
    pub channel: TeamChannelId,
    /// `PREGON_PERSON`: one of its members, as this bot sees them (`29:…`).
    pub person: MemberId,
}

impl Settings {
    /// Reads the environment; the error names the variable to set or to correct.
    pub fn from_env() -> Result<Self> {
        let endpoints = endpoints()?;
        let service_url = match variable("PREGON_SERVICE_URL") {
            Ok(text) => ServiceUrl::new(text),
            Err(unset) => endpoints.default_service_url().cloned().ok_or(unset)?,
        };
        Ok(Self {
            service_url: endpoints.trust(&service_url).context("PREGON_SERVICE_URL")?,
            endpoints: Arc::new(endpoints),
            app_id: AppId::new(variable("PREGON_APP_ID")?),
            secret: Secret::new(variable("PREGON_APP_SECRET")?),
            tenant: TenantId::new(variable("PREGON_TENANT")?),
            team: TeamId::new(variable("PREGON_TEAM")?),
            channel: TeamChannelId::new(variable("PREGON_CHANNEL")?),
            person: MemberId::new(variable("PREGON_PERSON")?),
        })
    }

    /// A client of the Connector that speaks as this bot.
    pub fn connector(&self) -> Result<Connector> {
        let http = HttpClient::new(&self.endpoints)?;
        let endpoints = Arc::clone(&self.endpoints);
        let tokens = ClientCredentials::new(http.clone(), endpoints, self.app_id.clone(), self.secret.clone());
        Ok(Connector::new(http, Arc::new(tokens)))
    }
}

fn endpoints() -> Result<Endpoints> {
    if let Ok(cloud) = variable("PREGON_CLOUD") {
        return Ok(Endpoints::of(cloud.parse::<Cloud>().context("PREGON_CLOUD")?));
    }
    let base = variable("PREGON_EMULATOR").unwrap_or_else(|_| "http://127.0.0.1:3979".to_owned());
    let base = Url::parse(&base).with_context(|| format!("PREGON_EMULATOR is no URL: {base:?}"))?;
    Endpoints::emulator(&base).context("PREGON_EMULATOR")
}

fn variable(name: &str) -> Result<String> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    value.ok_or_else(|| anyhow!("the environment variable {name} is not set"))
}
