//! Reading columns. A value that no version of ours wrote is an error that names its column.

use std::borrow::Cow;

use pregon_domain::message::Hold;
use pregon_domain::{DeliveryId, KeyId, MessageId, Reason, ReferenceId, Timestamp};
use sqlx::Row;
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::code::{Code, NO_HOLD, NO_REASON};

/// Shorthand for reading one column.
pub(super) trait Columns {
    fn uuid(&self, column: &'static str) -> sqlx::Result<Uuid>;
    fn maybe_uuid(&self, column: &'static str) -> sqlx::Result<Option<Uuid>>;
    fn number(&self, column: &'static str) -> sqlx::Result<i64>;
    fn code<T: Code>(&self, column: &'static str) -> sqlx::Result<T>;
    fn reason(&self, column: &'static str) -> sqlx::Result<Option<Reason>>;
    fn hold(&self, column: &'static str) -> sqlx::Result<Option<Hold>>;
    fn time(&self, column: &'static str) -> sqlx::Result<Timestamp>;
    fn maybe_time(&self, column: &'static str) -> sqlx::Result<Option<Timestamp>>;
    fn count<T: TryFrom<i64>>(&self, column: &'static str) -> sqlx::Result<T>;
    fn maybe<T>(&self, column: &'static str, make: fn(String) -> T) -> sqlx::Result<Option<T>>;

    fn delivery(&self, column: &'static str) -> sqlx::Result<DeliveryId> {
        self.uuid(column).map(DeliveryId::from_uuid)
    }

    fn message(&self, column: &'static str) -> sqlx::Result<MessageId> {
        self.uuid(column).map(MessageId::from_uuid)
    }

    fn reference(&self, column: &'static str) -> sqlx::Result<ReferenceId> {
        self.uuid(column).map(ReferenceId::from_uuid)
    }

    fn maybe_reference(&self, column: &'static str) -> sqlx::Result<Option<ReferenceId>> {
        Ok(self.maybe_uuid(column)?.map(ReferenceId::from_uuid))
    }

    fn key(&self, column: &'static str) -> sqlx::Result<KeyId> {
        self.uuid(column).map(KeyId::from_uuid)
    }
}

impl Columns for PgRow {
    fn uuid(&self, column: &'static str) -> sqlx::Result<Uuid> {
        self.try_get(column)
    }

    fn maybe_uuid(&self, column: &'static str) -> sqlx::Result<Option<Uuid>> {
        self.try_get(column)
    }

    /// A `smallint`.
    fn number(&self, column: &'static str) -> sqlx::Result<i64> {
        self.try_get::<i16, _>(column).map(i64::from)
    }

    fn code<T: Code>(&self, column: &'static str) -> sqlx::Result<T> {
        T::from_code(self.number(column)?).ok_or_else(|| corrupt(column, "holds a number without meaning"))
    }

    fn reason(&self, column: &'static str) -> sqlx::Result<Option<Reason>> {
        match self.number(column)? {
            NO_REASON => Ok(None),
            _ => self.code(column).map(Some),
        }
    }

    fn hold(&self, column: &'static str) -> sqlx::Result<Option<Hold>> {
        match self.number(column)? {
            NO_HOLD => Ok(None),
            _ => self.code(column).map(Some),
        }
    }

    fn time(&self, column: &'static str) -> sqlx::Result<Timestamp> {
        self.try_get(column).map(Timestamp::from_millis)
    }

    fn maybe_time(&self, column: &'static str) -> sqlx::Result<Option<Timestamp>> {
        Ok(self.try_get::<Option<i64>, _>(column)?.map(Timestamp::from_millis))
    }

    /// A `bigint`.
    fn count<T: TryFrom<i64>>(&self, column: &'static str) -> sqlx::Result<T> {
        T::try_from(self.try_get::<i64, _>(column)?).map_err(|_| corrupt(column, "is out of range"))
    }

    fn maybe<T>(&self, column: &'static str, make: fn(String) -> T) -> sqlx::Result<Option<T>> {
        Ok(self.try_get::<Option<String>, _>(column)?.map(make))
    }
}

pub(super) fn corrupt(column: &'static str, what: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(format!("column {column} {what}").into())
}

/// A text as PostgreSQL takes it: without NUL characters, which SQLite keeps.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

/// A number of `code`, as the columns have it.
pub(super) fn small(code: i64) -> i16 {
    i16::try_from(code).unwrap_or(i16::MAX)
}

/// A limit as SQL takes it.
pub(super) fn rows_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
