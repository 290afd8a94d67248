//! PostgreSQL: one database, any number of processes.
//!
//! What grows with the number of deliveries or people is one statement over arrays, never one per row.
//! Transactions are READ COMMITTED and begin by locking what they change in a fixed order (a message, then
//! lanes by id; see `lane`), so that what SQLite's one writer gives for free holds here too. Should two
//! transactions meet all the same, PostgreSQL ends one and it is done again.

mod accept;
mod cancel;
mod capture;
mod claim;
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
#[cfg(all(test, feature = "cluster"))]
mod plan;
mod purge;
mod reconsider;
mod row;
mod settle;
mod share;
mod take;
mod tally;

use std::fmt;
use std::time::Duration;

use pregon_domain::ports::StoreError;
use sqlx::{PgPool, Postgres, Transaction};

pub use self::open::ConnectError;
use crate::ids::Ids;
use crate::migration::Applied;

/// A store in a PostgreSQL database, shared with other processes.
pub struct PostgresStore {
    pool: PgPool,
    ids: Ids,
    place: String,
    migrated: Vec<Applied>,
}

impl fmt::Debug for PostgresStore {
    /// Not the pool: a library that shows its options would show a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("place", &self.place)
            .field("connections", &self.pool.size())
            .finish_non_exhaustive()
    }
}

type Tx = Transaction<'static, Postgres>;

/// How often a transaction is done again that PostgreSQL ended for the sake of another one.
const REPETITIONS: u32 = 10;

impl PostgresStore {
    /// Closes the connections: waits for what is running. Nothing is lost without it.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    async fn begin(&self) -> sqlx::Result<Tx> {
        self.pool.begin().await
    }

    /// Does `work`, a whole transaction; again when PostgreSQL ended it because of another one.
    async fn whole<T, F>(&self, what: &'static str, work: impl Fn() -> F + Send) -> Result<T, StoreError>
    where
        F: Future<Output = sqlx::Result<T>> + Send,
    {
        for repetition in 1..REPETITIONS {
            match work().await {
                Err(error) if is_conflict(&error) => {
                    tracing::debug!(repetition, "{what}: met another transaction, doing it again");
                    // The other one is done as soon as this one is out of its way; the wait is for a third.
                    tokio::time::sleep(Duration::from_millis(u64::from(repetition) * 5)).await;
                }
                other => return other.map_err(failed(what)),
            }
        }
        work().await.map_err(failed(what))
    }
}

/// Whether PostgreSQL ended a transaction that can simply be done again: `serialization_failure` and
/// `deadlock_detected`. Source: PostgreSQL documentation, "Serialization Failure Handling".
fn is_conflict(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("40001" | "40P01"))
}

fn failed(what: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| StoreError { what: what.to_owned(), source: Box::new(source) }
}

#[cfg(all(test, feature = "cluster"))]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::cluster::Schema;

    #[tokio::test]
    async fn a_transaction_that_met_another_is_done_again_and_one_that_failed_is_not() {
        let schema = Schema::fresh();
        let store = PostgresStore::connect(&schema.url(), 1).await.unwrap();
        for (sql, attempts) in [
            ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$", 2),
            ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END $$", 2),
            ("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'unique_violation'; END $$", 1),
        ] {
            let count = AtomicU32::new(0);
            let work = || async {
                if count.fetch_add(1, Ordering::Relaxed) == 0 {
                    sqlx::query(sql).execute(&store.pool).await?;
                }
                Ok(())
            };
            let done = store.whole("trying", work).await;
            assert_eq!((done.is_ok(), count.into_inner()), (attempts == 2, attempts), "{sql}");
        }
    }
}
