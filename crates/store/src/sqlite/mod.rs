//! `SQLite`, embedded: one file, one process, one writer.
//!
//! `sqlx` hands every statement to a worker thread (about 10 µs each), so whatever grows with the
//! number of deliveries or people is one statement over a JSON array, never one per row. Every
//! transaction begins `IMMEDIATE`: a deferred one that reads and then writes is refused at once when
//! another writes, whatever the busy timeout says.

mod accept;
mod cancel;
mod capture;
mod claim;
mod delivered;
mod directory;
mod expand;
mod hold;
mod key;
mod lane;
mod learned;
mod merge;
mod message;
mod open;
mod people;
mod purge;
mod reconsider;
mod row;
mod settle;
mod share;
mod take;
mod tally;

use std::fs::File;

use pregon_domain::ports::StoreError;
use sqlx::{Sqlite, SqlitePool, Transaction};

pub use self::open::OpenError;
use crate::ids::Ids;
use crate::migration::Applied;

/// A store in an `SQLite` file.
#[derive(Debug)]
pub struct SqliteStore {
    /// One connection: `SQLite` has one writer, and waiting here is fairer than its busy handler.
    write: SqlitePool,
    /// A few connections: readers never wait for the writer.
    read: SqlitePool,
    ids: Ids,
    migrated: Vec<Applied>,
    /// Held as long as the store lives; see `open`.
    _lock: File,
}

type Tx = Transaction<'static, Sqlite>;

impl SqliteStore {
    async fn begin(&self) -> sqlx::Result<Tx> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }

    /// Closes the file: waits for what is running and folds the write-ahead log in. Nothing is lost
    /// without it; the next start only has a log to read.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

fn failed(what: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| StoreError { what: what.to_owned(), source: Box::new(source) }
}
