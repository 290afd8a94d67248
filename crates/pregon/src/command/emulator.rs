//! `pregon emulator`

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::bail;
use pregon_emulator::{Emulator, EmulatorConfig, Limits, WorldSpec, dev};
use pregon_server::config::{BotConfig, CloudName, Config, EmulatorLimits, Override};

use super::Stop;
use crate::{End, args, output};

/// Read when it is there and no other is named.
const FILE: &str = "pregon.toml";

/// Runs the emulator that a configuration describes, or the fixed one, until it is told to stop.
pub(crate) async fn run(args: &args::Emulator) -> anyhow::Result<End> {
    let there = Path::new(FILE).exists().then_some(Path::new(FILE));
    let file = args.config.as_deref().or(there);
    let config = Config::load(file, std::env::vars(), &flags(args))?;
    super::logs(&config.log)?;
    let bots: Vec<&BotConfig> = config.bots.iter().filter(|bot| bot.cloud == CloudName::Emulator).collect();
    if let Some(file) = file
        && bots.is_empty()
    {
        bail!("{}: no bot has cloud = \"emulator\"", file.display());
    }
    let spec = if bots.is_empty() { fixed(&config) } else { world(&config, &bots) };
    let emulator = Emulator::start(settings(&config, spec.clone())).await?;
    for app in &spec.apps {
        emulator.set_bot_endpoint(&app.app_id, &endpoint(args, &config, &bots, &app.app_id))?;
    }
    let mut stop = Stop::listen()?;
    describe(&spec);
    if bots.is_empty() {
        print_environment(&emulator, &spec, args);
    }
    output::line(format_args!("emulator listens on {} (Ctrl-C stops it)", emulator.base_url()));
    stop.asked().await;
    emulator.shutdown().await;
    Ok(End::Done)
}

/// The flags that set keys of the configuration.
fn flags(args: &args::Emulator) -> Vec<Override> {
    let flag = |place: &str, key: &str, value: String| Override { place: place.into(), key: key.into(), value };
    let listen = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)).to_string();
    let port = args.port.map(|port| flag("--port", "emulator.listen", listen(port)));
    let members = args.members.map(|members| flag("--members", "emulator.members", members.to_string()));
    let seed = args.seed.map(|seed| flag("--seed", "emulator.seed", seed.to_string()));
    port.into_iter().chain(members).chain(seed).collect()
}

fn settings(config: &Config, spec: WorldSpec) -> EmulatorConfig {
    let mut settings = EmulatorConfig::new(spec);
    settings.listen = config.emulator.listen;
    settings.limits = match config.emulator.limits {
        EmulatorLimits::Teams => Limits::Teams,
        EmulatorLimits::Lifted => Limits::Lifted,
    };
    settings.keep_bodies = config.emulator.keep_messages;
    settings
}

/// Where a bot is: the server for those of the configuration.
fn endpoint(args: &args::Emulator, config: &Config, bots: &[&BotConfig], app_id: &str) -> String {
    if let Some(url) = &args.bot_endpoint {
        return url.clone();
    }
    let of_server = |bot: &&BotConfig| format!("http://{}/api/messages/{}", config.server.listen, bot.name);
    let bot = bots.iter().find(|bot| bot.app_id == app_id);
    bot.map_or_else(|| dev::BOT_ENDPOINT.to_owned(), of_server)
}

/// The world of a bot that nobody configured.
fn fixed(config: &Config) -> WorldSpec {
    dev::world(config.emulator.seed, config.emulator.members as usize)
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

fn describe(spec: &WorldSpec) {
    let tenant = &spec.tenants[0];
    let team = &tenant.teams[0];
    output::line(format_args!("{}: team {:?}, {} people", tenant.name, team.name, tenant.people.len()));
    output::line(format_args!("  group id       {}", team.group_id));
    output::line(format_args!("  General        {}", team.id));
    for channel in &team.channels {
        output::line(format_args!("  {:<14} {}", channel.name, channel.id));
    }
    for chat in &tenant.group_chats {
        output::line(format_args!("  group chat     {}", chat.id));
    }
    for person in tenant.people.iter().take(3) {
        output::line(format_args!("  {} {} <{}>", person.given_name, person.surname, person.email));
    }
}

/// What a bot needs to know, as lines for a shell or a `.env` file.
fn print_environment(emulator: &Emulator, spec: &WorldSpec, args: &args::Emulator) {
    let (base, team) = (emulator.base_url(), &spec.tenants[0].teams[0]);
    let person = emulator.people().into_iter().next();
    let person = person.and_then(|person| Some(person.bots.into_iter().next()?.member_id)).unwrap_or_default();
    let endpoint = args.bot_endpoint.as_deref().unwrap_or(dev::BOT_ENDPOINT);
    output::line(format_args!(
        "\nThe bot {} is in the team and has {}. It is expected at {endpoint}\nand needs (the secret is for this \
         emulator alone):\n",
        spec.apps[0].name, spec.tenants[0].people[0].given_name,
    ));
    for (name, value) in [
        ("PREGON_CLOUD", base),
        ("PREGON_LOGIN", base),
        ("PREGON_METADATA", &format!("{base}/v1/.well-known/openidconfiguration")),
        ("PREGON_GRAPH", &format!("{base}/v1.0")),
        ("PREGON_SERVICE_URL", &emulator.service_url()),
        ("PREGON_APP_ID", &spec.apps[0].app_id),
        ("PREGON_APP_SECRET", &spec.apps[0].secret),
        ("PREGON_TENANT", &spec.tenants[0].id),
        ("PREGON_TEAM", &team.id),
        ("PREGON_CHANNEL", &team.channels[0].id),
        ("PREGON_PERSON", &person),
    ] {
        output::line(format_args!("{name}={value}"));
    }
    output::line("");
}
