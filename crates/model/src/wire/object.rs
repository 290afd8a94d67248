use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};

/// Declares objects of the wire: a struct whose fields say under which name they stand in JSON, and an
/// `extra` that holds all other members.
///
/// - `=> "name"`: read and written under this name;
/// - `=> "name" | "older"`: read under the other name too;
/// - `=> "name" also "older"`: read and written under both;
/// - `=> required "name"`: an object without it is an error.
macro_rules! wire {
    ($(
        $(#[$meta:meta])*
        pub struct $object:ident {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident: $type:ty => $($required:ident)? $name:literal $(| $older:literal)* $(also $also:literal)?
            ),* $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq)]
        pub struct $object {
            $(
                $(#[$field_meta])*
                pub $field: $type,
            )*
            /// Members without a field here; written back unchanged.
            pub extra: $crate::Extra,
        }

        impl ::std::fmt::Debug for $object {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::wire::debug(stringify!($object), self, f)
            }
        }

        impl $crate::wire::Wire for $object {
            fn absent() -> Self {
                Self { $($field: $crate::wire::Wire::absent(),)* extra: $crate::Extra::new() }
            }

            fn is_absent(&self) -> bool {
                $($crate::wire::Wire::is_absent(&self.$field) &&)* self.extra.is_empty()
            }

            fn read<'de, D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                ::serde::Deserialize::deserialize(deserializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $object {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Members;

                impl<'de> ::serde::de::Visitor<'de> for Members {
                    type Value = $object;

                    fn expecting(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                        f.write_str(concat!("an object (", stringify!($object), ")"))
                    }

                    fn visit_map<A: ::serde::de::MapAccess<'de>>(self, mut members: A) -> Result<$object, A::Error> {
                        let mut read = <$object as $crate::wire::Wire>::absent();
                        while let Some($crate::wire::Key(name)) = members.next_key()? {
                            match &*name {
                                $($name => {
                                    let others = &[$($older,)* $($also,)?];
                                    $crate::wire::fill(&mut read.$field, &mut members, $name, others)?;
                                })*
                                $($($older => {
                                    $crate::wire::fill(&mut read.$field, &mut members, $older, &[$name])?;
                                })*)*
                                $($($also => {
                                    $crate::wire::fill(&mut read.$field, &mut members, $also, &[$name])?;
                                })?)*
                                _ => {
                                    let value = $crate::wire::next_member(&mut members, &name)?;
                                    read.extra.insert(name.into_owned(), value);
                                }
                            }
                        }
                        $($($crate::wire::$required(&read.$field, $name)?;)?)*
                        Ok(read)
                    }
                }

                deserializer.deserialize_map(Members)
            }
        }

        impl $object {
            /// Writes the members into an object that may hold others.
            pub(crate) fn write_members<M: ::serde::ser::SerializeMap>(&self, members: &mut M) -> Result<(), M::Error> {
                $(
                    if !$crate::wire::Wire::is_absent(&self.$field) {
                        members.serialize_entry($name, &self.$field)?;
                        $(members.serialize_entry($also, &self.$field)?;)?
                    }
                )*
                self.extra.iter().try_for_each(|(name, value)| members.serialize_entry(name, value))
            }
        }

        impl ::serde::Serialize for $object {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut members = serializer.serialize_map(None)?;
                self.write_members(&mut members)?;
                ::serde::ser::SerializeMap::end(members)
            }
        }
    )+};
}

pub(crate) use wire;

/// The name of a member; borrowed from the input where that is possible.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl<'de> Visitor<'de> for Name {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a member")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }

            fn visit_string<E>(self, name: String) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name)))
            }
        }

        deserializer.deserialize_str(Name)
    }
}
