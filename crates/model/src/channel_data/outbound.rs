use crate::MemberId;
use crate::wire::{Wire as _, open_set, wire};

wire! {
    /// Whether a message interrupts those it is for (`channelData.notification`).
    ///
    /// Source: Microsoft Learn, "Send and receive messages", section on notifications.
    #[derive(Default)]
    pub struct NotificationInfo {
        /// Raises a feed and toast notification.
        pub alert: Option<bool> => "alert",
        /// Shows `external_resource_url` to everybody in the running meeting.
        pub alert_in_meeting: Option<bool> => "alertInMeeting",
        /// What is shown in the meeting: a `https://teams.microsoft.com/l/bubble/…` link.
        pub external_resource_url: Option<String> => "externalResourceUrl",
    }

    /// In whose name a message is shown: one entry of `channelData.onBehalfOf`.
    pub struct OnBehalfOf {
        /// Number of the entry; 0.
        pub item_id: Option<u64> => "itemid",
        /// `person`.
        pub mention_type: Option<String> => "mentionType",
        /// Who it is, `29:…`.
        pub mri: MemberId => "mri",
        /// What they are called.
        pub display_name: Option<String> => "displayName",
    }

    /// Thumbs up and down below a message, and what follows them (`channelData.feedbackLoop`).
    #[derive(Default)]
    pub struct FeedbackLoop {
        /// Which dialog follows a thumb.
        pub kind: Option<FeedbackLoopKind> => "type",
    }
}

impl OnBehalfOf {
    /// In the name of this person.
    pub fn person(id: MemberId, name: impl Into<String>) -> Self {
        Self {
            item_id: Some(0),
            mention_type: Some("person".to_owned()),
            display_name: Some(name.into()),
            mri: id,
            ..Self::absent()
        }
    }
}

open_set! {
    /// The dialog that follows a thumb up or down.
    FeedbackLoopKind {
        /// The bot's own, asked for with the invoke `message/fetchTask`.
        Custom = "custom",
        /// That of Teams.
        Default = "default",
    }
}
