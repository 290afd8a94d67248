//! Rows as PostgreSQL keeps them.

use std::borrow::Cow;

use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::row::{Columns, plain_columns};

impl Columns for PgRow {
    /// A `smallint`.
    fn number(&self, column: &'static str) -> sqlx::Result<i64> {
        self.try_get::<i16, _>(column).map(i64::from)
    }

    fn maybe_number(&self, column: &'static str) -> sqlx::Result<Option<i64>> {
        Ok(self.try_get::<Option<i16>, _>(column)?.map(i64::from))
    }

    plain_columns! {
        uuid -> Uuid;
        maybe_uuid -> Option<Uuid>;
    }
    plain_columns! {}
}

/// A text as PostgreSQL takes it: without NUL characters, which SQLite keeps.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

/// A number of `code`, as the columns have it.
pub(super) fn small(code: i64) -> i16 {
    i16::try_from(code).unwrap_or(i16::MAX)
}
