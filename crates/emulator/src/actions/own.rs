use serde_json::{Value, json};

use crate::{
    events::Scene,
    log::{Log, LoggedMessage},
    world::PlaceIx,
};

/// What a person does to a message of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnChange<'a> {
    /// Gives it a new text.
    Edit(&'a str),
    Delete,
    Undelete,
}

impl OwnChange<'_> {
    /// Whether it takes a deleted message.
    pub(super) fn of_deleted(self) -> bool {
        self == Self::Undelete
    }

    pub(super) fn apply(self, log: &mut Log, place: PlaceIx, id: &str) {
        match self {
            Self::Edit(text) => {
                log.edit(place, id, json!({"type": "message", "text": text, "textFormat": "plain"}));
            }
            Self::Delete => log.delete(place, id),
            Self::Undelete => log.undelete(place, id),
        }
    }

    /// What the bot is told.
    pub(super) fn event(self, scene: &Scene<'_>, message: &LoggedMessage) -> Value {
        let (text, kind) = match self {
            Self::Delete => {
                let more = json!({"channelData": {"eventType": "softDeleteMessage"}});
                return scene.said("messageDelete", &message.id, more);
            }
            Self::Edit(text) => (json!(text), "editMessage"),
            Self::Undelete => (message.activity["text"].clone(), "undeleteMessage"),
        };
        let more = json!({"text": text, "textFormat": "plain", "channelData": {"eventType": kind}});
        scene.said("messageUpdate", &message.id, more)
    }
}
