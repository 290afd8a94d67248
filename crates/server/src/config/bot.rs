use std::path::PathBuf;

use jiff::civil::Date;
use pregon_auth::{AllowedTenants, Cloud, Endpoints, Secret};
use pregon_model::TenantId;
use serde::{Deserialize, Deserializer};
use url::Url;

/// `[[bots]]`: one app registration and how it behaves.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BotConfig {
    /// Its name: part of its inbound address, `/api/messages/{name}`, and of stored records.
    pub name: String,
    /// Application (client) id of the app registration.
    pub app_id: String,
    /// Client secret (its value, not its id).
    #[serde(deserialize_with = "secret")]
    pub secret: Option<Secret>,
    /// File that holds the client secret; read once, at the start, into `secret`.
    pub secret_file: Option<PathBuf>,
    /// Day the client secret ends.
    pub secret_expires: Option<Date>,
    /// File with the certificate that is registered for the app, in place of a secret.
    pub certificate_file: Option<PathBuf>,
    /// File with its private key; `None`: in `certificate_file` too.
    pub certificate_key_file: Option<PathBuf>,
    /// Whether the certificates are sent along.
    pub certificate_chain: bool,
    /// File with a token that the app registration trusts, in place of a secret.
    pub federated_token_file: Option<PathBuf>,
    /// Client id of a managed identity, in place of a secret: the bot itself, or one that the app trusts.
    pub managed_identity: Option<String>,
    /// Home tenant: issues the tokens of a single-tenant bot, and is where unknown people are looked up.
    pub tenant: Option<String>,
    /// Whether the app registration is multi-tenant.
    pub multi_tenant: bool,
    /// Tenants served besides the home tenant; empty with `multi_tenant`: every tenant.
    pub allowed_tenants: Vec<String>,
    /// Id in the app's manifest; needed to install the app.
    pub manifest_id: Option<String>,
    /// The Microsoft cloud.
    pub cloud: CloudName,
    /// More hosts a bot token may be sent to: a name, or `.name` for every host below it.
    pub service_hosts: Vec<String>,
    /// Whether the app is installed for people who are written to and do not have it.
    pub proactive_install: bool,
    /// The welcome it sends when it is installed.
    pub welcome: WelcomeConfig,
}

impl Default for BotConfig {
    fn default() -> Self {
        Self {
            name: "main".to_owned(),
            app_id: String::new(),
            secret: None,
            secret_file: None,
            secret_expires: None,
            certificate_file: None,
            certificate_key_file: None,
            certificate_chain: false,
            federated_token_file: None,
            managed_identity: None,
            tenant: None,
            multi_tenant: false,
            allowed_tenants: Vec::new(),
            manifest_id: None,
            cloud: CloudName::default(),
            service_hosts: Vec::new(),
            proactive_install: false,
            welcome: WelcomeConfig::default(),
        }
    }
}

/// `[bots.welcome]`: what is said once to each person, team or chat that installs the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WelcomeConfig {
    /// Whether a welcome is sent; `None`: yes.
    pub enabled: Option<bool>,
    /// What the bot offers; a sentence of Pregón's own when absent.
    pub offer: Option<String>,
    /// What to do next; a sentence of Pregón's own when absent.
    pub next: Option<String>,
}

impl WelcomeConfig {
    /// Whether a welcome is sent.
    pub fn is_enabled(&self) -> bool {
        self.enabled.unwrap_or(true)
    }
}

/// A cloud, or the emulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudName {
    /// One of Microsoft's.
    Microsoft(Cloud),
    /// The emulator of `[emulator]`.
    Emulator,
}

impl Default for CloudName {
    fn default() -> Self {
        Self::Microsoft(Cloud::Public)
    }
}

impl<'de> Deserialize<'de> for CloudName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "emulator" => Ok(Self::Emulator),
            name => name.parse().map(Self::Microsoft).map_err(|_| {
                serde::de::Error::custom(format!(
                    "{name:?} is no cloud: write public, gcc, gcc-high, dod, china or emulator"
                ))
            }),
        }
    }
}

/// A text that no message shows.
pub(super) fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
}

impl BotConfig {
    /// The hosts of the bot's cloud.
    ///
    /// # Errors
    /// In words, when the emulator's address cannot be used.
    pub fn endpoints(&self, emulator: &str) -> Result<Endpoints, String> {
        let endpoints = match self.cloud {
            CloudName::Microsoft(cloud) => Endpoints::of(cloud),
            CloudName::Emulator => {
                let url = Url::parse(emulator).map_err(|_| format!("{emulator:?} is not an absolute URL"))?;
                Endpoints::emulator(&url).map_err(|error| error.to_string())?
            }
        };
        Ok(self.service_hosts.iter().fold(endpoints, |endpoints, host| endpoints.with_service_host(host)))
    }

    /// The home tenant.
    pub fn home_tenant(&self) -> Option<TenantId> {
        self.tenant.as_ref().map(|tenant| lower_tenant(&TenantId::new(tenant)))
    }

    /// Whose activities are taken.
    pub fn served_tenants(&self) -> AllowedTenants {
        if self.multi_tenant && self.allowed_tenants.is_empty() {
            return AllowedTenants::Any;
        }
        AllowedTenants::Only(self.tenant.iter().chain(&self.allowed_tenants).map(TenantId::new).collect())
    }

    /// Whether activities of this tenant are taken.
    pub fn serves(&self, tenant: &TenantId) -> bool {
        self.served_tenants().allows(Some(tenant))
    }
}

/// Tenant ids are GUIDs, written in either case; a lane has one.
pub(crate) fn lower_tenant(tenant: &TenantId) -> TenantId {
    TenantId::new(tenant.as_str().to_ascii_lowercase())
}
