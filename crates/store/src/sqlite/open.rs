//! Opening the file: lock, pools, migrations.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqlitePool};

use super::SqliteStore;
use crate::ids::Ids;
use crate::migration::{self, Applied};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// Why a store could not be opened: one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The directory cannot be made or written.
    #[error("cannot write to the data directory {}: {source}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process has the file open.
    #[error("another pregon process{} is using {}; stop it or give another data directory", of(*pid), path.display())]
    InUse {
        /// The file.
        path: PathBuf,
        /// The other process, when it left its number.
        pid: Option<u32>,
    },
    /// A newer version wrote the file.
    #[error(
        "{} was written by a newer pregon (migration {migration}); run that version or give another data directory",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// A migration this version does not know.
        migration: i64,
    },
    /// The file is damaged, or no database of ours.
    #[error("cannot open the database {}: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What the database said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

fn of(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default()
}

impl SqliteStore {
    /// Opens the store in the file `path`, making directory, file and tables when they are missing.
    ///
    /// Beside the file, `pregon.lock` keeps other processes out and names this one.
    pub async fn open(path: &Path) -> Result<Self, OpenError> {
        let lock = lock(path)?;
        let broken = |source: sqlx::Error| OpenError::Database { path: path.to_owned(), source: Box::new(source) };
        let write = writer(path).await.map_err(broken)?;
        let migrated = migrate(path, &write).await?;
        // Ids need chance; SQLite's is seeded by the operating system.
        let seed: i64 = sqlx::query_scalar("SELECT random()").fetch_one(&write).await.map_err(broken)?;
        let read = readers(path).await.map_err(broken)?;
        Ok(Self { write, read, ids: Ids::new(seed.cast_unsigned()), migrated, _lock: lock })
    }

    /// The migrations that opening it ran.
    pub fn migrated(&self) -> &[Applied] {
        &self.migrated
    }
}

/// Takes the lock beside the file and writes this process's number into it.
fn lock(path: &Path) -> Result<File, OpenError> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let unwritable = |source| OpenError::Directory { path: directory.to_owned(), source };
    // Names, addresses and messages are for the server's own user alone.
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(unwritable)?;
    let name = directory.join("pregon.lock");
    let mut options = OpenOptions::new();
    let mut file = options.read(true).write(true).create(true).truncate(false).open(name).map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // The number is a courtesy; where a locked file cannot be read there is none.
            let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
            return Err(OpenError::InUse { path: path.to_owned(), pid });
        }
        Err(TryLockError::Error(source)) => return Err(unwritable(source)),
    }
    let write = |file: &mut File| {
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())?;
        file.flush()
    };
    write(&mut file).map_err(unwritable)?;
    Ok(file)
}

/// What reader and writer have in common.
///
/// No statistics are ever gathered (`ANALYZE`, `PRAGMA optimize`): those of a young database would
/// lead to plans that are wrong for a large one.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // A commit that power loss could undo would be a message sent twice; batched, it costs 5 %.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // Only a checkpoint or a backup by another program can make one of ours wait.
        .busy_timeout(Duration::from_secs(10))
        .pragma("temp_store", "memory")
        .pragma("mmap_size", "268435456")
        .pragma("journal_size_limit", "67108864")
}

async fn writer(path: &Path) -> sqlx::Result<SqlitePool> {
    pool(1).connect_with(options(path).pragma("cache_size", "-65536")).await
}

async fn readers(path: &Path) -> sqlx::Result<SqlitePool> {
    pool(4).connect_with(options(path).pragma("cache_size", "-16384").pragma("query_only", "on")).await
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        // The file is local: connections do not go stale, and a test before each use costs as much
        // as a small query.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        // SQLite ends a transaction by itself when the disk is full or fails, and sqlx goes on counting it:
        // such a connection could never begin another.
        .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
        // Cancelling a message of a million deliveries holds the writer for seconds.
        .acquire_timeout(Duration::from_mins(2))
}

async fn migrate(path: &Path, pool: &SqlitePool) -> Result<Vec<Applied>, OpenError> {
    let broken = |source| OpenError::Database { path: path.to_owned(), source };
    let mut connection = pool.acquire().await.map_err(|error| broken(Box::new(error)))?;
    migration::run(&MIGRATIONS, &mut *connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(migration) => OpenError::Newer { path: path.to_owned(), migration },
        other => broken(Box::new(other)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_store_that_was_full_is_written_again_when_there_is_room() {
        let home = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&home.path().join("pregon.db")).await.unwrap();
        let pages = async |most: i64| {
            let pragma = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {most}"));
            sqlx::query(pragma).execute(&store.write).await.unwrap();
        };
        pages(1).await; // SQLite makes it as many as there are
        let mut tx = store.begin().await.unwrap();
        let full = sqlx::query("INSERT INTO api_key VALUES (x'00', 'large', zeroblob(10000000), 0)").execute(&mut *tx);
        assert!(full.await.unwrap_err().to_string().contains("full"));
        drop(tx);
        pages(1_000_000).await;
        store.begin().await.unwrap().commit().await.unwrap();
    }
}
