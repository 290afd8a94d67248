//! Feeds arbitrary bytes to everything of the SDK that reads what others wrote.
//!
//! One function for each target, named as its program in `fuzz_targets/` and its folder in `corpus/`. A
//! target may not panic, and says with `assert!` what must hold for whatever comes. `scripts/fuzz` runs
//! them under libFuzzer; the test of this package replays the corpus on every run.

mod activity;
mod answers;
mod card;
mod connector;
mod entities;
mod graph;
mod log;
mod login;
mod script;
mod service;
mod text;
mod token;

pub use activity::activity;
pub use answers::answers;
pub use card::card;
pub use connector::connector;
pub use entities::entities;
pub use graph::graph;
pub use login::login;
pub use text::text;
pub use token::token;

/// One input taken.
pub type Target = fn(&[u8]);

/// Every target, by name.
pub const TARGETS: [(&str, Target); 9] = [
    ("activity", activity),
    ("answers", answers),
    ("card", card),
    ("connector", connector),
    ("entities", entities),
    ("graph", graph),
    ("login", login),
    ("text", text),
    ("token", token),
];
