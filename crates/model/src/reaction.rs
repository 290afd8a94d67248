use serde::{Deserialize, Serialize};

use crate::{Extra, ReactionType};

/// One reaction to a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reaction {
    /// Which one.
    #[serde(rename = "type")]
    pub kind: ReactionType,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}
