//! The stores, tested from outside.

mod sqlite;
