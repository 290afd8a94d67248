//! The server over real HTTP, with a fresh database and the emulator as Teams.

mod bad_inputs;
mod capture;
mod config;
mod credentials;
mod inbound;
mod life;
mod messages;
mod postgresql;
mod resources;
mod world;
