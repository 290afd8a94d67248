use pregon_domain::Timestamp;
use tokio::time::Instant;

/// Time that only goes forward: it starts at the wall clock's and goes on by the runtime's own clock, so
/// that an operator who sets the clock back stops nothing and one who sets it forward overruns nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeline {
    base: (Timestamp, Instant),
}

impl Timeline {
    pub(crate) fn starting_at(wall_now: Timestamp) -> Self {
        Self { base: (wall_now, Instant::now()) }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.base.0 + self.base.1.elapsed()
    }
}
