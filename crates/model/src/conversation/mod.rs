//! Conversations: made, answered for, and listed.

mod create;
mod list;
mod resource;

pub use create::ConversationParameters;
pub use list::{ConversationMembers, ConversationsResult};
pub use resource::{ConversationResourceResponse, ResourceResponse};
