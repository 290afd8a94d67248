//! Entra is down just when the server needs new tokens.

use serde_json::json;

use super::Run;
use crate::ledger::{Findings, Outside, check_send};
use crate::world::World;

pub(super) async fn run(world: &mut World, run: &mut Run) -> Findings {
    let (marker, policy) = (run.marker(), run.policy());
    let moment = run.moment(world);
    let down = [
        json!({"kind": "answer", "status": 503, "shape": "html"}),
        json!({"kind": "answer", "status": 500, "code": "server_error"}),
        json!({"kind": "answer", "status": 429, "retry_after": {"seconds": 2}}),
        json!({"kind": "answer", "status": 200, "shape": "html"}),
        json!({"kind": "garble", "shape": "broken_json"}),
        json!({"kind": "hang_before"}),
        json!({"kind": "reset_after"}),
        json!({"kind": "lose_answer"}),
    ];
    let effect = run.chance.pick(&down).clone();
    let for_ms = 1_000 + run.chance.below(7_000);
    let message = world.send(&marker, policy).await;
    let teams = world.teams.clone();
    let outage = tokio::spawn(async move {
        tokio::time::sleep(moment).await;
        teams.post("faults", &json!({"operation": "token", "times": 0, "for_ms": for_ms, "effect": effect})).await;
        // Two new keys make every token worthless that was issued so far.
        for _ in 0..2 {
            teams.post("keys/rotate", &json!({"issuer": "entra"})).await;
        }
    });
    let view = world.ended(&message).await;
    outage.await.unwrap();
    world.teams.clear_faults().await;
    world.read_log().await;
    // Without a token nothing leaves: no doubt is possible.
    check_send(world, &view, (&marker, policy), &world.log.calls[run.from..], &Outside::default()).await
}
