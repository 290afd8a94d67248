//! Entries of Teams' activity feed, without a message.

mod body;
mod recipient;
mod send;
mod topic;

use std::fmt;

use pregon_model::CatalogAppId;

pub use recipient::{ChatRecipient, TeamRecipient};
pub use topic::Topic;

/// Activity type that needs no entry in the manifest: its text is a parameter.
const SYSTEM_DEFAULT: &str = "systemDefault";

/// Parameter with the text of a notification of that type.
const SYSTEM_DEFAULT_TEXT: &str = "systemDefaultText";

/// An entry of somebody's activity feed, with a toast: a notification that is no message.
///
/// It leads to the topic: a page of the app, a chat, a message. The app must be installed where it is
/// sent. The manifest names its `activities.activityTypes` and their texts with parameters; what is
/// wrong with the rest is told when the request is awaited ([`BadArgument`](crate::BadArgument)).
///
/// ```no_run
/// # use pregon_connector::ConnectorError;
/// # use pregon_connector::graph::TenantGraph;
/// # use pregon_model::ObjectId;
/// use pregon_connector::graph::{ActivityNotification, Topic};
///
/// # async fn example(graph: TenantGraph<'_>, ada: ObjectId) -> Result<(), ConnectorError> {
/// let page = "https://teams.microsoft.com/l/entity/7e2b9d40-1c3a-4f58-9d6e-2a8b5c7f0e13/77";
/// let topic = Topic::text("Incident INC-77", page);
/// let incident = ActivityNotification::new("incidentRaised", topic, "No power at dock 4")
///     .parameter("incident", "INC-77")
///     .chain(77);
/// graph.notify_user(&ada, &incident).await?;
/// # Ok(())
/// # }
/// ```
///
/// Source: Microsoft Learn, "Send activity feed notifications to users in Microsoft Teams".
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a notification does nothing until it is sent"]
pub struct ActivityNotification {
    activity_type: String,
    topic: Topic,
    preview: String,
    parameters: Vec<(String, String)>,
    chain: Option<i64>,
    app: Option<CatalogAppId>,
    icon: Option<String>,
}

impl ActivityNotification {
    /// A notification of a type of the manifest. Teams shows the first 150 characters of the preview.
    pub fn new(activity_type: impl Into<String>, topic: Topic, preview: impl Into<String>) -> Self {
        Self {
            activity_type: activity_type.into(),
            topic,
            preview: preview.into(),
            parameters: Vec::new(),
            chain: None,
            app: None,
            icon: None,
        }
    }

    /// A notification with any text, which needs no type in the manifest.
    pub fn system_default(text: impl Into<String>, topic: Topic, preview: impl Into<String>) -> Self {
        Self::new(SYSTEM_DEFAULT, topic, preview).parameter(SYSTEM_DEFAULT_TEXT, text)
    }

    /// The value of a parameter in the type's text.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Replaces the notification sent before with the same number.
    pub fn chain(self, number: i64) -> Self {
        Self { chain: Some(number), ..self }
    }

    /// Says which app sends it, when several have the same Entra registration; else the answer is a
    /// status 409.
    pub fn app(self, app: &CatalogAppId) -> Self {
        Self { app: Some(app.clone()), ..self }
    }

    /// An icon of the manifest (`activities.activityIcons`), in place of the app's own.
    pub fn icon(self, id: impl Into<String>) -> Self {
        Self { icon: Some(id.into()), ..self }
    }
}

impl fmt::Debug for ActivityNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the texts: they are what somebody wrote to somebody.
        f.debug_struct("ActivityNotification").field("activity_type", &self.activity_type).finish_non_exhaustive()
    }
}
