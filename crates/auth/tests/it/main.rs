//! The crate against a login service and key host of its own, over real sockets on loopback.

mod clouds;
mod endpoint;
mod entra;
mod hostile;
mod inbound;
mod keys;
mod service;
mod signer;
mod tokens;
mod world;
