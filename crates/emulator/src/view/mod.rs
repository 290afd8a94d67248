//! What the emulator shows of its world.

mod conversation;
mod person;
mod tenant;

pub use conversation::ConversationView;
pub use person::{BotView, PersonView};
pub use tenant::{GroupChatView, TeamView, TenantView};
