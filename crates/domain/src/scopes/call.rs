use crate::ReferenceId;

use super::GraphCall;

/// What a call counts as in Teams' table of limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallKind {
    /// Send or reply. Edits and deletions, which the table does not name, count as sends.
    Send,
    /// Create a conversation, which is also what a new thread of a channel is.
    Create,
    /// Read members.
    Members,
    /// Read conversations: a team's channels.
    Conversations,
    /// A call of Graph; it has no part in the lane's limits.
    Graph(GraphCall),
}

/// Whether somebody waits for a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Haste {
    /// Nobody does: starts are spread.
    #[default]
    Spread,
    /// A person does, or a deadline is near: it starts as soon as every window allows.
    Now,
}

/// A call about to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// What it counts as.
    pub kind: CallKind,
    /// The conversation it concerns; calls that concern none have only the lane's limit.
    pub reference: Option<ReferenceId>,
    /// Whether somebody waits for it.
    pub haste: Haste,
}

impl Call {
    /// A call about a conversation that nobody waits for.
    pub fn about(reference: ReferenceId, kind: CallKind) -> Self {
        Self { kind, reference: Some(reference), haste: Haste::Spread }
    }

    /// A call of Graph.
    pub fn graph(call: GraphCall) -> Self {
        Self { kind: CallKind::Graph(call), reference: None, haste: Haste::Now }
    }
}
