use crate::wire::wire;

use crate::ReactionType;

wire! {
    /// One reaction to a message.
    pub struct Reaction {
        /// Which one.
        pub kind: ReactionType => "type",
    }
}
