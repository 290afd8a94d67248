//! Pregón's server: configuration, REST API, inbound endpoint, the bot's own turns, and the wiring.
//!
//! Take this crate to run the whole of Pregón in a process of your own; the `pregon` binary is a
//! command line around it. [`Config`] is read by [`Config::load`], [`Server::start`] opens the store,
//! starts the engine and serves; [`RunningServer::stop`] ends both gently.
//!
//! - [`config`]: `pregon.toml`, environment, flags; every mistake names its key.
//! - `api`: `/api/v1`, JSON, bearer keys, problems that say what to do.
//! - `inbound`: `POST /api/messages/{bot}`: authenticate, deduplicate, capture, take the turn.
//! - `turn`: commands and buttons; what the bot answers is a message like any other.
//! - `welcome`: one welcome for each install.
//! - [`teams`]: Teams as the engine sees it.

mod api;
mod app;
mod bots;
pub mod config;
mod edge;
mod expiry;
mod inbound;
mod key;
mod outbox;
mod store;
pub mod teams;
mod topic;
mod turn;
mod welcome;

pub use app::{Parts, RunningServer, Server, StartError};
pub use config::Config;
pub use edge::{NoRandomness, SystemClock, seeded_chance};
pub use inbound::{InboundCounters, InboundSnapshot};
pub use key::{BootstrapError, bootstrap_key};
pub use store::{Migrated, Migration, migrate};
