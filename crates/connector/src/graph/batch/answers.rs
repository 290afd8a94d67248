use std::sync::Arc;

use reqwest::header::HeaderMap;

use super::BatchEntry;
use super::part::Outcome;
use crate::graph::Throttling;
use crate::{BadArgument, ConnectorError};

/// The answers to the calls of a batch.
#[derive(Debug)]
pub struct BatchAnswers {
    outcomes: Vec<Option<Outcome>>,
    mark: Arc<()>,
}

impl BatchAnswers {
    pub(super) fn new(outcomes: Vec<Option<Outcome>>, mark: Arc<()>) -> Self {
        Self { outcomes, mark }
    }

    /// The answer to one call.
    #[expect(clippy::needless_pass_by_value, reason = "an answer is taken once")]
    pub fn take<T>(&mut self, entry: BatchEntry<T>) -> BatchAnswer<T> {
        let own = Arc::ptr_eq(&entry.mark, &self.mark);
        let outcome = self.outcomes.get_mut(entry.index).filter(|_| own).and_then(Option::take);
        let outcome = outcome.unwrap_or_else(|| Err(BadArgument::new("entry", "is of another batch").into()));
        match outcome {
            Ok(answer) => {
                let (status, headers) = (Some(answer.status), answer.headers.clone());
                let throttling = Throttling::in_headers(&headers);
                BatchAnswer { result: (entry.read)(Ok(answer)), throttling, status, headers }
            }
            Err(error) => {
                let (status, headers) = (error.status(), HeaderMap::new());
                let throttling = error.details().map(Throttling::of).unwrap_or_default();
                BatchAnswer { result: (entry.read)(Err(error)), throttling, status, headers }
            }
        }
    }
}

/// The answer to one call of a batch.
#[derive(Debug)]
#[non_exhaustive]
pub struct BatchAnswer<T> {
    /// What the call gives, as if it had been made alone.
    ///
    /// A throttled one is made again by itself, after its own [`ConnectorError::retry_after`]. One that
    /// Graph says nothing of is [`ConnectorError::Unanswered`]: it may have been done.
    pub result: Result<T, ConnectorError>,
    /// What it cost, if Graph says so.
    pub throttling: Throttling,
    status: Option<u16>,
    headers: HeaderMap,
}

impl<T> BatchAnswer<T> {
    /// HTTP status of the call, if it was answered.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// A header's text, of a call that succeeded; an error has its own in its details.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
