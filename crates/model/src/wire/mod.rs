//! How objects and their members are read and written: tolerant on the way in, canonical on the way out.
//!
//! | in | is read as |
//! |---|---|
//! | a missing member, or null | absent |
//! | null in an array | skipped |
//! | a number or boolean where text is meant (`"id": 17`) | its text |
//! | digits as text where a number is meant | the number |
//! | `"true"`, `"False"` where a boolean is meant | the boolean |
//! | a member without a field | itself, in `extra` |
//! | anything else of a wrong type | an error that names the member |
//! | a member twice | an error: two readers would see two different activities |
//!
//! Absent members are not written.

mod debug;
mod lists;
mod object;
mod open_set;
mod scalar;
mod text;

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::Value;

pub(crate) use debug::debug;
pub(crate) use object::{Key, wire};
pub(crate) use open_set::open_set;
pub(crate) use text::{Text, read_text, serde_as_text};

/// What can be a member of an object.
pub(crate) trait Wire: Sized {
    /// What a missing or null member reads as.
    fn absent() -> Self;

    /// Whether the member is left out when it is written.
    fn is_absent(&self) -> bool;

    /// Reads what is there and is not null.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<T: Wire> Wire for Option<T> {
    fn absent() -> Self {
        None
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Some)
    }
}

/// Any JSON at all.
impl Wire for Value {
    fn absent() -> Self {
        Self::Null
    }

    fn is_absent(&self) -> bool {
        self.is_null()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::deserialize(deserializer)
    }
}

/// Reads the value of a member of this name; an error says where it was.
pub(crate) fn next_member<'de, T: Wire, A: MapAccess<'de>>(members: &mut A, name: &str) -> Result<T, A::Error> {
    members.next_value_seed(Member::new()).map_err(|error| A::Error::custom(format_args!("{name}: {error}")))
}

/// Reads the value of a member into its field. Of several names for one field the first that has a
/// value counts; the same name twice is refused.
pub(crate) fn fill<'de, T: Wire, A: MapAccess<'de>>(
    field: &mut T,
    members: &mut A,
    name: &'static str,
    other_names: &[&str],
) -> Result<(), A::Error> {
    if !field.is_absent() && other_names.is_empty() {
        return Err(A::Error::duplicate_field(name));
    }
    let value = next_member(members, name)?;
    if field.is_absent() {
        *field = value;
    }
    Ok(())
}

/// Refuses an object without this member.
pub(crate) fn required<T: Wire, E: serde::de::Error>(field: &T, name: &'static str) -> Result<(), E> {
    if field.is_absent() { Err(E::missing_field(name)) } else { Ok(()) }
}

/// Reads a value that may be null.
struct Member<T>(PhantomData<T>);

impl<T> Member<T> {
    fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Wire> DeserializeSeed<'de> for Member<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Wire> Visitor<'de> for Member<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_none<E>(self) -> Result<T, E> {
        Ok(T::absent())
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::absent())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}
