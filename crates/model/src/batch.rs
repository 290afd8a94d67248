//! Batch operations: one message to many at once, sent by Teams in its own time.
//!
//! Microsoft's SDKs disagree on how members are spelled, so every spelling is read and one is written.
//!
//! Source: microsoft/botbuilder-dotnet, `TeamsOperations`; there is no page with limits.

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_json::Value;

use crate::wire::{Wire as _, open_set, wire};
use crate::{Activity, ChannelAccount, Extra, OperationId, TeamId, TenantId};

wire! {
    /// One message for many: body of `POST /v3/batch/conversation/{users|tenant|team|channels}`.
    #[derive(Default)]
    pub struct BatchParameters {
        /// The message.
        pub activity: Option<Activity> => "activity" | "Activity",
        /// People by `29:` id or Entra object id, or channels by theirs; not for a tenant or team.
        pub members: Vec<ChannelAccount> => "members" | "Members",
        /// The tenant.
        pub tenant_id: Option<TenantId> => "tenantId" | "TenantId",
        /// The team whose members get the message.
        pub team_id: Option<TeamId> => "teamId" | "TeamId",
    }

    /// How far a batch is: answer of `GET /v3/batch/conversation/{operation}`.
    pub struct BatchState {
        /// How far it is.
        pub state: BatchStage => required "state" | "State",
        /// HTTP status of each conversation's message, and how many had it.
        pub status_map: BTreeMap<String, u64> => "statusMap" | "StatusMap",
        /// When to ask again, not before: ISO 8601.
        pub retry_after: Option<String> => "retryAfter" | "RetryAfter",
        /// Conversations of the whole operation.
        pub total_entries_count: Option<u64> => "totalEntriesCount" | "TotalEntriesCount",
    }

    /// Who did not get a batch's message: one page of
    /// `GET /v3/batch/conversation/failedentries/{operation}`.
    #[derive(Default)]
    pub struct BatchFailures {
        /// The failures of this page.
        pub failed_entry_responses: Vec<BatchFailure> =>
            "failedEntryResponses" | "FailedEntryResponses" | "failedEntries" | "FailedEntries",
        /// Asks for the next page; absent or empty on the last.
        pub continuation_token: Option<String> => "continuationToken" | "ContinuationToken",
    }

    /// A conversation that did not get a batch's message.
    #[derive(Default)]
    pub struct BatchFailure {
        /// The member or channel, as it was given.
        pub entry_id: String => "entryId" | "EntryId" | "id" | "Id",
        /// What went wrong, in the service's words.
        pub error: String => "error" | "Error",
    }
}

impl BatchState {
    /// A state of which only the stage is known.
    pub fn new(state: BatchStage) -> Self {
        Self { state, ..Self::absent() }
    }
}

open_set! {
    /// How far a batch operation is.
    BatchStage {
        /// Everything was tried; failures are listed apart.
        Completed = "Completed",
        /// The operation as a whole failed.
        Failed = "Failed",
        /// Messages are being sent.
        Ongoing = "Ongoing",
        /// The audience is being worked out.
        Provisioning = "Provisioning",
    }
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

wire! {
    /// Answer of a batch call: the operation that was begun. See [`BatchOperation::parse`].
    pub struct BatchOperation {
        /// The operation, to ask for its state.
        pub operation_id: OperationId => required "operationId" | "OperationId" | "id" | "Id",
    }
}

impl BatchOperation {
    /// Reads the body of an answer: an object or, as older clients have it, the id alone as JSON text.
    ///
    /// # Errors
    ///
    /// The body is neither.
    pub fn parse(body: &[u8]) -> Result<Self, serde_json::Error> {
        match serde_json::from_slice(body)? {
            Value::String(id) if !id.is_empty() => Ok(Self { operation_id: OperationId::new(id), extra: Extra::new() }),
            other => Self::deserialize(other),
        }
    }
}
