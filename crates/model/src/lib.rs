//! The Microsoft Teams wire model: what a bot and the Bot Connector say to each other.
//!
//! # When to take it
//!
//! Take this crate to read and write activities, conversation references, cards, rosters, batches and
//! error bodies: in a bot, in a test, in a tool that looks at stored traffic. It is serde types and plain
//! functions: no HTTP, no runtime, no clock, and nothing in it panics on what comes from outside.
//!
//! Do not take it to call anything: the calls of the Connector and Graph are `pregon-connector`'s, the
//! token of an inbound request is `pregon-auth`'s, and a whole bot is `pregon-bot`'s; all three speak in
//! these types.
//!
//! # What arrives
//!
//! [`Activity::event`] says what an activity tells, as one value to match on; there is a variant for each
//! thing Teams tells. [`Activity::events`] gives all of it, for the few activities that tell more.
//!
//! ```
//! use pregon_model::{Activity, Event};
//!
//! let activity: Activity = serde_json::from_str(r#"{
//!     "type": "message", "id": "1790000000456", "text": "<at>Harbor</at> status\n",
//!     "from": {"id": "29:ada", "name": "Ada"}, "recipient": {"id": "28:bot"},
//!     "conversation": {"id": "19:releases@thread.tacv2;messageid=1790000000400"},
//!     "serviceUrl": "https://smba.trafficmanager.net/emea/",
//!     "entities": [
//!         {"type": "mention", "mentioned": {"id": "28:bot"}, "text": "<at>Harbor</at>"}
//!     ]
//! }"#)?;
//! match activity.event() {
//!     Event::Message if activity.mentions_bot() => {
//!         assert_eq!(activity.text_without_bot_mention(), "status");
//!     }
//!     Event::Installed { upgrade: false } => { /* say hello, once */ }
//!     _ => {}
//! }
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Answering
//!
//! An answer is an activity of your own, addressed by the one it answers. To speak later, unasked, store
//! the activity's [`reference`](Activity::reference) and let it address the message then.
//!
//! ```
//! use pregon_model::{Activity, ConversationReference};
//!
//! # let activity: Activity = serde_json::from_str(r#"{
//! #     "type": "message", "id": "1", "from": {"id": "29:ada"}, "recipient": {"id": "28:bot"},
//! #     "conversation": {"id": "a:1"}, "serviceUrl": "https://smba.trafficmanager.net/emea/"
//! # }"#)?;
//! let answer = activity.reply(Activity::plain("All is well"));
//! assert_eq!(answer.recipient, activity.from);
//!
//! let stored: String = serde_json::to_string(&activity.reference())?;
//! let reference: ConversationReference = serde_json::from_str(&stored)?;
//! let later = reference.address(Activity::markdown("**Build 412** is green").with_alert());
//! assert_eq!(later.conversation, activity.conversation);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! What waits for its answer in the HTTP response is an [`Invoke`]; answer it with an [`InvokeAnswer`].
//!
//! # Mentioning somebody
//!
//! A mention takes a mark in the text and an entity beside it. A [`Text`] writes both, in messages and
//! in cards, and a name cannot break out of its mark.
//!
//! ```
//! use pregon_model::{Activity, ChannelAccount, MemberId, Text};
//!
//! let ada = ChannelAccount::new(MemberId::new("29:ada")).with_name("Ada");
//! let message = Activity::plain(Text::new("Thanks, ").mention(&ada).and("!"));
//! assert_eq!(message.text.as_deref(), Some("Thanks, <at>Ada</at>!"));
//! assert_eq!(message.mentions().count(), 1);
//! ```
//!
//! # Beginning a thread
//!
//! A message to a channel begins a thread; the id of its root message makes the thread's own address.
//!
//! ```
//! use pregon_model::{Activity, ActivityId, ConversationParameters, TeamChannelId, TenantId};
//!
//! let channel = TeamChannelId::new("19:releases@thread.tacv2");
//! let tenant = TenantId::new("5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596");
//! let message = Activity::plain("4.2 is out");
//! let body = ConversationParameters::thread(channel.clone(), tenant, message);
//! assert_eq!(body.is_group, Some(true));
//!
//! // The answer to that call names the root.
//! let thread = channel.thread(&ActivityId::new("1790000001000"));
//! assert_eq!(thread.as_str(), "19:releases@thread.tacv2;messageid=1790000001000");
//! assert_eq!(thread.channel().as_str(), channel.as_str());
//! ```
//!
//! # What is not known is kept
//!
//! Teams adds members and values without notice. Every object has an `extra` for members it has no field
//! for, every open set ([`ActivityKind`], [`EventType`] …) an `Other` for values it has no name for, and
//! [`Entity`] and [`card::Element`] a variant for kinds they do not know; all of it is written back as it
//! came.
//!
//! ```
//! use pregon_model::{Activity, ActivityKind};
//!
//! let text = r#"{"type":"huddle","from":{"id":"29:ada","mood":"good"},"newField":[1]}"#;
//! let activity: Activity = serde_json::from_str(text)?;
//! assert_eq!(activity.kind, ActivityKind::Other("huddle".to_owned()));
//! assert_eq!(activity.extra["newField"][0], 1);
//! assert_eq!(serde_json::to_string(&activity)?, text);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Tolerant in, canonical out
//!
//! Other writers are not always exact, so a number is taken where text is meant (`"id": 17`), digits in
//! quotes where a number is, `"True"` where a flag is, `null` for what is absent, and named values in any
//! case. A missing id costs nothing but itself: it is empty ([`MemberId::is_empty`]), and an account
//! without one is nobody. What is written is always of one form, without nulls and empty lists.
//!
//! Two things are refused, with the name of the member at fault: a value of quite another sort (an object
//! where text is meant), and a member that stands twice, for then two readers see two activities.
//!
//! # Ids
//!
//! An id of the channel is opaque text in a type of its own, so that a tenant cannot stand where a
//! conversation is meant. Made with `new`, shown with `as_str`; nothing else is assumed of it but what
//! Microsoft documents: `28:` and `29:` of [`MemberId`], the thread part of [`ConversationId`].
//!
//! # Where things are
//!
//! | what | types |
//! |---|---|
//! | what arrives | [`Activity`], [`Event`], [`TeamsChannelData`], [`Reaction`], [`MeetingEvent`] |
//! | what waits for an answer | [`Invoke`] and the parts it borrows: [`CardActionInvoke`], [`DialogInvoke`], [`SearchInvoke`], [`FileConsentInvoke`], [`MessageActionInvoke`], [`TokenExchangeInvoke`] |
//! | answers to it | [`InvokeAnswer`], [`Dialog`], [`SearchResult`] |
//! | what a message is made of | [`Text`], [`Mention`], [`Attachment`], [`SuggestedActions`], [`AiLabel`], [`FeedbackLoop`], [`NotificationInfo`] |
//! | cards | [`card`] for Adaptive Cards; [`HeroCard`], [`ListCard`], [`ReceiptCard`], [`SigninCard`] and other older kinds |
//! | who and where | [`ConversationReference`], [`ConversationAccount`], [`ChannelAccount`], [`TeamInfo`], [`ChannelInfo`], [`ServiceUrl`] |
//! | creating a conversation | [`ConversationParameters`], [`ConversationResourceResponse`] |
//! | rosters and teams | [`PagedMembers`], [`TeamsChannelAccount`], [`TeamDetails`], [`ChannelList`] |
//! | one message to many | [`BatchParameters`], [`BatchOperation`], [`BatchState`], [`BatchFailures`] |
//! | meetings | [`MeetingInfo`], [`MeetingParticipant`], [`MeetingNotification`] |
//! | failures | [`ErrorBody`] |

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
    TeamChannelId, TeamId, TenantId, is_guid,
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
