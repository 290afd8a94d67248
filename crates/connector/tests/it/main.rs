//! The clients against a small server of their own, over real sockets on loopback.

mod answers;
mod attachments;
mod batch;
mod calls;
mod graph;
mod lines;
mod meetings;
mod members;
mod message;
mod pool;
mod proxy;
mod service;
mod tls;
