use serde::Deserialize as _;
use serde_json::Value;

use super::Event;
use crate::{Activity, ActivityId, MeetingEvent, MeetingParticipant};

/// What the names of Teams' own events begin with.
const PREFIX: &str = "application/vnd.microsoft.";

impl Activity {
    /// An `event` activity, by its name.
    pub(super) fn named_event(&self) -> Event<'_> {
        let Some(name) = self.name.as_deref() else { return Event::Other(&self.kind) };
        self.known_event(name).unwrap_or(Event::OtherEvent(name))
    }

    fn known_event(&self, name: &str) -> Option<Event<'_>> {
        let value = self.value.as_ref()?;
        let name = name.to_ascii_lowercase();
        Some(match name.strip_prefix(PREFIX)? {
            "readreceipt" => Event::ReadReceipt { last_read: last_read(value)? },
            "meetingstart" => Event::MeetingStarted(MeetingEvent::read(value)),
            "meetingend" => Event::MeetingEnded(MeetingEvent::read(value)),
            "meetingparticipantjoin" => Event::MeetingParticipantsJoined(participants(value)?),
            "meetingparticipantleave" => Event::MeetingParticipantsLeft(participants(value)?),
            _ => return None,
        })
    }
}

fn last_read(value: &Value) -> Option<ActivityId> {
    match value.get("lastReadMessageId")? {
        Value::String(id) => Some(ActivityId::new(id)),
        Value::Number(id) => Some(ActivityId::new(id.to_string())),
        _ => None,
    }
}

/// Those that can be read: one odd entry does not hide the others.
fn participants(value: &Value) -> Option<Vec<MeetingParticipant>> {
    let members = value.get("members")?.as_array()?;
    Some(members.iter().filter_map(|member| MeetingParticipant::deserialize(member).ok()).collect())
}
