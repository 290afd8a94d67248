//! `pregon emulator`

use anyhow::bail;
use pregon_emulator::{Emulator, EmulatorConfig, Limits, WorldSpec};
use pregon_server::config::{BotConfig, CloudName, Config, EmulatorLimits};

use super::Stop;
use crate::{End, args, output};

/// Runs the emulator that a configuration describes, until it is told to stop.
pub(crate) async fn run(args: &args::Emulator) -> anyhow::Result<End> {
    let config = Config::load(Some(&args.config), std::env::vars(), &[])?;
    super::logs(&config.log)?;
    let bots: Vec<&BotConfig> = config.bots.iter().filter(|bot| bot.cloud == CloudName::Emulator).collect();
    if bots.is_empty() {
        bail!("{}: no bot has cloud = \"emulator\"", args.config.display());
    }
    let spec = world(&config, &bots);
    let mut settings = EmulatorConfig::new(spec.clone());
    settings.listen = config.emulator.listen;
    settings.limits = match config.emulator.limits {
        EmulatorLimits::Teams => Limits::Teams,
        EmulatorLimits::Lifted => Limits::Lifted,
    };
    settings.keep_bodies = config.emulator.keep_messages;
    let emulator = Emulator::start(settings).await?;
    for bot in &bots {
        let url = format!("http://{}/api/messages/{}", config.server.listen, bot.name);
        emulator.set_bot_endpoint(&bot.app_id, &url)?;
    }
    let mut stop = Stop::listen()?;
    describe(&emulator, &spec);
    stop.asked().await;
    emulator.shutdown().await;
    Ok(End::Done)
}

/// The demo's world, with the bots and the tenant of the configuration.
fn world(config: &Config, bots: &[&BotConfig]) -> WorldSpec {
    let mut spec = WorldSpec::demo(config.emulator.seed, config.emulator.members as usize);
    let template = spec.apps[0].clone();
    let app = |bot: &&BotConfig| {
        let mut app = template.clone();
        app.app_id.clone_from(&bot.app_id);
        app.secret = bot.secret.as_ref().map_or_else(String::new, |secret| secret.expose().to_owned());
        if let Some(manifest) = &bot.manifest_id {
            app.manifest_id.clone_from(manifest);
        }
        app
    };
    spec.apps = bots.iter().map(app).collect();
    if let Some(tenant) = bots.iter().find_map(|bot| bot.tenant.as_ref()) {
        spec.tenants[0].id.clone_from(tenant);
    }
    spec
}

fn describe(emulator: &Emulator, spec: &WorldSpec) {
    let tenant = &spec.tenants[0];
    let team = &tenant.teams[0];
    output::line(format_args!("{}: team {:?}, {} people", tenant.name, team.name, tenant.people.len()));
    output::line(format_args!("  group id       {}", team.group_id));
    output::line(format_args!("  General        {}", team.id));
    for channel in &team.channels {
        output::line(format_args!("  {:<14} {}", channel.name, channel.id));
    }
    for person in tenant.people.iter().take(3) {
        output::line(format_args!("  {} {} <{}>", person.given_name, person.surname, person.email));
    }
    output::line(format_args!("emulator listens on {} (Ctrl-C stops it)", emulator.base_url()));
}
