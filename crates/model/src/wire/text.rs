//! Ids, open sets and all else that is text in JSON.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde_json::Number;

use super::Wire;

/// What is text in JSON.
pub(crate) trait Text: Sized {
    /// The value this text stands for.
    fn of_text(text: Cow<'_, str>) -> Self;

    /// The text that stands for the value.
    fn text(&self) -> &str;
}

impl Text for String {
    fn of_text(text: Cow<'_, str>) -> Self {
        text.into_owned()
    }

    fn text(&self) -> &str {
        self
    }
}

impl<T: Text> Wire for T {
    fn absent() -> Self {
        Self::of_text(Cow::Borrowed(""))
    }

    fn is_absent(&self) -> bool {
        self.text().is_empty()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer)
    }
}

/// Reads text, or what others write where text is meant: a number or a boolean.
pub(crate) fn read_text<'de, T: Text, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Read<T>(PhantomData<T>);

    impl<T: Text> Visitor<'_> for Read<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text")
        }

        fn visit_str<E>(self, text: &str) -> Result<T, E> {
            Ok(T::of_text(Cow::Borrowed(text)))
        }

        fn visit_string<E>(self, text: String) -> Result<T, E> {
            Ok(T::of_text(Cow::Owned(text)))
        }

        fn visit_bool<E>(self, value: bool) -> Result<T, E> {
            Ok(T::of_text(Cow::Owned(value.to_string())))
        }

        fn visit_u64<E>(self, value: u64) -> Result<T, E> {
            Ok(T::of_text(Cow::Owned(value.to_string())))
        }

        fn visit_i64<E>(self, value: i64) -> Result<T, E> {
            Ok(T::of_text(Cow::Owned(value.to_string())))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
            let number = Number::from_f64(value).ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))?;
            Ok(T::of_text(Cow::Owned(number.to_string())))
        }
    }

    deserializer.deserialize_any(Read(PhantomData))
}

/// Reads and writes a type as its text.
macro_rules! serde_as_text {
    ($type:ident) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::read_text(deserializer)
            }
        }

        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::wire::Text::text(self))
            }
        }
    };
}

pub(crate) use serde_as_text;
