use std::sync::Arc;

use serde::Deserialize;

use super::Change;
use crate::ConnectorError;
use crate::graph::{DeltaLink, InDirectory, Throttling};
use crate::transport::Answer;

/// One page of changes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DeltaPage<T: InDirectory> {
    /// What changed; may be empty though others follow.
    pub changes: Vec<Change<T>>,
    /// Where to go on: store it when the changes have been dealt with.
    pub link: DeltaLink,
    /// Whether this was the last page of the round.
    pub complete: bool,
    /// What the page cost, if Graph says so.
    pub throttling: Throttling,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "T: InDirectory"))]
struct Wire<T: InDirectory> {
    value: Option<Vec<Change<T>>>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<DeltaLink>,
    #[serde(rename = "@odata.deltaLink")]
    done: Option<DeltaLink>,
}

#[derive(Debug, thiserror::Error)]
#[error("the page of changes has no link to go on with")]
struct NoLink;

impl<T: InDirectory> DeltaPage<T> {
    pub(super) fn read(answer: Result<Answer, ConnectorError>) -> Result<Self, ConnectorError> {
        let answer = answer?;
        let throttling = Throttling::in_headers(&answer.headers);
        let wire: Wire<T> =
            serde_json::from_slice(answer.bytes()?).map_err(|error| answer.unreadable(Arc::new(error)))?;
        // An empty link leads nowhere, and must not hide the other.
        let given = |link: &DeltaLink| !link.as_str().is_empty();
        let (link, complete) = match (wire.next.filter(given), wire.done.filter(given)) {
            (Some(next), _) => (next, false),
            (None, Some(done)) => (done, true),
            (None, None) => return Err(answer.unreadable(Arc::new(NoLink))),
        };
        Ok(Self { changes: wire.value.unwrap_or_default(), link, complete, throttling })
    }
}

impl<T: InDirectory> crate::pages::Page for DeltaPage<T> {
    fn continuation(&self) -> Option<&str> {
        (!self.complete).then(|| self.link.as_str())
    }
}
