//! Bodies of calls `pregon-model` has no types for yet.

mod attachment;
mod batch;
mod meeting;

pub use attachment::{AttachmentData, AttachmentId, AttachmentInfo, AttachmentView};
pub use batch::{BatchFailure, BatchFailures, BatchStage, BatchState, OperationId};
pub use meeting::{MeetingDetails, MeetingId, MeetingInfo, MeetingNotification, UnnotifiedRecipient};

/// Declares an opaque id.
macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the id exactly as the channel wrote it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The id as it goes on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}
use opaque_id;

/// Reads an absent or `null` member as the type's default.
fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + serde::Deserialize<'de>,
{
    Ok(<Option<T> as serde::Deserialize>::deserialize(deserializer)?.unwrap_or_default())
}
