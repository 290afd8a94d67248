//! Reading columns, in any SQL database. A value that no version of ours wrote is an error that names its
//! column.

use pregon_domain::message::Hold;
use pregon_domain::{DeliveryId, KeyId, MessageId, Reason, ReferenceId, Timestamp};
use uuid::Uuid;

use crate::code::{Code, NO_HOLD, NO_REASON};

/// Shorthand for reading one column: first what each database keeps in its own way, then what it means.
pub(crate) trait Columns {
    fn uuid(&self, column: &'static str) -> sqlx::Result<Uuid>;
    fn maybe_uuid(&self, column: &'static str) -> sqlx::Result<Option<Uuid>>;
    /// The number of a code.
    fn number(&self, column: &'static str) -> sqlx::Result<i64>;
    fn maybe_number(&self, column: &'static str) -> sqlx::Result<Option<i64>>;
    fn integer(&self, column: &'static str) -> sqlx::Result<i64>;
    fn maybe_integer(&self, column: &'static str) -> sqlx::Result<Option<i64>>;
    fn flag(&self, column: &'static str) -> sqlx::Result<bool>;
    fn maybe_flag(&self, column: &'static str) -> sqlx::Result<Option<bool>>;
    fn string(&self, column: &'static str) -> sqlx::Result<String>;
    fn maybe_string(&self, column: &'static str) -> sqlx::Result<Option<String>>;

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
        self.integer(column).map(Timestamp::from_millis)
    }

    fn maybe_time(&self, column: &'static str) -> sqlx::Result<Option<Timestamp>> {
        Ok(self.maybe_integer(column)?.map(Timestamp::from_millis))
    }

    fn count<T: TryFrom<i64>>(&self, column: &'static str) -> sqlx::Result<T> {
        T::try_from(self.integer(column)?).map_err(|_| corrupt(column, "is out of range"))
    }

    fn maybe<T>(&self, column: &'static str, make: fn(String) -> T) -> sqlx::Result<Option<T>> {
        Ok(self.maybe_string(column)?.map(make))
    }

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

/// The columns that `sqlx` reads alike from every database, for an `impl` of [`Columns`].
macro_rules! plain_columns {
    ($($name:ident -> $type:ty;)+) => {$(
        fn $name(&self, column: &'static str) -> sqlx::Result<$type> {
            self.try_get(column)
        }
    )+};
    () => {
        crate::row::plain_columns! {
            integer -> i64;
            maybe_integer -> Option<i64>;
            flag -> bool;
            maybe_flag -> Option<bool>;
            string -> String;
            maybe_string -> Option<String>;
        }
    };
}
pub(crate) use plain_columns;

pub(crate) fn corrupt(column: &'static str, what: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(format!("column {column} {what}").into())
}

/// A limit as SQL takes it.
pub(crate) fn rows_of(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
