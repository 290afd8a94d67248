//! The wire model against documented payloads, and against anything at all.

mod any_json;
mod card;
mod documents;
mod events;
mod every_type;
mod hostile;
mod open;
mod round_trip;
mod tolerance;
mod writing;
