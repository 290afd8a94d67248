//! Teams, channels and group chats that things are done to.

mod channel;
mod group_chat;
mod team;

pub use channel::ChannelHandle;
pub use group_chat::GroupChatHandle;
pub use team::TeamHandle;
