use super::{CallKind, GRAPH_TEAMS_PER_S};
use crate::pace::Window;

/// The limits of a lane. The defaults are Microsoft's documented values; they are configuration because
/// Microsoft calls them estimates.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connector calls of any kind a second, per bot and tenant. `None` lifts every limit of the Connector.
    pub lane_per_s: Option<u32>,
    /// Graph calls of Teams a second, per app and tenant: so many reads, so many changes, half as many
    /// deletions. The directory's budget is not configured.
    pub graph_per_s: u32,
}

/// Source: Microsoft Learn, "Optimize your bot with rate limiting in Teams": 50 requests a second per app
/// per tenant.
pub const LANE_PER_S: u32 = 50;

impl Default for Limits {
    fn default() -> Self {
        Self { lane_per_s: Some(LANE_PER_S), graph_per_s: GRAPH_TEAMS_PER_S }
    }
}

/// Source: Microsoft Learn, "Optimize your bot with rate limiting in Teams", table *Per bot per
/// thread limit*, rows "Send to conversation" and "Create conversation".
///
/// The table *All bots per thread* grants twice as many in one and in two seconds to all bots of a
/// conversation together, so two bots of one server never meet it; three that write to the same
/// conversation in the same second may.
pub const SEND_TO_CONVERSATION: [Window; 4] = [
    Window::per_seconds(7, 1),
    Window::per_seconds(8, 2),
    Window::per_seconds(60, 30),
    Window::per_seconds(1_800, 3_600),
];

/// Source: the same table, rows "Get conversation members" and "Get conversations".
pub const READ_CONVERSATION: [Window; 4] = [
    Window::per_seconds(14, 1),
    Window::per_seconds(16, 2),
    Window::per_seconds(120, 30),
    Window::per_seconds(3_600, 3_600),
];

/// The windows of one kind of call in one conversation.
pub(super) fn windows(kind: CallKind) -> &'static [Window] {
    match kind {
        CallKind::Send | CallKind::Create => &SEND_TO_CONVERSATION,
        CallKind::Members | CallKind::Conversations => &READ_CONVERSATION,
        CallKind::Graph(_) => &[],
    }
}
