//! The stores, tested from outside.

mod cluster;
mod memory;
mod postgres;
mod sqlite;
