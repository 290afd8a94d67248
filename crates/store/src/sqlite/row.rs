//! Rows as `SQLite` keeps them.

use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::row::{Columns, corrupt, plain_columns};

impl Columns for SqliteRow {
    fn uuid(&self, column: &'static str) -> sqlx::Result<Uuid> {
        let bytes: &[u8] = self.try_get(column)?;
        Uuid::from_slice(bytes).map_err(|_| corrupt(column, "holds no UUID"))
    }

    fn maybe_uuid(&self, column: &'static str) -> sqlx::Result<Option<Uuid>> {
        let bytes: Option<&[u8]> = self.try_get(column)?;
        bytes.map(Uuid::from_slice).transpose().map_err(|_| corrupt(column, "holds no UUID"))
    }

    plain_columns! {
        number -> i64;
        maybe_number -> Option<i64>;
    }
    plain_columns! {}
}

/// A UUID as it stands in JSON parameters; `unhex` reads it.
pub(super) fn hex(uuid: Uuid) -> String {
    uuid.simple().to_string()
}
