use std::fmt;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};

/// Draws what must not be guessed or must differ between processes: the ids of signed assertions, and
/// when a token is renewed; tests bring their own and fix it.
pub trait Chance: fmt::Debug + Send + Sync {
    /// 128 random bits.
    fn draw(&self) -> u128;
}

/// The operating system's randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    /// # Panics
    /// When the operating system gives no randomness: no TLS connection could be made either.
    fn draw(&self) -> u128 {
        let mut bytes = [0; 16];
        system_random().fill(&mut bytes).expect("the operating system gives randomness");
        u128::from_be_bytes(bytes)
    }
}

#[expect(clippy::disallowed_methods, reason = "the edge of this crate: every other place takes a `Chance`")]
pub(crate) fn system_random() -> SystemRandom {
    SystemRandom::new()
}
