//! Storms of faults at random moments while a message goes out and is then edited or deleted.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Run, span};
use crate::chance::Chance;
use crate::ledger::{Findings, Outside, check_change, check_send};
use crate::world::World;

/// A kind of weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storm {
    Throttled,
    Unavailable,
    Gateways,
    LostAnswers,
    Resets,
    Hung,
    Trickled,
    Garbled,
    Slow,
    Connections,
    Everything,
}

impl Storm {
    /// What may happen to a call.
    fn effects(self) -> Vec<Value> {
        let refused = |status: u16| json!({"kind": "answer", "status": status});
        let page = |status: u16| json!({"kind": "answer", "status": status, "shape": "html"});
        let throttled = |retry_after: Value| json!({"kind": "answer", "status": 429, "code": "Throttled", "retry_after": retry_after});
        match self {
            Self::Throttled => vec![
                json!({"kind": "answer", "status": 429}),
                json!({"kind": "answer", "status": 429, "shape": "empty"}),
                throttled(json!({"seconds": 1})),
                throttled(json!({"seconds": 0})),
                throttled(json!({"date": 2})),
                throttled(json!({"date": -3_600})),
                throttled(json!({"text": "soon"})),
                throttled(json!({"text": "-1"})),
            ],
            Self::Unavailable => {
                let busy = json!({"kind": "answer", "status": 503, "retry_after": {"seconds": 1}});
                vec![refused(412), refused(503), page(503), busy]
            }
            Self::Gateways => vec![refused(500), page(500), refused(502), page(502), refused(504), page(504)],
            // Connections are made when others broke.
            Self::LostAnswers | Self::Connections => vec![json!({"kind": "lose_answer"})],
            Self::Resets => vec![json!({"kind": "reset_before"}), json!({"kind": "reset_after"})],
            Self::Hung => vec![json!({"kind": "hang_before"}), json!({"kind": "hang_after"})],
            Self::Trickled => {
                vec![json!({"kind": "trickle", "ms_per_byte": 1}), json!({"kind": "trickle", "ms_per_byte": 50})]
            }
            Self::Garbled => vec![
                json!({"kind": "garble", "shape": "html"}),
                json!({"kind": "garble", "shape": "broken_json"}),
                json!({"kind": "garble", "shape": "empty"}),
                page(200),
                page(502),
                json!({"kind": "answer", "status": 503, "shape": "broken_json"}),
            ],
            Self::Slow => vec![
                json!({"kind": "delay_before", "ms": 0, "jitter_ms": 50}),
                json!({"kind": "delay_after", "ms": 50, "jitter_ms": 20}),
                json!({"kind": "delay_before", "ms": 400, "jitter_ms": 200}),
                json!({"kind": "delay_after", "ms": 400, "jitter_ms": 400}),
            ],
            Self::Everything => {
                let all = [
                    Self::Throttled,
                    Self::Unavailable,
                    Self::Gateways,
                    Self::LostAnswers,
                    Self::Resets,
                    Self::Hung,
                    Self::Trickled,
                    Self::Garbled,
                    Self::Slow,
                ];
                all.into_iter().flat_map(Self::effects).collect()
            }
        }
    }

    /// Of the calls it hits.
    fn probability(self) -> f64 {
        match self {
            Self::Slow => 1.0,
            // Each closes the lane: a few are enough.
            Self::Throttled => 0.03,
            // Each costs a call the whole time-out.
            Self::Hung | Self::Trickled => 0.06,
            Self::Everything => 0.04,
            _ => 0.15,
        }
    }

    fn at_connections(self) -> Vec<Value> {
        if self != Self::Connections {
            return Vec::new();
        }
        let at = |kind: &str| json!({"operation": "connect", "times": CONNECTIONS_HIT, "effect": {"kind": kind}});
        vec![at("reset_before"), at("hang_before")]
    }

    /// Doubts that no call of the emulator's log explains: it never saw the calls.
    fn outside(self) -> Outside {
        let everyone = if self == Self::Connections { 2 * CONNECTIONS_HIT } else { 0 };
        Outside { everyone, ..Outside::default() }
    }
}

/// Connections reset, and as many left hanging. Few: a host that fails often is left alone for long.
const CONNECTIONS_HIT: usize = 2;

/// A gust: faults that come at a moment.
struct Gust {
    after: Duration,
    faults: Vec<Value>,
}

/// Three gusts of one or two effects each, for calls of these kinds.
fn gusts(storm: Storm, operations: &[&str], chance: &mut Chance, span: Duration) -> Vec<Gust> {
    let effects = storm.effects();
    let mut gust = |nth: u32| {
        let mut faults = if nth == 0 { storm.at_connections() } else { Vec::new() };
        for _ in 0..=chance.below(2) {
            let effect = chance.pick(&effects).clone();
            let lasts = 300 + chance.moment(span).as_millis();
            for operation in operations {
                faults.push(json!({
                    "operation": operation, "times": 0, "probability": storm.probability(), "seed": chance.next() >> 1,
                    "for_ms": u64::try_from(lasts).unwrap_or(u64::MAX), "effect": effect,
                }));
            }
        }
        Gust { after: if nth == 0 { Duration::ZERO } else { chance.moment(span / 2) }, faults }
    };
    (0..3).map(&mut gust).collect()
}

/// Waits for the end of a message while the storm rages.
async fn weather(world: &mut World, message: &str, gusts: Vec<Gust>) -> Value {
    let teams = world.teams.clone();
    let storm = tokio::spawn(async move {
        for gust in gusts {
            tokio::time::sleep(gust.after).await;
            for fault in &gust.faults {
                teams.post("faults", fault).await;
            }
        }
    });
    let view = world.ended(message).await;
    storm.abort();
    let _ = storm.await;
    world.teams.clear_faults().await;
    world.read_log().await;
    view
}

pub(super) async fn run(storm: Storm, world: &mut World, run: &mut Run) -> Findings {
    let (marker, policy) = (run.marker(), run.policy());
    let span = span(world);
    let blows = gusts(storm, &["create_conversation", "send"], &mut run.chance, span);
    let message = world.send(&marker, policy).await;
    let view = weather(world, &message, blows).await;
    let calls = &world.log.calls[run.from..];
    let mut found = check_send(world, &view, (&marker, policy), calls, &storm.outside()).await;
    let edited = format!("edited {marker}");
    let (operation, edited) = if run.chance.coin() { ("edit", Some(edited.as_str())) } else { ("delete", None) };
    let body = match edited {
        Some(edited) => json!({"text": format!("{{{{ recipient.name }}}} {edited}"), "format": "plain"}),
        None => json!({}),
    };
    let blows = gusts(storm, &["update", "delete"], &mut run.chance, span);
    let change = world.post(&format!("/messages/{message}/{operation}"), &body).await;
    let view = weather(world, change["id"].as_str().unwrap(), blows).await;
    found.add(check_change(world, &view, &marker, edited).await);
    found
}
