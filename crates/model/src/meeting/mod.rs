//! Meetings: their events, and what the Connector tells of them.

mod event;
mod info;
mod notification;
mod participant;

pub use event::MeetingEvent;
pub use info::{MeetingDetails, MeetingInfo};
pub use notification::{MeetingNotification, UnnotifiedRecipient};
pub use participant::{MeetingPart, MeetingParticipant};
