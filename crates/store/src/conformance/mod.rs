//! What every store must do, as sentences that can be run.

pub mod scene;
