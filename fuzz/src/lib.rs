//! Feeds arbitrary bytes to everything of the SDK that reads what others wrote.
//!
//! One function for each target, named as its program in `fuzz_targets/` and its folder in `corpus/`. A
//! target may not panic, and says with `assert!` what must hold for whatever comes. `scripts/fuzz` runs
//! them under libFuzzer; the test of this package replays the corpus on every run.

mod activity;
mod answers;
mod card;
mod text;
mod token;

pub use activity::activity;
pub use answers::answers;
pub use card::card;
pub use text::text;
pub use token::token;

/// One input taken.
pub type Target = fn(&[u8]);

/// Every target, by name.
pub const TARGETS: [(&str, Target); 5] =
    [("activity", activity), ("answers", answers), ("card", card), ("text", text), ("token", token)];
