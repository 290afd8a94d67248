use pregon_model::{ConversationId, GroupId, ObjectId};
use reqwest::Method;
use serde_json::Value;

use super::recipient::user_body;
use super::{ActivityNotification, ChatRecipient, TeamRecipient};
use crate::graph::read::done;
use crate::graph::{TenantGraph, UserKey};
use crate::transport::Call;
use crate::{BadArgument, ConnectorError, Request};

/// Most people one call takes.
const MOST_RECIPIENTS: usize = 100;

/// Notifications in people's activity feeds.
///
/// They are given by the manifest's `webApplicationInfo.id`, and do not reach people of other tenants
/// in shared channels. Status 403 or 404: the app is not installed there, or the type is not in its
/// manifest. Status 409: several apps have this registration; name one with [`ActivityNotification::app`].
impl<'a> TenantGraph<'a> {
    /// Notifies one person, for whom the app is installed.
    ///
    /// Permission: `TeamsActivity.Send.User` (resource-specific), `TeamsActivity.Send`. Source: Microsoft
    /// Learn, "userTeamwork: sendActivityNotification".
    pub fn notify_user<'k>(
        &self,
        user: impl Into<UserKey<'k>>,
        notification: &ActivityNotification,
    ) -> Request<'a, ()> {
        self.notify(&["users", user.into().as_str(), "teamwork", "sendActivityNotification"], notification, None)
    }

    /// Notifies one member of a chat, or all of them; the app is installed in the chat.
    ///
    /// Permission: `TeamsActivity.Send.Chat` (resource-specific), `TeamsActivity.Send`. Source: Microsoft
    /// Learn, "chat: sendActivityNotification".
    pub fn notify_in_chat<'r>(
        &self,
        chat: &ConversationId,
        recipient: impl Into<ChatRecipient<'r>>,
        notification: &ActivityNotification,
    ) -> Request<'a, ()> {
        let recipient = recipient.into().body(chat);
        self.notify(&["chats", chat.as_str(), "sendActivityNotification"], notification, Some(("recipient", recipient)))
    }

    /// Notifies one member of a team, those of a channel, or all; the app is installed in the team.
    ///
    /// Permission: `TeamsActivity.Send.Group` (resource-specific), `TeamsActivity.Send`. Source: Microsoft
    /// Learn, "team: sendActivityNotification".
    pub fn notify_in_team<'r>(
        &self,
        team: &GroupId,
        recipient: impl Into<TeamRecipient<'r>>,
        notification: &ActivityNotification,
    ) -> Request<'a, ()> {
        let recipient = recipient.into().body(team);
        self.notify(&["teams", team.as_str(), "sendActivityNotification"], notification, Some(("recipient", recipient)))
    }

    /// Notifies up to 100 people in one call. Graph takes it (202) and tells nothing of who got it.
    ///
    /// A token that has less than 45 minutes left is refused with status 412: the call is then made
    /// once more with a new one.
    ///
    /// Permission: `TeamsActivity.Send.User` (resource-specific, for each of them), `TeamsActivity.Send`.
    /// Source: Microsoft Learn, "teamwork: sendActivityNotificationToRecipients".
    pub fn notify_users(&self, users: &[ObjectId], notification: &ActivityNotification) -> Request<'a, ()> {
        let recipients = users.iter().map(|user| user_body(user.into())).collect();
        let path = ["teamwork", "sendActivityNotificationToRecipients"];
        let within = (1..=MOST_RECIPIENTS).contains(&users.len());
        self.notify(&path, notification, Some(("recipients", recipients))).map(|call| {
            if within {
                Ok(Call { needs_long_token: true, ..call })
            } else {
                Err(BadArgument::new("users", "must be 1 to 100").into())
            }
        })
    }

    fn notify(
        &self,
        path: &[&str],
        notification: &ActivityNotification,
        recipient: Option<(&str, Value)>,
    ) -> Request<'a, ()> {
        let with_body = |call: Call| -> Result<Call, ConnectorError> {
            let mut body = notification.body(self)?;
            if let Some((name, who)) = recipient {
                body[name] = who;
            }
            call.json(&body)
        };
        self.request(self.call(Method::POST, path).and_then(with_body), done)
    }
}
