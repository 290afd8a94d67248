//! The whole job, played once and checked.

mod ledger;
mod narrator;
mod report;
mod story;

use std::time::Instant;

use anyhow::bail;

use crate::args;
use crate::command::Stop;
use crate::local::{LocalWorld, LocalWorldOptions};
use crate::output;
use narrator::Narrator;

/// Plays the story; whether the emulator saw what the server claims.
pub(crate) async fn run(args: &args::Demo) -> anyhow::Result<bool> {
    if let Some(dir) = &args.data
        && dir.join("pregon.db").exists()
    {
        bail!("--data {} holds a store already: the story begins with an empty one", dir.display());
    }
    let started = Instant::now();
    let mut narrator = Narrator::new(args.json);
    narrator.step("Two programs start, each on its own loopback port");
    let options = LocalWorldOptions {
        seed: args.team.seed,
        members: args.team.members as usize,
        data: args.data.clone(),
        ..LocalWorldOptions::default()
    };
    let world = LocalWorld::start(options).await?;
    narrator.tell(format_args!("emulator of Teams   {}", world.emulator.base_url()));
    narrator.tell(format_args!("Pregón server       {}", world.server_url));
    narrator.tell(format_args!("store               {}", world.data.path().join("pregon.db").display()));

    let told = story::play(&world, &mut narrator).await?;
    let report = report::Report::new(&world, &told, started.elapsed());
    if args.json {
        output::line(report.json());
    } else {
        output::line(report.text());
    }
    if args.keep_running {
        let mut stop = Stop::listen()?;
        if !args.json {
            world.print_how_to_play();
        }
        stop.asked().await;
    }
    world.stop().await;
    Ok(report.agrees())
}
