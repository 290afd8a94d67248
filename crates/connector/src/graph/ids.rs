use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares an opaque text of Graph in its own type, as `pregon_model` does for the channel's ids.
macro_rules! opaque {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text exactly as Graph wrote it.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text as it goes on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

opaque! {
    /// Id of one installation of an app; not the app's id.
    InstallationId
    /// Id of one version of an app.
    AppDefinitionId
    /// Id of somebody's membership in a team or chat; not the person's id.
    MembershipId
    /// Where a list goes on: may be stored to read the rest later, with [`List::after`](super::List::after).
    PageLink
    /// Where a delta goes on: store it when the page it came with has been dealt with, and give it to
    /// [`Delta::since`](super::Delta::since). Graph forgets it after 7 days.
    DeltaLink
}
