use serde::de::DeserializeOwned;

use crate::ConnectorError;
use crate::transport::Answer;

/// One object; `None` when there is none.
pub(super) fn found<T: DeserializeOwned>(answer: Result<Answer, ConnectorError>) -> Result<Option<T>, ConnectorError> {
    match answer {
        Err(error) if error.status() == Some(404) => Ok(None),
        answer => answer?.json().map(Some),
    }
}

/// Nothing but that it was done.
pub(super) fn done(answer: Result<Answer, ConnectorError>) -> Result<(), ConnectorError> {
    answer.map(|_| ())
}
