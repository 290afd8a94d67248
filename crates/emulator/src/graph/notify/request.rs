use axum::response::Response;
use serde_json::Value;

use super::super::error::bad_request;
use crate::{app::App, http::Call};

/// Most people of a bulk call.
const MOST_RECIPIENTS: usize = 100;

/// The body of a notification, checked as far as every form of the call has it.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) activity_type: String,
    pub(super) body: Value,
}

/// Whom a notification in a team or chat is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Recipient {
    User(String),
    Team(String),
    /// Team and channel.
    Channel(String, String),
    Chat(String),
}

/// Teams has several hosts, one or more for each cloud.
fn is_deep_link(url: &str) -> bool {
    let rest = url.strip_prefix("https://").and_then(|rest| rest.split_once('/'));
    rest.is_some_and(|(host, path)| host.split('.').any(|label| label == "teams") && path.starts_with("l/"))
}

impl Request {
    /// Reads the body; the error is the answer.
    pub(super) fn read(app: &App, call: &Call) -> Result<Self, Response> {
        let body: Value = serde_json::from_slice(&call.body)
            .map_err(|problem| bad_request(app, &format!("The body is malformed: {problem}.")))?;
        let text = |path: &str| body.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
        let missing = |what: &str| bad_request(app, &format!("The property '{what}' is missing."));
        let activity_type = text("/activityType").ok_or_else(|| missing("activityType"))?.to_owned();
        text("/previewText/content").ok_or_else(|| missing("previewText.content"))?;
        let value = text("/topic/value").ok_or_else(|| missing("topic.value"))?;
        let problem = match (text("/topic/source"), text("/topic/webUrl")) {
            (Some("text"), None) => "A topic of source 'text' needs a webUrl: a deep link into Teams.",
            (_, Some(url)) if !is_deep_link(url) => {
                "The topic's webUrl must be a deep link into Teams: https://teams.microsoft.com/l/…"
            }
            (Some("entityUrl"), _) if !value.starts_with("http") => "A topic of source 'entityUrl' is a Graph address.",
            (Some("text" | "entityUrl"), _) => return Ok(Self { activity_type, body }),
            _ => "The topic's source must be 'text' or 'entityUrl'.",
        };
        Err(bad_request(app, problem))
    }

    /// Whom it is for; the error is the answer.
    pub(super) fn recipient(&self, app: &App) -> Result<Recipient, Response> {
        let recipient = self.body.get("recipient").unwrap_or(&Value::Null);
        let text = |name: &str| recipient.get(name).and_then(Value::as_str).map(str::to_owned);
        let kind = text("@odata.type").unwrap_or_default();
        let found = match kind.trim_start_matches('#') {
            "microsoft.graph.aadUserNotificationRecipient" => text("userId").map(Recipient::User),
            "microsoft.graph.teamMembersNotificationRecipient" => text("teamId").map(Recipient::Team),
            "microsoft.graph.channelMembersNotificationRecipient" => {
                text("teamId").zip(text("channelId")).map(|(team, channel)| Recipient::Channel(team, channel))
            }
            "microsoft.graph.chatMembersNotificationRecipient" => text("chatId").map(Recipient::Chat),
            _ => None,
        };
        found.ok_or_else(|| bad_request(app, "The property 'recipient' is missing, or of no kind that is known."))
    }

    /// Object ids of a bulk call; the error is the answer.
    pub(super) fn recipients(&self, app: &App) -> Result<Vec<String>, Response> {
        let list = self.body.get("recipients").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let id = |recipient: &Value| recipient.get("userId").and_then(Value::as_str).map(str::to_owned);
        let ids: Option<Vec<String>> = list.iter().map(id).collect();
        let ids = ids.filter(|ids| (1..=MOST_RECIPIENTS).contains(&ids.len()));
        ids.ok_or_else(|| bad_request(app, "The property 'recipients' must name 1 to 100 people by 'userId'."))
    }
}
