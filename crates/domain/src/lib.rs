//! What Pregón decides: records, ports, pacing, retry, rendering.
//!
//! Nothing here waits, reads a clock, draws a random number or touches a network. A decision is a
//! function of state, event, `now` and, where chance matters, a draw the caller made; the engine
//! carries decisions out. The traits in [`ports`] say what the engine and the server need from a
//! store and from the channel.

pub mod address;
pub mod breaker;
pub mod card;
pub mod chance;
pub mod content;
pub mod directory;
pub mod id;
pub mod lane;
pub mod language;
pub mod message;
pub mod outcome;
pub mod pace;
pub mod ports;
pub mod render;
pub mod retry;
pub mod scopes;
pub mod share;
pub mod step;
pub mod time;

pub use address::Address;
pub use chance::Chance;
pub use id::{DeliveryId, KeyId, MessageId, ReferenceId};
pub use lane::{BotName, LaneId, LaneKey};
pub use outcome::{DeliveryState, Reason};
pub use time::{Clock, Timestamp};
