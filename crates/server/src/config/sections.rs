use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use pregon_auth::Secret;
use serde::Deserialize;

use super::bot::secret;

/// `[server]`: where the server listens.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port for API and inbound endpoint. Default: this machine only, port 8080.
    pub listen: SocketAddr,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self { listen: local(8080) }
    }
}

/// `[store]`: where everything is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreConfig {
    /// Directory of the SQLite database, made if it is missing; relative to the working directory. Not used
    /// with a `url`.
    pub dir: PathBuf,
    /// A PostgreSQL database, `postgres://user:password@host:5432/database`; `None`: SQLite in `dir`.
    #[serde(deserialize_with = "secret")]
    pub url: Option<Secret>,
    /// File that holds the URL; read once, at the start, into `url`.
    pub url_file: Option<PathBuf>,
    /// Most connections to PostgreSQL.
    pub connections: u32,
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { dir: PathBuf::from("data"), url: None, url_file: None, connections: 16 }
    }
}

impl StoreConfig {
    /// The SQLite database's file.
    pub fn file(&self) -> PathBuf {
        self.dir.join("pregon.db")
    }
}

/// `[emulator]`: where the emulator is, for bots whose cloud is `emulator`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmulatorConfig {
    /// Where `pregon emulator` listens.
    pub listen: SocketAddr,
    /// Where it is reached; `http://` and [`EmulatorConfig::listen`] when absent. This machine only.
    pub base_url: Option<String>,
    /// People in its team.
    pub members: u32,
    /// Names, ids and chance of its world depend on this alone.
    pub seed: u64,
    /// Whether it enforces Teams' limits.
    pub limits: EmulatorLimits,
    /// Whether it keeps messages, or only counts them.
    pub keep_messages: bool,
}

impl Default for EmulatorConfig {
    fn default() -> Self {
        Self {
            listen: local(3979),
            base_url: None,
            members: 50,
            seed: 1,
            limits: EmulatorLimits::Teams,
            keep_messages: true,
        }
    }
}

/// What the emulator does with calls over Teams' limits; it counts them in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmulatorLimits {
    /// It refuses them with 429.
    #[default]
    Teams,
    /// It serves them.
    Lifted,
}

impl EmulatorConfig {
    /// Where it is reached.
    pub fn url(&self) -> String {
        self.base_url.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }
}

/// `[delivery]`: how fast and how patiently messages are sent.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryConfig {
    /// Connector calls a second for one bot in one tenant. Zero lifts every limit: emulator only.
    pub lane_per_s: u32,
    /// Graph calls a second for one bot in one tenant.
    pub graph_per_s: u32,
    /// Attempts of one delivery, the first included; throttled ones do not count.
    pub attempts: u32,
    /// Whether a 500 of Teams is tried again.
    pub retry_server_error: bool,
    /// Longest wait for one answer of Teams, seconds.
    pub request_timeout_s: u32,
    /// Calls under way at once for one bot in one tenant.
    pub concurrency: u32,
    /// When a message that names no `not_after` expires, hours after it was due.
    pub default_expiry_h: u32,
    /// How long deliveries that ended are kept, days since their message was created. Zero: for ever.
    pub retention_days: u32,
}

impl Default for DeliveryConfig {
    /// Sources of the limits: see `pregon_domain::scopes::Limits`.
    fn default() -> Self {
        Self {
            lane_per_s: 50,
            graph_per_s: 30,
            attempts: 6,
            retry_server_error: false,
            request_timeout_s: 30,
            concurrency: 64,
            default_expiry_h: 72,
            retention_days: 90,
        }
    }
}

impl DeliveryConfig {
    /// How long deliveries that ended are kept; `None` for ever.
    pub fn retention(&self) -> Option<Duration> {
        (self.retention_days > 0).then(|| Duration::from_hours(24 * u64::from(self.retention_days)))
    }
}

/// `[log]`: what is logged, and how.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// For people or for programs.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,pregon_engine=debug`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
    }
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
