//! The crate against a login service and key host of its own, over real sockets on loopback.

mod endpoint;
mod inbound;
mod keys;
mod service;
mod signer;
mod tokens;
mod world;
