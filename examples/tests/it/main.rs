//! Each example as a process of its own against an emulator, whose account of it is compared.

mod conversation_bot;
mod hello;
mod install_for_user;
mod least_data;
mod message_all_members;
mod new_thread_in_channel;
mod pacer;
mod printed;
mod proactive_hello;
mod recorder;
mod settings;
mod stage;
