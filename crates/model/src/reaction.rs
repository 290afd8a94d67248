use crate::wire::{Wire as _, open_set, wire};

open_set! {
    /// What a person answered a message with. Newer clients send other names: any emoji.
    ReactionType {
        /// 😠
        Angry = "angry",
        /// ❤
        Heart = "heart",
        /// 😆
        Laugh = "laugh",
        /// 👍
        Like = "like",
        /// 😢
        Sad = "sad",
        /// 😮
        Surprised = "surprised",
    }
}

wire! {
    /// One reaction to a message.
    pub struct Reaction {
        /// Which one.
        pub kind: ReactionType => "type",
    }
}

impl Reaction {
    /// A reaction of this type.
    pub fn new(kind: ReactionType) -> Self {
        Self { kind, ..Self::absent() }
    }
}
