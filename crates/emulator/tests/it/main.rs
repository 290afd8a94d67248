//! The emulator over real HTTP, with a small bot inside the test.

mod attachments;
mod batch;
mod bot;
mod buttons;
mod clock;
mod connector;
mod control;
mod dev;

mod entra;
mod events;
mod faults;
mod graph;
mod group_chats;
mod limits;
mod setup;
mod shapes;
mod signs;
mod targeted;
mod teams;
