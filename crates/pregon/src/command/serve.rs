//! `pregon serve`

use std::time::Duration;

use pregon_server::{Config, Parts, Server, config::ConfigError, config::Override};

use super::Stop;
use crate::{End, args, output};

/// How long what is under way may take after the first signal to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Serves until it is told to stop.
pub(crate) async fn run(args: &args::Serve) -> anyhow::Result<End> {
    let flag = |place: &str, key: &str, value: String| Override { place: place.into(), key: key.into(), value };
    let flags: Vec<Override> = args
        .listen
        .map(|listen| flag("--listen", "server.listen", listen.to_string()))
        .into_iter()
        .chain(args.data.as_ref().map(|dir| flag("--data", "store.dir", dir.display().to_string())))
        .collect();
    let config = Config::load(Some(&args.config), std::env::vars(), &flags)?;
    if args.data.is_some() && config.store.url.is_some() {
        let what = "names a directory, and store.url a PostgreSQL database: keep one".to_owned();
        return Err(ConfigError { place: "--data".into(), key: "store.dir".into(), what }.into());
    }
    super::logs(&config.log)?;
    let parts = Parts::open(&config).await?;
    let server = Server::start(config, parts).await?;
    let mut stop = Stop::listen()?;
    output::line(format_args!("Pregón listens on {}", server.base_url));
    stop.asked().await;
    output::line("stopping: what is under way is finished first");
    let clean = server.stop(GRACE).await;
    if !clean {
        eprintln!("pregon: some calls did not end within {} s; their deliveries are in doubt", GRACE.as_secs());
    }
    Ok(End::Done)
}
