//! A bot served over HTTP, in the emulator's Teams.

mod answers;
mod conversation;
mod events;
mod failures;
mod recorder;
mod replies;
mod stage;
