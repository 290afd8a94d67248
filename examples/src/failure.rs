use std::fmt;

use pregon_connector::{ConnectorError, NextStep};

/// How an example ends that cannot go on: what failed and why on one line, then what to do about it.
pub struct Failure(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// What `main` shows of an error, after the word "Error".
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.0)?;
        let step = self.0.chain().find_map(|cause| cause.downcast_ref::<ConnectorError>()?.next_step().into());
        step.and_then(remedy).map_or(Ok(()), |remedy| write!(f, "\n\n{remedy}"))
    }
}

fn remedy(step: NextStep) -> Option<&'static str> {
    Some(match step {
        NextStep::Retry(_) => "Nothing was done: try again in a moment.",
        NextStep::Decide => "It may have been done all the same: look before you try again.",
        NextStep::Install => "Install the app there first; install_for_user shows how that is done for a person.",
        NextStep::CreateConversation | NextStep::ForgetMessage => "Check the ids: they are this bot's own.",
        NextStep::ChangeServiceUrl => "Set PREGON_SERVICE_URL to the serviceUrl of an activity of this organisation.",
        NextStep::StopConversation => "They blocked or removed the app: only they can take that back.",
        NextStep::StopTenant => "The organisation's administrators decide: ask them to allow the app.",
        NextStep::FixRequest => "Check the ids and the message: the same will be refused again.",
        // The error names what is wrong with the registration, and its remedy.
        _ => return None,
    })
}
