//! kill -9 at a random moment, at times once more while the server recovers.

use std::time::Duration;

use super::Run;
use crate::ledger::{Findings, Outside, check_send};
use crate::world::World;

pub(super) async fn run(world: &mut World, run: &mut Run) -> Findings {
    let (marker, policy) = (run.marker(), run.policy());
    let mut moments = vec![run.moment(world)];
    if run.chance.below(4) == 0 {
        moments.push(run.chance.moment(Duration::from_secs(2)));
    }
    let mut outside = Outside::default();
    let message = world.send(&marker, policy).await;
    for moment in moments {
        // Not a wait for something: the moment itself is what is drawn.
        tokio::time::sleep(moment).await;
        world.server.kill();
        let settled = world.settled(&message).await;
        let unsettled = world.people.values().filter(|person| !settled.contains(&person.object_id));
        for person in unsettled {
            *outside.some.entry(person.object_id.clone()).or_default() += 1;
        }
        world.restart().await;
    }
    let view = world.ended(&message).await;
    world.read_log().await;
    check_send(world, &view, (&marker, policy), &world.log.calls[run.from..], &outside).await
}
