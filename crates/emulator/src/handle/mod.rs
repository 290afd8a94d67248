//! Teams, channels, group chats and accounts that things are done to.

mod account;
mod channel;
mod group_chat;
mod team;

pub use account::AccountHandle;
pub use channel::ChannelHandle;
pub use group_chat::GroupChatHandle;
pub use team::TeamHandle;
