//! The crate against a login service and key host of its own, over real sockets on loopback.

mod certificate;
mod clouds;
mod endpoint;
mod entra;
mod federated;
mod hostile;
mod identity;
mod inbound;
mod keys;
mod service;
mod signer;
mod tokens;
mod world;
