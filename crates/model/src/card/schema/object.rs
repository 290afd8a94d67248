/// Declares an object of a card: a struct whose members are all optional, a setter for each, and all
/// the rest in `extra`. One line says all there is to know of a member:
///
/// ```text
/// /// Whether long text goes on in the next line.
/// wrap: bool = "wrap", V1_0;
/// ```
///
/// - its type: a [`Part`], or a list `[T]`; a list written as `columns / column: [Column]` gets the
///   setters `column` (one more) and `columns` (several more);
/// - its name in JSON, and the version of the schema that first had it;
/// - in brackets, if anything: `shown` (without it the object is not shown) or `required` (without it
///   phones show no card at all), and `by hand` when the setter is written below.
///
/// An object declared as `Name = "Type"` is told by its `type`; one declared as `Name as "Type"` is
/// told by its place, and a `type` it has is one of the extra members.
///
/// [`Part`]: super::Part
macro_rules! object {
    (
        $(#[$doc:meta])*
        $name:ident $tagged:tt $tag:literal, $since:ident $([$written:ident])? {
            $($(#[$fdoc:meta])* $field:ident $(/ $one:ident)?: $type:tt = $wire:literal, $fsince:ident $([$($flag:ident)+])?;)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[must_use]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$fdoc])* pub $field: Option<$crate::card::schema::object!(@type $type)>,)*
            /// Whatever else there is; written back unchanged.
            pub extra: $crate::Extra,
        }

        impl $name {
            $($crate::card::schema::object!(@setter [$($($flag)+)?] $(#[$fdoc])* $field [$($one)?] $type);)*

            /// Any other member, or a value of a known one that its own type does not allow.
            pub fn with(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
                let name = name.into();
                match name.as_str() {
                    $($wire => self.$field = None,)*
                    _ => {}
                }
                self.extra.insert(name, value.into());
                $(if self.$field.is_none() {
                    self.$field = $crate::card::schema::take(&mut self.extra, $wire, $crate::card::schema::DEEPEST);
                })*
                self
            }

            /// What the check knows of this object.
            pub(in crate::card) const KIND: $crate::card::schema::Kind = $crate::card::schema::Kind {
                name: $tag,
                since: $crate::card::Version::$since,
                members: &[$($crate::card::schema::Member {
                    name: $wire,
                    since: $crate::card::Version::$fsince,
                    shape: <$crate::card::schema::object!(@type $type) as $crate::card::schema::Part>::SHAPE,
                    need: $crate::card::schema::object!(@need [$($($flag)+)?]),
                },)*],
            };

            /// Takes the members that fit; all others are extra.
            pub(in crate::card) fn from_members(mut members: $crate::Extra, depth: usize) -> Self {
                $crate::card::schema::object!(@untag $tagged members);
                Self {
                    $($field: $crate::card::schema::take(&mut members, $wire, depth),)*
                    extra: members,
                }
            }

            /// Writes `type`, the typed members and the extra ones; none twice.
            pub(in crate::card) fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                if let Some(kind) = $crate::card::schema::object!(@tag $tagged $tag, self) {
                    map.serialize_entry("type", &kind)?;
                }
                $(if let Some(value) = &self.$field {
                    map.serialize_entry($wire, value)?;
                })*
                for (name, value) in &self.extra {
                    let written = match name.as_str() {
                        "type" => true,
                        $($wire => self.$field.is_some(),)*
                        _ => false,
                    };
                    if !written {
                        map.serialize_entry(name, value)?;
                    }
                }
                map.end()
            }
        }

        impl $crate::card::schema::Part for $name {
            const SHAPE: $crate::card::schema::Shape = $crate::card::schema::object!(@shape $name);

            fn fits(value: &serde_json::Value) -> bool {
                value.is_object() && $crate::card::schema::object!(@fits $tagged $tag, value)
            }

            fn read(value: serde_json::Value, depth: usize) -> Option<Self> {
                let serde_json::Value::Object(members) = value else { return None };
                Some(Self::from_members(members, depth))
            }

            fn since(&self) -> $crate::card::Version {
                let mut since = Self::KIND.since;
                $(if let Some(value) = &self.$field {
                    since = since.max($crate::card::Version::$fsince).max(value.since());
                })*
                since
            }

            fn mentions<'a>(&'a self, found: &mut Vec<&'a $crate::card::Mention>) {
                $(if let Some(value) = &self.$field {
                    value.mentions(found);
                })*
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                $crate::card::schema::read_whole(value, $tag)
            }
        }

        $crate::card::schema::object!(@serialize [$($written)?] $name);
    };

    (@type [$item:ident]) => { Vec<$item> };
    (@type $type:ident) => { $type };

    (@need [$(by hand)?]) => { $crate::card::schema::Need::Optional };
    (@need [shown $($by:ident)*]) => { $crate::card::schema::Need::Shown };
    (@need [required $($by:ident)*]) => { $crate::card::schema::Need::Required };

    (@shape AdaptiveCard) => { $crate::card::schema::Shape::Card };
    (@shape $name:ident) => { $crate::card::schema::Shape::Object(&<$name>::KIND) };

    (@untag = $members:ident) => { $members.remove("type") };
    (@untag as $members:ident) => {};
    (@tag = $tag:literal, $self:ident) => { Some($tag) };
    (@tag as $tag:literal, $self:ident) => { $self.extra.get("type") };
    (@fits = $tag:literal, $value:ident) => { $value.get("type").and_then(serde_json::Value::as_str) == Some($tag) };
    (@fits as $tag:literal, $value:ident) => { true };

    (@serialize [by_hand] $name:ident) => {};
    (@serialize [] $name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.write(serializer)
            }
        }
    };

    (@setter [by hand] $($rest:tt)*) => {};
    (@setter [$need:ident by hand] $($rest:tt)*) => {};
    (@setter [$($need:ident)?] $(#[$doc:meta])* $field:ident [] bool) => {
        $(#[$doc])*
        pub fn $field(mut self, value: bool) -> Self {
            self.$field = Some(value);
            self
        }
    };
    (@setter [$($need:ident)?] $(#[$doc:meta])* $field:ident [] u32) => {
        $(#[$doc])*
        pub fn $field(mut self, value: u32) -> Self {
            self.$field = Some(value);
            self
        }
    };
    (@setter [$($need:ident)?] $(#[$doc:meta])* $field:ident [] $type:ident) => {
        $(#[$doc])*
        pub fn $field(mut self, value: impl Into<$type>) -> Self {
            self.$field = Some(value.into());
            self
        }
    };
    (@setter [$($need:ident)?] $(#[$doc:meta])* $field:ident [$one:ident] [$item:ident]) => {
        #[doc = concat!("Adds one to [`", stringify!($field), "`](Self::", stringify!($field), ").")]
        pub fn $one(mut self, item: impl Into<$item>) -> Self {
            self.$field.get_or_insert_default().push(item.into());
            self
        }

        $(#[$doc])*
        ///
        /// Adds to those there are.
        pub fn $field<T: Into<$item>>(mut self, items: impl IntoIterator<Item = T>) -> Self {
            self.$field.get_or_insert_default().extend(items.into_iter().map(Into::into));
            self
        }
    };
}

pub(in crate::card) use object;
