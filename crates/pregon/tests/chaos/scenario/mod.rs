//! What goes wrong.

mod clock;
mod disk;
mod frozen;
mod kill;
mod storm;
mod terminate;
mod tokens;

use std::time::Duration;

use crate::chance::Chance;
use crate::ledger::{Findings, check_windows};
use crate::world::{Plan, World};

/// One kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Storm(storm::Storm),
    Tokens,
    Disk(disk::Trouble),
    Clock,
    Frozen,
    Kill,
    Terminate,
}

const fn scenario(name: &'static str, kind: Kind) -> Scenario {
    Scenario { name, kind }
}

/// All of them, by the names `scripts/chaos` takes.
pub(crate) const ALL: &[Scenario] = &[
    scenario("throttled", Kind::Storm(storm::Storm::Throttled)),
    scenario("unavailable", Kind::Storm(storm::Storm::Unavailable)),
    scenario("gateways", Kind::Storm(storm::Storm::Gateways)),
    scenario("lost_answers", Kind::Storm(storm::Storm::LostAnswers)),
    scenario("resets", Kind::Storm(storm::Storm::Resets)),
    scenario("hung", Kind::Storm(storm::Storm::Hung)),
    scenario("trickled", Kind::Storm(storm::Storm::Trickled)),
    scenario("garbled", Kind::Storm(storm::Storm::Garbled)),
    scenario("slow", Kind::Storm(storm::Storm::Slow)),
    scenario("connections", Kind::Storm(storm::Storm::Connections)),
    scenario("everything", Kind::Storm(storm::Storm::Everything)),
    scenario("tokens_down", Kind::Tokens),
    scenario("store_full", Kind::Disk(disk::Trouble::Full)),
    scenario("store_locked", Kind::Disk(disk::Trouble::Locked)),
    scenario("store_slow", Kind::Disk(disk::Trouble::Slow)),
    scenario("clock", Kind::Clock),
    scenario("frozen", Kind::Frozen),
    scenario("kill", Kind::Kill),
    scenario("terminate", Kind::Terminate),
];

impl Scenario {
    pub(crate) fn named(name: &str) -> Self {
        let names: Vec<&str> = ALL.iter().map(|scenario| scenario.name).collect();
        let found = ALL.iter().find(|scenario| scenario.name == name);
        *found.unwrap_or_else(|| panic!("no scenario {name:?}; there are all, {}", names.join(", ")))
    }

    /// A world to run it in; `None` when this machine lacks what it needs, which is then said.
    pub(crate) async fn world(self, people: usize) -> Option<World> {
        let environment = match self.kind {
            Kind::Clock => clock::environment()?,
            _ => Vec::new(),
        };
        Some(World::start(Plan { people, environment }).await)
    }

    /// One run; the seed decides all that can be decided.
    pub(crate) async fn run(self, world: &mut World, seed: u64) -> Findings {
        world.read_log().await;
        let refused = world.log.refused;
        let mut run = Run { chance: Chance::new(seed), seed, from: world.log.calls.len() };
        let mut found = match self.kind {
            Kind::Storm(storm) => storm::run(storm, world, &mut run).await,
            Kind::Tokens => tokens::run(world, &mut run).await,
            Kind::Disk(trouble) => disk::run(trouble, world, &mut run).await,
            Kind::Clock => clock::run(world, &mut run).await,
            Kind::Frozen => frozen::run(world, &mut run).await,
            Kind::Kill => kill::run(world, &mut run).await,
            Kind::Terminate => terminate::run(world, &mut run).await,
        };
        found.add(check_windows(world, world.log.refused - refused));
        found
    }
}

/// One run of a scenario.
pub(crate) struct Run {
    chance: Chance,
    seed: u64,
    /// Calls logged before it.
    from: usize,
}

impl Run {
    /// Ends the texts of this run's message.
    fn marker(&self) -> String {
        format!("no. {};", self.seed)
    }

    fn policy(&self) -> &'static str {
        if self.seed.is_multiple_of(2) { "at_least_once" } else { "at_most_once" }
    }

    /// A moment while the message goes out.
    fn moment(&mut self, world: &World) -> Duration {
        self.chance.moment(span(world))
    }
}

/// How long a message to everyone takes at 50 a second, and a little more.
fn span(world: &World) -> Duration {
    Duration::from_millis(20 * world.people.len() as u64 + 500)
}
