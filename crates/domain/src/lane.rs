//! Lanes: all deliveries of one bot in one tenant, the scope of Teams' global limit.

use std::fmt;

use pregon_model::TenantId;
use serde::{Deserialize, Serialize};

/// Name of a bot in the configuration; part of its inbound address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BotName(String);

impl BotName {
    /// Takes a name as the operator wrote it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a lane is: a bot in a tenant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LaneKey {
    /// The bot.
    pub bot: BotName,
    /// The tenant.
    pub tenant: TenantId,
}

/// A lane's number in this store; it leads the primary key of every table that grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId(pub i64);

impl fmt::Display for LaneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lane {}", self.0)
    }
}
