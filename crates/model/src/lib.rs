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
mod attachment;
mod batch;
pub mod card;
mod channel_data;
mod conversation;
mod entity;
mod error_body;
mod event;
mod id;
mod invoke;
mod meeting;
mod members;
mod reaction;
mod reference;
mod service_url;
mod stored_file;
mod text;
mod wire;

pub use account::{AccountKind, ChannelAccount, ConversationAccount, ConversationType};
pub use activity::{
    Activity, ActivityKind, AttachmentLayout, DeliveryMode, Importance, InputHint, InstallAction, TextFormat,
};
pub use answer::{Dialog, DialogSize, InvokeAnswer, SearchResult};
pub use attachment::{
    Attachment, CardAction, CardActionKind, CardImage, Fact, FileConsentCard, FileDownloadInfo, FileInfo, HeroCard,
    ListCard, ListItem, O365ConnectorCard, OAuthCard, ReceiptCard, ReceiptItem, SigninCard, SuggestedActions,
    TokenExchangeResource, TokenPostResource,
};
pub use batch::{BatchFailure, BatchFailures, BatchOperation, BatchParameters, BatchStage, BatchState};
pub use channel_data::{
    AppInfo, ChannelInfo, ChannelKind, EventType, FeedbackLoop, FeedbackLoopKind, MeetingReference, NotificationInfo,
    OnBehalfOf, SettingsInfo, SourceInfo, TeamInfo, TeamKind, TeamsChannelData, TenantInfo,
};
pub use conversation::{
    ConversationMembers, ConversationParameters, ConversationResourceResponse, ConversationsResult, ResourceResponse,
};
pub use entity::{AiLabel, ClientInfo, Entity, Mention, Platform, ProductInfo};
pub use error_body::ErrorBody;
pub use event::Event;
pub use id::{
    ActivityId, AppId, AttachmentId, CatalogAppId, ConversationId, GroupId, MeetingId, MemberId, ObjectId, OperationId,
    TeamChannelId, TeamId, TenantId,
};
pub use invoke::{
    CardActionInvoke, DialogInvoke, FileConsentInvoke, FileUpload, Invoke, MessageActionInvoke, SearchInvoke,
    SignInFailureInvoke, TokenExchangeInvoke, Trigger, VerifyStateInvoke,
};
pub use meeting::{
    MeetingDetails, MeetingEvent, MeetingInfo, MeetingNotification, MeetingPart, MeetingParticipant,
    UnnotifiedRecipient,
};
pub use members::{ChannelList, PagedMembers, TeamDetails, TeamsChannelAccount, UserRole};
pub use reaction::{Reaction, ReactionType};
pub use reference::ConversationReference;
pub use service_url::{BadServiceUrl, ServiceUrl};
pub use stored_file::{AttachmentData, AttachmentInfo, AttachmentView};
pub use text::Text;

/// Members of an object that have no field of their own here; written back unchanged.
pub type Extra = serde_json::Map<String, serde_json::Value>;
