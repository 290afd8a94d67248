//! The commands, one file each.

pub(crate) mod bench;
pub(crate) mod dev;
pub(crate) mod emulator;
pub(crate) mod init;
pub(crate) mod lanes;
pub(crate) mod messages;
pub(crate) mod migrate;
pub(crate) mod send;
pub(crate) mod serve;

use std::io::IsTerminal;

use pregon_server::config::{ConfigError, LogConfig, LogFormat};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

/// What ends a program that runs until it is told to stop: Ctrl-C, or the SIGTERM of service managers and
/// containers.
pub(crate) struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    /// Listens from now on. To be called before a program says it is ready: who reads that may stop it at once.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Returns when the first of them comes.
    pub(crate) async fn asked(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Sends log lines to standard error, as the configuration says.
fn logs(config: &LogConfig) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.level).map_err(|error| ConfigError {
        place: "log.level".into(),
        key: "log.level".into(),
        what: format!("{:?} is neither error, warn, info, debug, trace nor a filter: {error}", config.level),
    })?;
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour);
    let set = match config.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    set.map_err(|error| anyhow::anyhow!("logs cannot be set up: {error}"))
}
