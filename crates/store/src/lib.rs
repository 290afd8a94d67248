//! Storage behind the ports of `pregon-domain`.
//!
//! [`SqliteStore`] keeps everything in one file; [`MemoryStore`] keeps nothing and is for tests. Their promises are those of
//! [`pregon_domain::ports`]: each call happens as a whole or not at all, and what was answered
//! survives `kill -9`.

mod book;
#[cfg(feature = "cluster")]
pub mod cluster;
mod code;
#[cfg(feature = "conformance")]
pub mod conformance;
mod ids;
mod lesson;
mod memory;
mod rules;
mod sqlite;

pub use memory::MemoryStore;
pub use sqlite::{OpenError, SqliteStore};
