//! The emulator over real HTTP, with a small bot inside the test.

mod bot;
mod connector;
mod control;
mod dev;
mod entra;
mod events;
mod faults;
mod graph;
mod limits;
mod setup;
