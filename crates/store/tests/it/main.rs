//! The stores, tested from outside.

mod memory;
mod sqlite;
