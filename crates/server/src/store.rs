//! The store that the configuration names.

use std::sync::Arc;

use pregon_domain::ports::Store;
pub use pregon_store::Applied as Migration;
use pregon_store::{PostgresStore, SqliteStore};

use crate::app::StartError;
use crate::config::{Config, StoreConfig};

/// Opens it, bringing its tables to this version.
pub(crate) async fn open(config: &StoreConfig) -> Result<Arc<dyn Store>, StartError> {
    let opened = Opened::open(config).await?;
    let migrated = opened.migrated();
    for migration in &migrated.ran {
        let (version, what) = (migration.version, &migration.description);
        tracing::info!(migration.version = version, "{}: ran migration {version} ({what})", migrated.place);
    }
    Ok(match opened {
        Opened::Sqlite(store, _) => Arc::new(store),
        Opened::Postgres(store) => Arc::new(store),
    })
}

/// Brings the tables of the configured store to this version and says what that took; it is opened for
/// that alone and closed again.
///
/// # Errors
/// As [`Parts::open`](crate::Parts::open).
pub async fn migrate(config: &Config) -> Result<Migrated, StartError> {
    let opened = Opened::open(&config.store).await?;
    let migrated = opened.migrated();
    match opened {
        Opened::Sqlite(store, _) => store.close().await,
        Opened::Postgres(store) => store.close().await,
    }
    Ok(migrated)
}

/// What bringing a store to this version took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The file, or user, host and database; no password.
    pub place: String,
    /// What was run, in this order; empty: it was of this version.
    pub ran: Vec<Migration>,
}

enum Opened {
    Sqlite(SqliteStore, String),
    Postgres(PostgresStore),
}

impl Opened {
    async fn open(config: &StoreConfig) -> Result<Self, StartError> {
        if let Some(url) = &config.url {
            return Ok(Self::Postgres(PostgresStore::connect(url.expose(), config.connections).await?));
        }
        let file = config.file();
        Ok(Self::Sqlite(SqliteStore::open(&file).await?, file.display().to_string()))
    }

    fn migrated(&self) -> Migrated {
        match self {
            Self::Sqlite(store, file) => Migrated { place: file.clone(), ran: store.migrated().to_vec() },
            Self::Postgres(store) => Migrated { place: store.place().to_owned(), ran: store.migrated().to_vec() },
        }
    }
}
