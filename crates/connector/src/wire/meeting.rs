use pregon_model::{ConversationAccount, Extra, MemberId, TeamsChannelAccount};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::opaque_id;

opaque_id! {
    /// A meeting, as `channelData.meeting.id` names it; opaque, and not Graph's id.
    MeetingId
}

/// Answer of `GET /v1/meetings/{meeting}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MeetingInfo {
    /// The meeting itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<MeetingDetails>,
    /// Its chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationAccount>,
    /// Who called it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organizer: Option<TeamsChannelAccount>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// When and what a meeting is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeetingDetails {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<MeetingId>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where people join.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_url: Option<String>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_start_time: Option<String>,
    /// ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scheduled_end_time: Option<String>,
    /// Whatever else the channel sent (Graph's id, the type …).
    #[serde(flatten)]
    pub extra: Extra,
}

/// Body of `POST /v1/meetings/{meeting}/notification`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeetingNotification {
    /// `targetedMeetingNotification`.
    #[serde(rename = "type")]
    pub kind: String,
    /// For whom and where: `{"recipients":["29:…"],"surfaces":[…]}`.
    pub value: Value,
    /// In whose name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_data: Option<Value>,
}

/// Somebody a notification did not reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnnotifiedRecipient {
    /// Who.
    #[serde(alias = "RecipientMri")]
    pub recipient_mri: MemberId,
    /// The service's code.
    #[serde(default, alias = "ErrorCode", alias = "errorcode", skip_serializing_if = "Option::is_none")]
    pub error_code: Option<String>,
    /// The service's words.
    #[serde(default, alias = "FailureReason", skip_serializing_if = "Option::is_none")]
    pub failure_reason: Option<String>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}
