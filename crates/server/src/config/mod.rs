//! What an operator configures: `pregon.toml`, overridden by the environment, overridden by flags.
//!
//! A key of the file is a variable of the environment with the section and the key in capitals and
//! two underscores between them: `delivery.lane_per_s` is `PREGON_DELIVERY__LANE_PER_S`, the first
//! bot's secret is `PREGON_BOTS__0__SECRET`. A mistake refuses to start and names the key, where it
//! stands and what is expected. [`Config::template`] is the reference: every key with its unit,
//! default and consequence.

mod bot;
mod check;
mod credential;
mod error;
mod keys;
mod load;
mod sections;

pub(crate) use bot::lower_tenant;
pub use bot::{BotConfig, CloudName, WelcomeConfig};
pub use error::ConfigError;
pub(crate) use keys::nearest;
pub use load::Override;
pub use sections::{DeliveryConfig, EmulatorConfig, EmulatorLimits, LogConfig, LogFormat, ServerConfig, StoreConfig};

use std::path::Path;

use serde::Deserialize;

/// The whole configuration, checked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where the server listens.
    pub server: ServerConfig,
    /// Where everything is kept.
    pub store: StoreConfig,
    /// The bots: one app registration each.
    pub bots: Vec<BotConfig>,
    /// The emulator, for bots whose cloud is `emulator`.
    pub emulator: EmulatorConfig,
    /// How fast and how patiently messages are sent.
    pub delivery: DeliveryConfig,
    /// What is logged, and how.
    pub log: LogConfig,
}

impl Config {
    /// Reads `file` (none: the defaults alone), then the environment, then `flags`, and checks the whole.
    ///
    /// `environment` is what the process was started with; variables that do not begin with `PREGON_`
    /// or have no `__` are left alone.
    pub fn load(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: &[Override],
    ) -> Result<Self, ConfigError> {
        let text = match file {
            Some(path) => std::fs::read_to_string(path).map_err(|source| ConfigError::unreadable(path, &source))?,
            None => String::new(),
        };
        let name = file.map_or_else(|| "pregon.toml".to_owned(), |path| path.display().to_string());
        Self::read(&name, &text, environment, flags)
    }

    /// Reads the text of a file called `name`, then the environment, then `flags`, and checks the whole.
    pub fn read(
        name: &str,
        text: &str,
        environment: impl IntoIterator<Item = (String, String)>,
        flags: &[Override],
    ) -> Result<Self, ConfigError> {
        load::load(name, text, environment, flags)
    }

    /// Reads the text of a file called `name`, with no environment and no flags.
    pub fn parse(name: &str, text: &str) -> Result<Self, ConfigError> {
        Self::read(name, text, [], &[])
    }

    /// The reference: a file that shows every key with its default, commented.
    pub fn template() -> &'static str {
        include_str!("template.toml")
    }
}
