//! Reading columns. A value that no version of ours wrote is an error that names its column.

use pregon_domain::message::Hold;
use pregon_domain::{DeliveryId, KeyId, MessageId, Reason, ReferenceId, Timestamp};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::code::{Code, NO_HOLD, NO_REASON};

/// Shorthand for reading one column.
pub(super) trait Columns {
    fn uuid(&self, column: &'static str) -> sqlx::Result<Uuid>;
    fn maybe_uuid(&self, column: &'static str) -> sqlx::Result<Option<Uuid>>;
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

impl Columns for SqliteRow {
    fn uuid(&self, column: &'static str) -> sqlx::Result<Uuid> {
        let bytes: &[u8] = self.try_get(column)?;
        Uuid::from_slice(bytes).map_err(|_| corrupt(column, "holds no UUID"))
    }

    fn maybe_uuid(&self, column: &'static str) -> sqlx::Result<Option<Uuid>> {
        let bytes: Option<&[u8]> = self.try_get(column)?;
        bytes.map(Uuid::from_slice).transpose().map_err(|_| corrupt(column, "holds no UUID"))
    }

    fn code<T: Code>(&self, column: &'static str) -> sqlx::Result<T> {
        T::from_code(self.try_get(column)?).ok_or_else(|| corrupt(column, "holds a number without meaning"))
    }

    fn reason(&self, column: &'static str) -> sqlx::Result<Option<Reason>> {
        match self.try_get(column)? {
            NO_REASON => Ok(None),
            _ => self.code(column).map(Some),
        }
    }

    fn hold(&self, column: &'static str) -> sqlx::Result<Option<Hold>> {
        match self.try_get(column)? {
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

    fn count<T: TryFrom<i64>>(&self, column: &'static str) -> sqlx::Result<T> {
        let number: i64 = self.try_get(column)?;
        T::try_from(number).map_err(|_| corrupt(column, "is out of range"))
    }

    fn maybe<T>(&self, column: &'static str, make: fn(String) -> T) -> sqlx::Result<Option<T>> {
        Ok(self.try_get::<Option<String>, _>(column)?.map(make))
    }
}

pub(super) fn corrupt(column: &'static str, what: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(format!("column {column} {what}").into())
}

/// A UUID as it stands in JSON parameters; `unhex` reads it.
pub(super) fn hex(uuid: Uuid) -> String {
    uuid.simple().to_string()
}
