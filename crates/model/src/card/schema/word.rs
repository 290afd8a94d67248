use super::Version;

/// A text of an open set, and the version that has it.
#[derive(Debug)]
pub(in crate::card) struct Word {
    pub(in crate::card) text: &'static str,
    pub(in crate::card) since: Version,
}

/// Declares an open set of texts: named constants, and any other text. A value is written back as it
/// was read and compares without regard to case, as clients read it.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$wdoc:meta])* $word:ident = $text:literal $(since $since:ident)?;)+ })+) => {$(
        $(#[$doc])*
        ///
        /// Compares without regard to case, as clients read it.
        #[derive(Clone, Debug, Eq)]
        pub struct $name(std::borrow::Cow<'static, str>);

        impl $name {
            $($(#[$wdoc])* pub const $word: Self = Self(std::borrow::Cow::Borrowed($text));)+

            /// A value this version has no name for.
            pub fn other(text: impl Into<String>) -> Self {
                Self(std::borrow::Cow::Owned(text.into()))
            }

            /// The value as it goes on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.eq_ignore_ascii_case(&other.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl $crate::card::schema::Part for $name {
            const SHAPE: $crate::card::schema::Shape = $crate::card::schema::Shape::Word(&[
                $($(
                    $crate::card::schema::Word { text: $text, since: $crate::card::Version::$since },
                )?)+
            ]);

            fn read(value: serde_json::Value, depth: usize) -> Option<Self> {
                String::read(value, depth).map(Self::other)
            }

            fn since(&self) -> $crate::card::Version {
                $($(if self.0.eq_ignore_ascii_case($text) { return $crate::card::Version::$since; })?)+
                $crate::card::Version::V1_0
            }
        }
    )+};
}

pub(in crate::card) use words;
