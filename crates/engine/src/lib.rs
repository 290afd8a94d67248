//! The delivery engine: works out audiences, claims, paces, sends, settles.
//!
//! It decides nothing itself: pacing, retries and steps are functions of `pregon-domain`; it carries
//! them out over two ports, a store and a channel, and knows neither a database nor an HTTP client.
//! So its tests run in memory and under paused time.
//!
//! - [`Engine`] starts one worker per lane and one expander, and stops them gently.
//! - `call` is what every call goes through: the breakers, the gate, and what its answer says of the next.
//! - `gate` holds the limits of a lane; `breakers` know which bots and services are not to be called.
//! - `lane` is the worker: one task owns the lane, everything that takes time is a task that ends in
//!   an event, and outcomes are settled in groups.
//! - `expand` turns audiences into deliveries, chunk by chunk.
//! - `roster` pages through teams.
//! - `upkeep` stops what was cancelled and purges what is old.

mod breakers;
mod call;
mod engine;
mod expand;
mod gate;
mod lane;
mod roster;
mod status;
mod timeline;
mod upkeep;

pub use engine::{BotSetup, Engine, EngineConfig, EngineParts};
pub use status::{LaneStatus, LimitedBy};
