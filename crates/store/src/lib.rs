//! Storage behind the ports of `pregon-domain`.
//!
//! [`SqliteStore`] keeps everything in one file, for one process; [`PostgresStore`] keeps it in a database that
//! any number of processes share; [`MemoryStore`] keeps nothing and is for tests. Their promises are those of
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
mod migration;
mod postgres;
mod record;
mod row;
mod rules;
mod share;
mod sqlite;

pub use memory::MemoryStore;
pub use migration::Applied;
pub use postgres::{ConnectError, PostgresStore};
pub use sqlite::{OpenError, SqliteStore};
