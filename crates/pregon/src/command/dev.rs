//! `pregon dev`

use serde_json::json;

use super::Stop;
use crate::local::{LocalWorld, LocalWorldOptions};
use crate::{End, args, output};

/// Starts the demo's world with the app installed, and keeps it running.
pub(crate) async fn run(args: args::Dev) -> anyhow::Result<End> {
    let world = LocalWorld::start(LocalWorldOptions {
        seed: args.team.seed,
        members: args.team.members as usize,
        data: args.data,
        listen: args.listen,
    })
    .await?;
    let team = &world.spec.tenants[0].teams[0];
    world.api.post("/installs", &json!({"team": team.group_id})).await?;
    let mut stop = Stop::listen()?;
    output::line(format_args!("A local Teams with {} people, and a server that speaks to it.", args.team.members));
    world.print_how_to_play();
    stop.asked().await;
    world.stop().await;
    Ok(End::Done)
}
