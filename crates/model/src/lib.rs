//! The Microsoft Teams wire model: what a bot and the Bot Connector say to each other.
//!
//! Take this crate to read and write activities, conversation references, rosters and error
//! bodies. It speaks no HTTP and needs no runtime: it is serde types and nothing else. To call the
//! Connector take `pregon-connector`; to check the token of an inbound request take `pregon-auth`.
//!
//! Three rules hold for every type here:
//!
//! - a field without a name of its own stays in `extra` and is written back unchanged;
//! - an open set (activity kinds, conversation types) keeps values it does not know as text;
//! - an id of the channel is opaque text in a type of its own.
//!
//! ```
//! use pregon_model::{Activity, ActivityKind};
//!
//! let raw = r#"{"type":"message","text":"hola","newField":{"kept":true}}"#;
//! let activity: Activity = serde_json::from_str(raw)?;
//! assert_eq!(activity.kind, ActivityKind::Message);
//! assert_eq!(activity.extra["newField"]["kept"], true);
//! # Ok::<(), serde_json::Error>(())
//! ```

mod account;
mod activity;
mod answer;
pub mod card;
mod channel_data;
mod conversation;
mod error_body;
mod event;
mod id;
mod invoke;
mod kind;
mod meeting;
mod members;
mod reaction;
mod reference;
mod service_url;
mod wire;

pub use account::{ChannelAccount, ConversationAccount};
pub use activity::{Activity, Attachment, Entity};
pub use answer::{Dialog, DialogSize, InvokeAnswer, SearchResult};
pub use channel_data::{ChannelInfo, NotificationInfo, SettingsInfo, TeamInfo, TeamsChannelData, TenantInfo};
pub use conversation::{ConversationParameters, ConversationResourceResponse, ResourceResponse};
pub use error_body::ErrorBody;
pub use event::Event;
pub use id::{
    ActivityId, AppId, CatalogAppId, ConversationId, GroupId, MemberId, ObjectId, TeamChannelId, TeamId, TenantId,
};
pub use invoke::{
    CardActionInvoke, DialogInvoke, FileConsentInvoke, FileUpload, Invoke, MessageActionInvoke, SearchInvoke,
    SignInFailureInvoke, TokenExchangeInvoke, VerifyStateInvoke,
};
pub use kind::{ActivityKind, ConversationType, EventType, InstallAction, ReactionType, TextFormat, Trigger};
pub use meeting::{MeetingEvent, MeetingPart, MeetingParticipant};
pub use members::{ChannelList, PagedMembers, TeamDetails, TeamsChannelAccount};
pub use reaction::Reaction;
pub use reference::ConversationReference;
pub use service_url::{BadServiceUrl, ServiceUrl};

/// Members of an object that have no field of their own here; written back unchanged.
pub type Extra = serde_json::Map<String, serde_json::Value>;
