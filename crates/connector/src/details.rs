use std::fmt;
use std::time::{Duration, SystemTime};

use pregon_auth::retry_after;
use pregon_model::ErrorBody;
use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};

/// Headers by which Microsoft's support finds a call again, besides all that begin with `x-ms-`.
const CORRELATION: [&str; 5] = ["ms-cv", "contextid", "x-correlating-operationid", "request-id", "client-request-id"];

/// Most correlation headers kept.
const CORRELATION_LIMIT: usize = 16;

/// Longest text of the service kept, characters.
const TEXT_LIMIT: usize = 300;

/// What the service said about a failed call; safe to log, for people and for Microsoft's support.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Details {
    /// HTTP status.
    pub status: u16,
    /// The service's own code, from whichever shape the body had.
    pub code: Option<String>,
    /// A second code where the body has one: below the first, or the number of the legacy shape.
    pub sub_code: Option<String>,
    /// HTTP status of the service behind, when this one passed its failure on.
    pub inner_status: Option<u16>,
    /// Its sentence, shortened; the wording changes, so never decide on it.
    pub message: Option<String>,
    /// How long the service asks to wait, at most an hour; also with 503 and 504.
    pub retry_after: Option<Duration>,
    /// When that wait is over, by this client's clock.
    pub retry_at: Option<SystemTime>,
    /// Where the service says to go instead, as it wrote it; never gone to by itself.
    pub location: Option<String>,
    /// Correlation ids: names in lower case (`ms-cv`, `x-ms-…`) and values.
    pub correlation: Vec<(String, String)>,
}

impl Details {
    /// An answer of which only the status is known: for tests of what a caller does.
    pub fn new(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// Of an answer received at `now`.
    pub(crate) fn of(status: u16, headers: &HeaderMap, said: &ErrorBody, now: SystemTime) -> Self {
        let wait = headers.get(RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?, now));
        Self {
            status,
            code: said.code.as_deref().map(plain),
            sub_code: said.sub_code.as_deref().map(plain),
            inner_status: said.inner_status,
            message: said.message.as_deref().map(plain),
            retry_after: wait,
            retry_at: wait.map(|wait| now + wait),
            location: headers.get(LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned),
            correlation: correlation(headers),
        }
    }
}

impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}", self.status)?;
        for code in self.code.iter().chain(&self.sub_code) {
            write!(f, " {code}")?;
        }
        match self.inner_status {
            Some(status) => write!(f, ", behind it HTTP {status}"),
            None => Ok(()),
        }
    }
}

fn correlation(headers: &HeaderMap) -> Vec<(String, String)> {
    let wanted = |name: &str| CORRELATION.contains(&name) || name.starts_with("x-ms-");
    let named = headers.iter().filter(|(name, _)| wanted(name.as_str()));
    let texts = named.filter_map(|(name, value)| Some((plain(name.as_str()), plain(value.to_str().ok()?))));
    texts.take(CORRELATION_LIMIT).collect()
}

/// Shortened, and without control characters that could forge a log line.
fn plain(text: &str) -> String {
    text.chars().take(TEXT_LIMIT).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
