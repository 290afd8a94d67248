//! Why the service does not accept the bot: which of ten causes, and how it was told.

mod cause;
mod claims;
mod diagnose;
mod evidence;
mod hosts;

pub use cause::{AuthCause, Diagnosis, ToldBy};
pub(crate) use diagnose::{at_login, diagnose};
