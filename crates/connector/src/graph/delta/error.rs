use crate::ConnectorError;
use crate::graph::DeltaLink;

/// Codes by which Graph says that a link is no longer good, with status 400 or another 4xx.
const START_OVER: [&str; 3] = ["syncStateNotFound", "syncStateInvalid", "resyncRequired"];

/// Why changes could not be read.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeltaError {
    /// The link is older than 7 days or was given up (410): read everything again, and forget what
    /// does not come.
    #[error("the delta link is no longer good: everything must be read again")]
    StartOver {
        /// Where Graph wants that to begin, if it says so; else without a link.
        from: Option<DeltaLink>,
        /// What Graph said.
        #[source]
        source: ConnectorError,
    },
    /// The call failed; the same link may be tried again as the error says.
    #[error(transparent)]
    Call(ConnectorError),
}

impl From<ConnectorError> for DeltaError {
    fn from(error: ConnectorError) -> Self {
        let gone = error.status() == Some(410);
        if gone || START_OVER.iter().any(|code| error.is(code)) {
            let from = error.details().and_then(|details| details.location.clone()).map(DeltaLink::new);
            return Self::StartOver { from, source: error };
        }
        Self::Call(error)
    }
}
