/// Declares what may stand in one place: several kinds of objects told by their `type`, and raw JSON
/// for all others.
macro_rules! one_of {
    ($(#[$doc:meta])* $name:ident, $shape:ident, $instead:ident { $($(#[$vdoc:meta])* $variant:ident($kind:ident),)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant(Box<$kind>),)+
            /// Any other, as JSON; see [`raw`](Self::raw).
            Raw(serde_json::Value),
        }

        impl $name {
            /// From JSON: of its own type where this version knows it, else kept as it is.
            pub fn raw(value: serde_json::Value) -> Self {
                Self::from_value(value, $crate::card::schema::DEEPEST)
            }

            /// The kind of this name, if there is one.
            pub(in crate::card) fn kind(name: &str) -> Option<&'static $crate::card::schema::Kind> {
                const KINDS: &[$crate::card::schema::Kind] = &[$($kind::KIND),+];
                KINDS.iter().find(|kind| kind.name == name)
            }

            fn from_value(value: serde_json::Value, depth: usize) -> Self {
                let serde_json::Value::Object(members) = value else { return Self::Raw(value) };
                let kind = members.get("type").and_then(serde_json::Value::as_str);
                match (kind, depth.checked_sub(1)) {
                    $((Some(name), Some(depth)) if name == $kind::KIND.name => {
                        Self::$variant(Box::new($kind::from_members(members, depth)))
                    })+
                    _ => Self::Raw(serde_json::Value::Object(members)),
                }
            }
        }

        impl $crate::card::schema::Part for $name {
            const SHAPE: $crate::card::schema::Shape = $crate::card::schema::Shape::$shape;

            // Whatever it is, it can be kept.
            fn fits(_: &serde_json::Value) -> bool {
                true
            }

            fn read(value: serde_json::Value, depth: usize) -> Option<Self> {
                Some(Self::from_value(value, depth))
            }

            fn since(&self) -> $crate::card::Version {
                match self {
                    $(Self::$variant(it) => it.since(),)+
                    Self::Raw(_) => $crate::card::Version::V1_0,
                }
            }

            fn mentions<'a>(&'a self, found: &mut Vec<&'a $crate::card::Mention>) {
                match self {
                    $(Self::$variant(it) => it.mentions(found),)+
                    Self::Raw(_) => {}
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(it) => it.serialize(serializer),)+
                    Self::Raw(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                serde_json::Value::deserialize(deserializer).map(Self::raw)
            }
        }

        impl From<serde_json::Value> for $name {
            fn from(value: serde_json::Value) -> Self {
                Self::raw(value)
            }
        }

        impl $crate::card::fallback::Instead for $name {
            const SHAPE: $crate::card::schema::Shape = $crate::card::schema::Shape::$instead;
        }

        impl From<$name> for $crate::card::Fallback<$name> {
            fn from(it: $name) -> Self {
                Self::Instead(it)
            }
        }

        $(
            impl From<$kind> for $name {
                fn from(it: $kind) -> Self {
                    Self::$variant(Box::new(it))
                }
            }

            impl From<$kind> for $crate::card::Fallback<$name> {
                fn from(it: $kind) -> Self {
                    Self::Instead(it.into())
                }
            }
        )+
    };
}

/// Declares what is a text in its short form and an object in its full one.
macro_rules! text_or {
    ($(#[$doc:meta])* $name:ident { $(#[$tdoc:meta])* $text:ident, $(#[$fdoc:meta])* $full:ident($kind:ident) }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize)]
        #[serde(untagged)]
        pub enum $name {
            $(#[$tdoc])*
            $text(String),
            $(#[$fdoc])*
            $full(Box<$kind>),
        }

        impl $crate::card::schema::Part for $name {
            const SHAPE: $crate::card::schema::Shape = $crate::card::schema::Shape::TextOrObject(&$kind::KIND);

            fn fits(value: &serde_json::Value) -> bool {
                value.is_string() || $kind::fits(value)
            }

            fn read(value: serde_json::Value, depth: usize) -> Option<Self> {
                match value {
                    serde_json::Value::String(text) => Some(Self::$text(text)),
                    full => $kind::read(full, depth).map(|full| Self::$full(Box::new(full))),
                }
            }

            fn since(&self) -> $crate::card::Version {
                match self {
                    Self::$text(_) => $crate::card::Version::V1_0,
                    Self::$full(full) => full.since(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::$text(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::$text(text)
            }
        }

        impl From<$kind> for $name {
            fn from(full: $kind) -> Self {
                Self::$full(Box::new(full))
            }
        }
    };
}

pub(in crate::card) use {one_of, text_or};
