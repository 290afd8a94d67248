use crate::wire::{Wire as _, wire};
use crate::{ChannelInfo, MeetingId, TenantId};

wire! {
    /// The organisation an activity belongs to (`channelData.tenant`).
    pub struct TenantInfo {
        /// The tenant.
        pub id: TenantId => "id",
    }

    /// What the person who installed the app chose (`channelData.settings`).
    #[derive(Default)]
    pub struct SettingsInfo {
        /// The channel the installer chose; only on the bot's own add events.
        pub selected_channel: Option<ChannelInfo> => "selectedChannel",
    }

    /// Where in the client an activity began (`channelData.source`).
    #[derive(Default)]
    pub struct SourceInfo {
        /// `message`, `compose`, `task` …
        pub name: Option<String> => "name",
    }

    /// The app, as it is installed where an activity happened (`channelData.app`).
    #[derive(Default)]
    pub struct AppInfo {
        /// The app, by the id Teams gives it.
        pub id: Option<String> => "id",
        /// Version of its manifest.
        pub version: Option<String> => "version",
    }

    /// The meeting in whose chat an activity happened (`channelData.meeting`).
    pub struct MeetingReference {
        /// The meeting, for the Connector's meeting calls.
        pub id: MeetingId => "id",
    }
}

impl MeetingReference {
    /// A meeting by its id.
    pub fn new(id: MeetingId) -> Self {
        Self { id, ..Self::absent() }
    }
}

impl TenantInfo {
    /// A tenant by its id.
    pub fn new(id: TenantId) -> Self {
        Self { id, ..Self::absent() }
    }
}
