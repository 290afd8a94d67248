use std::fmt;
use std::time::SystemTime;

/// Tells the time to whatever judges expiry; tests bring their own and move it.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// The machine's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the edge: every other place takes a `Clock`")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}
