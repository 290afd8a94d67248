use std::fmt;

use serde_json::{Value, json};
use url::Url;

use crate::graph::TenantGraph;
use crate::{BadArgument, ConnectorError};

/// What a notification is about, and where it leads.
///
/// Source: Microsoft Learn, "teamworkActivityTopic resource type".
#[derive(Clone, PartialEq, Eq)]
pub struct Topic {
    about: About,
    link: Option<String>,
}

#[derive(Clone, PartialEq, Eq)]
enum About {
    Text(String),
    /// Path segments of a resource of Graph.
    Entity(Vec<String>),
}

impl Topic {
    /// A text of the app's own, and the deep link of Teams that it leads to.
    pub fn text(text: impl Into<String>, deep_link: impl Into<String>) -> Self {
        Self { about: About::Text(text.into()), link: Some(deep_link.into()) }
    }

    /// A resource of Graph, by the segments of its address; Teams shows its name and leads there.
    ///
    /// | sent to | may be about |
    /// |---|---|
    /// | a person | `users/{id}/teamwork/installedApps/{installation}`, `appCatalogs/teamsApps/{id}` |
    /// | many people | `appCatalogs/teamsApps/{id}` |
    /// | a chat | `chats/{id}` and its `messages/{id}` |
    /// | a team | `teams/{id}`, its `channels/{id}`, their `messages/{id}` and `tabs/{id}` |
    ///
    /// ```
    /// # use pregon_connector::graph::Topic;
    /// let team = "e8bece96-d393-4b9b-b8da-69cedef1a7e7";
    /// let topic = Topic::entity(["teams", team, "channels", "19:c@thread.tacv2"]);
    /// ```
    pub fn entity<S: Into<String>>(segments: impl IntoIterator<Item = S>) -> Self {
        Self { about: About::Entity(segments.into_iter().map(Into::into).collect()), link: None }
    }

    /// Leads to this deep link of Teams instead of to the resource.
    #[must_use]
    pub fn leading_to(self, deep_link: impl Into<String>) -> Self {
        Self { link: Some(deep_link.into()), ..self }
    }

    pub(super) fn body(&self, graph: &TenantGraph<'_>) -> Result<Value, ConnectorError> {
        let mut body = match &self.about {
            About::Text(text) if text.trim().is_empty() => {
                return Err(BadArgument::new("topic", "must have a text").into());
            }
            About::Text(text) => json!({"source": "text", "value": text}),
            About::Entity(segments) => {
                let segments: Vec<_> = segments.iter().map(String::as_str).collect();
                json!({"source": "entityUrl", "value": graph.address(&segments)?})
            }
        };
        if let Some(link) = &self.link {
            if !is_deep_link(link) {
                let why = "must lead to a deep link of Teams, such as https://teams.microsoft.com/l/…";
                return Err(BadArgument::new("topic", why).into());
            }
            body["webUrl"] = link.as_str().into();
        }
        Ok(body)
    }
}

impl fmt::Debug for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.about {
            About::Text(_) => "text",
            About::Entity(_) => "entityUrl",
        };
        f.debug_struct("Topic").field("source", &source).finish_non_exhaustive()
    }
}

/// Teams has a host of its own in every cloud (`teams.microsoft.com`, `gov.teams.microsoft.us` …), and
/// its deep links begin with `/l/`.
fn is_deep_link(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| {
        let teams = url.host_str().is_some_and(|host| host.split('.').any(|label| label == "teams"));
        url.scheme() == "https" && teams && url.path().starts_with("/l/")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_links_of_every_cloud_are_known_and_nothing_else() {
        for link in [
            "https://teams.microsoft.com/l/entity/app/page?context=%7B%7D",
            "https://teams.cloud.microsoft/l/message/19:x/1",
            "https://gov.teams.microsoft.us/l/chat/0/0",
        ] {
            assert!(is_deep_link(link), "{link}");
        }
        for link in ["", "https://teams.microsoft.com/", "http://teams.microsoft.com/l/x", "https://contoso.com/l/x"] {
            assert!(!is_deep_link(link), "{link}");
        }
    }
}
