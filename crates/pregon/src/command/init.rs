//! `pregon init`

use std::fs::OpenOptions;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, bail};
use pregon_emulator::WorldSpec;
use pregon_server::{Config, Parts, bootstrap_key};

use crate::setup::Setup;
use crate::{End, args, output};

/// Writes pregon.toml, the store with a first API key, and pregon.key.
pub(crate) async fn run(args: &args::Init) -> anyhow::Result<End> {
    let (file, key_file) = (args.dir.join("pregon.toml"), args.dir.join("pregon.key"));
    for path in [&file, &key_file] {
        if path.exists() {
            bail!("{} exists already: remove it, or choose another directory with --dir", path.display());
        }
    }
    std::fs::create_dir_all(&args.dir).with_context(|| format!("{} cannot be made", args.dir.display()))?;
    let spec = WorldSpec::demo(args.team.seed, args.team.members as usize);
    let defaults = Config::default();
    let toml = Setup {
        spec: &spec,
        members: args.team.members as usize,
        server: defaults.server.listen,
        emulator: SocketAddr::from((Ipv4Addr::LOCALHOST, defaults.emulator.listen.port())),
        data: &defaults.store.dir,
        lane_per_s: defaults.delivery.lane_per_s,
    }
    .toml();
    // The key is for the server, which will read the environment too.
    let of_store = std::env::vars().filter(|(name, _)| name.starts_with("PREGON_STORE__"));
    let mut config = Config::read("pregon.toml", &toml, of_store, &[])?;
    config.store.dir = args.dir.join(&config.store.dir);
    let parts = Parts::open(&config).await?;
    let key = bootstrap_key(&*parts.store, &*parts.clock, &parts.chance, "first").await?;
    // Both hold secrets: only their owner may read them.
    write_private(&key_file, &format!("{}\n", key.expose()))?;
    write_private(&file, &toml)?;
    output::line(format_args!(
        "wrote {} and {} (an API key; the server keeps only its hash)\n\n\
         next:  pregon emulator     in one terminal\n       pregon serve        in another",
        file.display(),
        key_file.display()
    ));
    Ok(End::Done)
}

fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("{} cannot be written", path.display()))
}
