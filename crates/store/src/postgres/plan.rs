//! What PostgreSQL means to do for a statement while the tables are young: that is when it errs.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Postgres, Row};

use super::PostgresStore;
use crate::cluster::Schema;

/// A store with empty tables.
pub(super) struct Planner {
    store: PostgresStore,
    _schema: Schema,
}

impl Planner {
    pub(super) async fn new() -> Self {
        let schema = Schema::fresh();
        Self { store: PostgresStore::connect(&schema.url(), 1).await.unwrap(), _schema: schema }
    }

    /// The plan of a statement with these parameters.
    pub(super) async fn plan(
        &self,
        sql: &str,
        bind: impl FnOnce(Query<'static, Postgres, PgArguments>) -> Query<'static, Postgres, PgArguments>,
    ) -> String {
        let explained = bind(sqlx::query(AssertSqlSafe(format!("EXPLAIN {sql}"))));
        let rows = explained.fetch_all(&self.store.pool).await.unwrap();
        rows.iter().map(|row| row.get::<String, _>(0) + "\n").collect()
    }
}
