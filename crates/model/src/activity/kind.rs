use crate::wire::open_set;

open_set! {
    /// What an activity tells.
    ActivityKind {
        /// A command of another program.
        Command = "command",
        /// How such a command went.
        CommandResult = "commandResult",
        /// The bot was added to or taken from somebody's contacts; not used by Teams.
        ContactRelationUpdate = "contactRelationUpdate",
        /// Members, channels or the team changed; see `membersAdded` and `channelData.eventType`.
        ConversationUpdate = "conversationUpdate",
        /// Somebody asks for what the bot knows of them to be deleted.
        DeleteUserData = "deleteUserData",
        /// The conversation is over.
        EndOfConversation = "endOfConversation",
        /// Something happened that needs no answer; `name` says what.
        Event = "event",
        /// A conversation is handed over to or by another program.
        Handoff = "handoff",
        /// The app was added, removed or upgraded; `action` says which.
        InstallationUpdate = "installationUpdate",
        /// A request that wants an answer in the HTTP response; `name` says which.
        Invoke = "invoke",
        /// Somebody wrote, or the bot writes.
        Message = "message",
        /// A person deleted a message.
        MessageDelete = "messageDelete",
        /// A person reacted to a message.
        MessageReaction = "messageReaction",
        /// A person edited a message.
        MessageUpdate = "messageUpdate",
        /// A message for one member, suggested in answer to another.
        Suggestion = "suggestion",
        /// A note for those who debug.
        Trace = "trace",
        /// Somebody is typing.
        Typing = "typing",
    }
}

open_set! {
    /// How `text` is written. Teams and the specification disagree on the default: always set it.
    TextFormat {
        /// The Markdown subset of Teams.
        Markdown = "markdown",
        /// Shown as it is.
        Plain = "plain",
        /// A small HTML subset.
        Xml = "xml",
    }
}

open_set! {
    /// What happened to the installation (`installationUpdate.action`).
    InstallAction {
        /// The app was installed in this scope.
        Add = "add",
        /// An upgrade of the app brought the bot with it.
        AddUpgrade = "add-upgrade",
        /// The app was uninstalled.
        Remove = "remove",
        /// An upgrade of the app took the bot away.
        RemoveUpgrade = "remove-upgrade",
    }
}

open_set! {
    /// How urgent a message is.
    Importance {
        /// The sender marked it as important or urgent.
        High = "high",
        /// Less than usual.
        Low = "low",
        /// As usual.
        Normal = "normal",
    }
}

open_set! {
    /// How a message is delivered, and how it is answered.
    DeliveryMode {
        /// Not kept.
        Ephemeral = "ephemeral",
        /// Answers go into the HTTP response. Teams does not normally ask for it.
        ExpectReplies = "expectReplies",
        /// As usual.
        Normal = "normal",
        /// A mere notification.
        Notification = "notification",
    }
}

open_set! {
    /// How several attachments are laid out.
    AttachmentLayout {
        /// Side by side, to be leafed through.
        Carousel = "carousel",
        /// One below the other.
        List = "list",
    }
}

open_set! {
    /// Whether the bot waits for an answer; without a visible effect in Teams.
    InputHint {
        /// It would take one.
        AcceptingInput = "acceptingInput",
        /// It waits for one.
        ExpectingInput = "expectingInput",
        /// It would not hear one.
        IgnoringInput = "ignoringInput",
    }
}
