use std::collections::BTreeMap;

use pregon_model::Extra;
use serde::{Deserialize, Serialize};

use super::{null_as_default, opaque_id};

opaque_id! {
    /// A batch operation: one message on its way to many conversations.
    OperationId
}

/// How far a batch operation is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String")]
#[non_exhaustive]
pub enum BatchStage {
    /// Everything was tried; failures are listed apart.
    Completed,
    /// The operation as a whole failed.
    Failed,
    /// Messages are being sent.
    Ongoing,
    /// The audience is being worked out.
    Provisioning,
    /// A stage this version has no name for.
    #[serde(untagged)]
    Other(String),
}

impl BatchStage {
    /// Whether nothing more will be sent.
    pub fn is_over(&self) -> bool {
        match self {
            Self::Completed | Self::Failed => true,
            Self::Ongoing | Self::Provisioning => false,
            Self::Other(text) => text.to_ascii_lowercase().starts_with("cancel"),
        }
    }
}

impl From<String> for BatchStage {
    fn from(text: String) -> Self {
        let named = [Self::Completed, Self::Failed, Self::Ongoing, Self::Provisioning];
        let found = named.into_iter().find(|stage| format!("{stage:?}").eq_ignore_ascii_case(&text));
        found.unwrap_or(Self::Other(text))
    }
}

/// Answer of `GET /v3/batch/conversation/{operation}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchState {
    /// How far it is.
    #[serde(alias = "State")]
    pub state: BatchStage,
    /// HTTP status of each conversation's message, and how many had it.
    #[serde(default, alias = "StatusMap", deserialize_with = "null_as_default")]
    pub status_map: BTreeMap<String, u64>,
    /// When to ask again, not before: ISO 8601.
    #[serde(default, alias = "RetryAfter", skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<String>,
    /// Conversations of the whole operation.
    #[serde(default, alias = "TotalEntriesCount", skip_serializing_if = "Option::is_none")]
    pub total_entries_count: Option<u64>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One page of `GET /v3/batch/conversation/failedentries/{operation}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchFailures {
    /// The failures of this page.
    #[serde(
        default,
        alias = "FailedEntryResponses",
        alias = "failedEntries",
        alias = "FailedEntries",
        deserialize_with = "null_as_default"
    )]
    pub failed_entry_responses: Vec<BatchFailure>,
    /// Asks for the next page; absent or empty on the last.
    #[serde(default, alias = "ContinuationToken", skip_serializing_if = "Option::is_none")]
    pub continuation_token: Option<String>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A conversation that did not get a batch's message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchFailure {
    /// The member or channel, as it was given.
    #[serde(default, alias = "EntryId", alias = "id", alias = "Id", deserialize_with = "null_as_default")]
    pub entry_id: String,
    /// What went wrong, in the service's words.
    #[serde(default, alias = "Error", deserialize_with = "null_as_default")]
    pub error: String,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}
