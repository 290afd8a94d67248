//! Connecting: options, migrations, pool.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};
use tokio::time::timeout;
use uuid::Uuid;

use super::PostgresStore;
use crate::ids::Ids;
use crate::migration::{self, Applied};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The oldest PostgreSQL that is still maintained by its makers.
const OLDEST: i32 = 14;

/// Longest wait for the first connection, and for a free one of the pool.
const CONNECT: Duration = Duration::from_secs(10);
const ACQUIRE: Duration = Duration::from_secs(30);

/// Settings of our sessions; those in the URL's `options` stay as they are.
const SETTINGS: [(&str, &str); 8] = [
    // Far above what any statement of ours takes: one that hangs must not keep its locks.
    ("statement_timeout", "60s"),
    ("lock_timeout", "30s"),
    // The same for a process that froze in the middle of a transaction.
    ("idle_in_transaction_session_timeout", "60s"),
    // Compiling our short statements costs more than running them.
    ("jit", "off"),
    // Every statement finds its rows by key. Plans that read whole tables look better to PostgreSQL while a
    // database is young, and are then kept for a large one.
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    // That a table exists already is nobody's business.
    ("client_min_messages", "warning"),
];

/// Why a store could not be opened: one sentence that says what to do. None shows a password.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The text is no URL of a database.
    #[error("the database's URL cannot be read ({what}); write postgres://user:password@host:5432/database")]
    Url {
        /// What is wrong with it.
        what: String,
    },
    /// Nobody answers there, or refuses us.
    #[error("cannot connect to the database {place}: {why}; see that PostgreSQL runs there and lets this user in")]
    Unreachable {
        /// User, host, port and database.
        place: String,
        /// What was said.
        why: String,
    },
    /// The server is older than what we need.
    #[error("the database {place} is PostgreSQL {version}; version {OLDEST} or later is needed")]
    Old {
        /// User, host, port and database.
        place: String,
        /// The server's version.
        version: i32,
    },
    /// A newer version of this program wrote the database.
    #[error("{place} was written by a newer pregon (migration {migration}); run that version or give another database")]
    Newer {
        /// User, host, port and database.
        place: String,
        /// A migration this version does not know.
        migration: i64,
    },
    /// The database is there and does not do what it should.
    #[error("cannot use the database {place}: {source}")]
    Database {
        /// User, host, port and database.
        place: String,
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl PostgresStore {
    /// Opens the store in the database of `url`, making its tables when they are missing, with at most
    /// so many `connections`.
    ///
    /// The tables are in the first schema of the search path: another one than `public` is named by
    /// `?options=-c%20search_path%3Dschema` and must be there.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, ConnectError> {
        let options = options(url)?;
        let place = place(&options);
        let mut first = first_connection(&options, &place).await?;
        let broken = |source: sqlx::Error| ConnectError::Database { place: place.clone(), source: Box::new(source) };
        let version: i32 = sqlx::query_scalar("SELECT current_setting('server_version_num')::integer / 10000")
            .fetch_one(&mut first)
            .await
            .map_err(broken)?;
        if version < OLDEST {
            return Err(ConnectError::Old { place, version });
        }
        let migrated = migrate(&mut first, &place).await?;
        // Ids need chance; the server's UUIDs are made of the operating system's.
        let chance: Uuid =
            sqlx::query_scalar("SELECT gen_random_uuid()").fetch_one(&mut first).await.map_err(broken)?;
        // It closes with its process too; what it had to do is done.
        let _ = first.close().await;
        Ok(Self { pool: pool(options, connections), ids: Ids::new(chance.as_u64_pair().1), place, migrated })
    }

    /// User, host, port and database; no password.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The migrations that opening it ran.
    pub fn migrated(&self) -> &[Applied] {
        &self.migrated
    }
}

fn options(url: &str) -> Result<PgConnectOptions, ConnectError> {
    let of_postgres = url.starts_with("postgres://") || url.starts_with("postgresql://");
    if !of_postgres {
        return Err(ConnectError::Url { what: "it does not begin with postgres://".to_owned() });
    }
    let options = PgConnectOptions::from_str(url).map_err(|error| ConnectError::Url { what: error.to_string() })?;
    let given = options.get_options().unwrap_or_default().to_owned();
    let ours = SETTINGS.into_iter().filter(|(name, _)| !given.contains(name));
    let name = options.get_application_name().unwrap_or("pregon").to_owned();
    Ok(options.options(ours).application_name(&name))
}

/// Where that is, without the password.
fn place(options: &PgConnectOptions) -> String {
    let host = options.get_socket().map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string());
    let user = options.get_username();
    let database = options.get_database().unwrap_or(user);
    format!("{user}@{host}:{}/{database}", options.get_port())
}

/// A connection outside the pool, which would hide why there is none.
async fn first_connection(options: &PgConnectOptions, place: &str) -> Result<PgConnection, ConnectError> {
    // A migration may take long, and so may waiting for another process that runs it.
    let patient = options.clone().options([("statement_timeout", "0"), ("lock_timeout", "0")]);
    let unreachable = |why| ConnectError::Unreachable { place: place.to_owned(), why };
    match timeout(CONNECT, patient.connect()).await {
        Ok(Ok(connection)) => Ok(connection),
        Ok(Err(sqlx::Error::Io(error))) => Err(unreachable(error.to_string())),
        Ok(Err(sqlx::Error::Database(error))) => Err(unreachable(error.message().to_owned())),
        Ok(Err(error)) => Err(unreachable(error.to_string())),
        Err(_) => Err(unreachable(format!("no answer within {} s", CONNECT.as_secs()))),
    }
}

async fn migrate(connection: &mut PgConnection, place: &str) -> Result<Vec<Applied>, ConnectError> {
    migration::run(&MIGRATIONS, connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(migration) => ConnectError::Newer { place: place.to_owned(), migration },
        other => ConnectError::Database { place: place.to_owned(), source: Box::new(other) },
    })
}

fn pool(options: PgConnectOptions, connections: u32) -> PgPool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        // A proxy or a fail-over may leave connections that look alive: each is new once in a while.
        .max_lifetime(Duration::from_mins(30))
        .connect_lazy_with(options)
}
