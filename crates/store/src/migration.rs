//! Running migrations, and telling which ones.

use std::collections::BTreeSet;

use sqlx::migrate::{Migrate, MigrateError, Migrator};

/// A migration that was run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its number.
    pub version: i64,
    /// What it does.
    pub description: String,
}

/// Brings a database to this version, alone among all processes that try to, and says what it took.
pub(crate) async fn run<C: Migrate>(migrations: &Migrator, connection: &mut C) -> Result<Vec<Applied>, MigrateError> {
    connection.lock().await?;
    connection.ensure_migrations_table(&migrations.table_name).await?;
    let before = connection.list_applied_migrations(&migrations.table_name).await?;
    let before: BTreeSet<_> = before.iter().map(|migration| migration.version).collect();
    // It takes the lock once more, which its holder may.
    migrations.run_direct(None, connection, false).await?;
    connection.unlock().await?;
    let new = migrations.iter().filter(|migration| !before.contains(&migration.version));
    Ok(new.map(|one| Applied { version: one.version, description: one.description.to_string() }).collect())
}
