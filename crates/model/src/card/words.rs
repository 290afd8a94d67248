use super::schema::words;

words! {
    /// How large letters are.
    TextSize {
        /// As the client likes.
        DEFAULT = "Default";
        /// Smaller.
        SMALL = "Small";
        /// A little larger.
        MEDIUM = "Medium";
        /// Larger.
        LARGE = "Large";
        /// Largest.
        EXTRA_LARGE = "ExtraLarge";
    }

    /// How heavy letters are.
    Weight {
        /// As the client likes.
        DEFAULT = "Default";
        /// Lighter.
        LIGHTER = "Lighter";
        /// Bold.
        BOLDER = "Bolder";
    }

    /// What a text's colour means; the client's theme decides on the colour itself.
    Color {
        /// The usual one.
        DEFAULT = "Default";
        /// Dark.
        DARK = "Dark";
        /// Light.
        LIGHT = "Light";
        /// To be noticed.
        ACCENT = "Accent";
        /// All is well.
        GOOD = "Good";
        /// Take care.
        WARNING = "Warning";
        /// Something is wrong.
        ATTENTION = "Attention";
    }

    /// Which letters a text is set in.
    FontType {
        /// The client's own.
        DEFAULT = "Default";
        /// All of the same width.
        MONOSPACE = "Monospace";
    }

    /// What a text is in the card, for those who hear it.
    TextStyle {
        /// A text.
        DEFAULT = "default";
        /// A heading.
        HEADING = "heading";
    }

    /// Where something stands from left to right.
    HorizontalAlignment {
        /// Left.
        LEFT = "Left";
        /// In the middle.
        CENTER = "Center";
        /// Right.
        RIGHT = "Right";
    }

    /// Where something stands from top to bottom.
    VerticalAlignment {
        /// At the top.
        TOP = "Top";
        /// In the middle.
        CENTER = "Center";
        /// At the bottom.
        BOTTOM = "Bottom";
    }

    /// How far something stands from what is above it.
    Spacing {
        /// The usual distance.
        DEFAULT = "Default";
        /// None.
        NONE = "None";
        /// Small.
        SMALL = "Small";
        /// Medium.
        MEDIUM = "Medium";
        /// Large.
        LARGE = "Large";
        /// Extra large.
        EXTRA_LARGE = "ExtraLarge";
        /// That of a container's edge.
        PADDING = "Padding";
    }

    /// A height or width; see [`Length::pixels`].
    Length {
        /// As much as the content takes.
        AUTO = "auto";
        /// As much as there is.
        STRETCH = "stretch";
    }

    /// How a container looks.
    ContainerStyle {
        /// Plain.
        DEFAULT = "default";
        /// Set apart.
        EMPHASIS = "emphasis";
        /// All is well.
        GOOD = "good" since V1_2;
        /// Something is wrong.
        ATTENTION = "attention" since V1_2;
        /// Take care.
        WARNING = "warning" since V1_2;
        /// To be noticed.
        ACCENT = "accent" since V1_2;
    }

    /// How large an image is.
    ImageSize {
        /// Its own size, made smaller to fit.
        AUTO = "Auto";
        /// As wide as there is room.
        STRETCH = "Stretch";
        /// Small.
        SMALL = "Small";
        /// Medium.
        MEDIUM = "Medium";
        /// Large.
        LARGE = "Large";
    }

    /// How an image is cut.
    ImageStyle {
        /// As it is.
        DEFAULT = "Default";
        /// A circle, as for portraits.
        PERSON = "Person";
    }

    /// How a background image fills its place.
    FillMode {
        /// Covers all of it.
        COVER = "Cover";
        /// Repeats from left to right.
        REPEAT_HORIZONTALLY = "RepeatHorizontally";
        /// Repeats from top to bottom.
        REPEAT_VERTICALLY = "RepeatVertically";
        /// Repeats both ways.
        REPEAT = "Repeat";
    }

    /// What sort of text an input takes; decides on the keyboard of a phone.
    InputTextStyle {
        /// Any text.
        TEXT = "Text";
        /// A telephone number.
        TEL = "Tel";
        /// An address on the web.
        URL = "Url";
        /// An e-mail address.
        EMAIL = "Email";
        /// Hidden on the screen only: the bot gets it in plain text.
        PASSWORD = "Password" since V1_5;
    }

    /// How choices are offered.
    ChoiceStyle {
        /// A list that opens.
        COMPACT = "compact";
        /// One below the other.
        EXPANDED = "expanded";
        /// A list that opens and is searched by typing.
        FILTERED = "filtered" since V1_5;
    }

    /// How a button looks.
    ActionStyle {
        /// Like the others: what Teams shows in any case.
        DEFAULT = "default";
        /// The one to press; Teams does not show the difference.
        POSITIVE = "positive";
        /// One that breaks something; Teams does not show the difference.
        DESTRUCTIVE = "destructive";
    }

    /// Where a button stands.
    ActionMode {
        /// Among the buttons.
        PRIMARY = "primary";
        /// Behind the three dots.
        SECONDARY = "secondary";
    }

    /// Which inputs go with an action.
    AssociatedInputs {
        /// Those of its card and of the cards around it.
        AUTO = "auto";
        /// None: it can be pressed whatever is missing.
        NONE = "none";
    }

    /// How wide the whole card is in Teams.
    CardWidth {
        /// As wide as there is room.
        FULL = "Full";
    }
}

impl Length {
    /// So many pixels.
    pub fn pixels(pixels: u32) -> Self {
        Self::other(format!("{pixels}px"))
    }
}
