//! Arrays, and objects whose names are data.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::{Member, Wire, next_member};

impl<T: Wire> Wire for Vec<T> {
    fn absent() -> Self {
        Self::new()
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);

        impl<'de, T: Wire> Visitor<'de> for Items<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut read = Vec::new();
                for index in 0_usize.. {
                    let item = items.next_element_seed(Member::<Option<T>>::new());
                    match item.map_err(|error| A::Error::custom(format_args!("{index}: {error}")))? {
                        Some(item) => read.extend(item),
                        None => break,
                    }
                }
                Ok(read)
            }
        }

        deserializer.deserialize_seq(Items(PhantomData))
    }
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    fn absent() -> Self {
        Self::new()
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);

        impl<'de, T: Wire> Visitor<'de> for Entries<T> {
            type Value = BTreeMap<String, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut read = BTreeMap::new();
                while let Some(key) = entries.next_key::<String>()? {
                    if let Some(value) = next_member::<Option<T>, A>(&mut entries, &key)? {
                        read.insert(key, value);
                    }
                }
                Ok(read)
            }
        }

        deserializer.deserialize_map(Entries(PhantomData))
    }
}
