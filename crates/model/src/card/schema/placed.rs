/// Declares an element of the body: an [`object!`](super::object) with what all elements have.
macro_rules! element {
    ($(#[$doc:meta])* $name:ident = $tag:literal, $since:ident { $($own:tt)* }) => {
        $crate::card::schema::placed! {
            $(#[$doc])*
            $name = $tag, $since {
                $($own)*
                /// Names it, for `Action.ToggleVisibility`; unique in the card.
                id: String = "id", V1_0;
            }
        }
    };
}

/// Declares an input: an element that must have an id, under which the bot gets what was entered.
macro_rules! input {
    ($(#[$doc:meta])* $name:ident = $tag:literal { $($own:tt)* }) => {
        $crate::card::schema::placed! {
            $(#[$doc])*
            $name = $tag, V1_0 {
                /// Under this name the bot gets what was entered; unique in the card.
                id: String = "id", V1_0 [required];
                /// What the input is for: shown above it and read aloud.
                label: String = "label", V1_3;
                $($own)*
                /// Whether the card can be sent without it.
                is_required: bool = "isRequired", V1_3;
                /// Shown when what was entered does not do.
                error_message: String = "errorMessage", V1_3;
            }
        }

        impl $name {
            /// An input whose value the bot gets under `id`.
            pub fn new(id: impl Into<String>) -> Self {
                Self { id: Some(id.into()), ..Self::default() }
            }
        }
    };
}

/// What elements and inputs share.
macro_rules! placed {
    ($(#[$doc:meta])* $name:ident = $tag:literal, $since:ident { $($own:tt)* }) => {
        $crate::card::schema::object! {
            $(#[$doc])*
            $name = $tag, $since {
                $($own)*
                /// How far it stands from what is above it.
                spacing: Spacing = "spacing", V1_0;
                /// Whether a line is drawn above it.
                separator: bool = "separator", V1_0;
                /// Whether it is shown at first.
                is_visible: bool = "isVisible", V1_2;
                /// How high it is.
                height: Length = "height", V1_1;
                /// Features of the client it needs, by name and version.
                requires: Requires = "requires", V1_2;
                /// What a client shows that does not know it.
                fallback: ElementFallback = "fallback", V1_2;
            }
        }
    };
}

/// Declares an action: an [`object!`](super::object) with what all actions have.
macro_rules! action {
    ($(#[$doc:meta])* $name:ident = $tag:literal, $since:ident { $($own:tt)* }) => {
        $crate::card::schema::object! {
            $(#[$doc])*
            $name = $tag, $since {
                /// What the button says.
                title: String = "title", V1_0;
                $($own)*
                /// Names it in what the bot gets.
                id: String = "id", V1_0;
                /// A picture on the button: https, or a data URI.
                icon_url: String = "iconUrl", V1_1;
                /// How the button looks; Teams shows all alike.
                style: ActionStyle = "style", V1_2;
                /// Shown when the pointer rests on it.
                tooltip: String = "tooltip", V1_5;
                /// Whether it can be pressed.
                is_enabled: bool = "isEnabled", V1_5;
                /// Among the buttons, or behind the three dots.
                mode: ActionMode = "mode", V1_5;
                /// Features of the client it needs, by name and version.
                requires: Requires = "requires", V1_2;
                /// What a client offers that does not know it.
                fallback: ActionFallback = "fallback", V1_2;
            }
        }
    };
}

pub(in crate::card) use {action, element, input, placed};
