//! The activity feed: what apps notified people of.

use serde::Serialize;
use serde_json::Value;

use crate::{app::App, lock::lock};

/// One activity-feed notification that was accepted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeedNotification {
    /// Number of the notification, from 1.
    pub seq: u64,
    /// The app that sent it, by its app id.
    pub app_id: String,
    /// The tenant.
    pub tenant_id: String,
    /// Object ids of the people whose feed shows it.
    pub recipients: Vec<String>,
    /// The kind of activity, as the manifest names it.
    pub activity_type: String,
    /// When it was accepted, milliseconds since 1970.
    pub at_ms: u64,
    /// The body as it came.
    pub body: Value,
}

impl App {
    /// Keeps a notification, and gives it its number.
    pub(crate) fn keep_notification(&self, notification: FeedNotification) {
        let mut all = lock(&self.notifications);
        let seq = u64::try_from(all.len()).unwrap_or(u64::MAX).saturating_add(1);
        all.push(FeedNotification { seq, ..notification });
        drop(all);
        self.changed();
    }

    /// Notifications after number `after`.
    pub(crate) fn notifications(&self, after: usize, limit: usize) -> Vec<FeedNotification> {
        lock(&self.notifications).iter().skip(after).take(limit).cloned().collect()
    }
}
