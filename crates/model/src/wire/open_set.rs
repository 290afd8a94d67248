/// Declares an open set of texts: named values, and `Other` for those a newer channel sends.
/// Values compare without regard to case, as Teams itself is not consistent.
macro_rules! open_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            /// A value this version has no name for; it round-trips verbatim.
            Other(String),
        }

        impl $name {
            /// The value as it goes on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                <Self as $crate::wire::Text>::of_text(::std::borrow::Cow::Borrowed(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                <Self as $crate::wire::Text>::of_text(::std::borrow::Cow::Owned(text))
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                match value {
                    $name::Other(text) => text,
                    named => named.as_str().to_owned(),
                }
            }
        }

        impl $crate::wire::Text for $name {
            fn of_text(text: ::std::borrow::Cow<'_, str>) -> Self {
                $(if text.eq_ignore_ascii_case($text) { return Self::$variant; })+
                Self::Other(text.into_owned())
            }

            fn text(&self) -> &str {
                self.as_str()
            }
        }

        $crate::wire::serde_as_text!($name);

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use open_set;
