use pregon_auth::BoxError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::request::awaited_as_request;
use crate::transport::{Answer, Call, Transport};
use crate::{ConnectorError, Request};

/// A call this crate has no name for; see [`Connector::raw`](crate::Connector::raw).
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct RawRequest<'a>(Request<'a, RawAnswer>);

impl<'a> RawRequest<'a> {
    pub(crate) fn new(transport: &'a Transport, call: Result<Call, ConnectorError>) -> Self {
        Self(Request::new(transport, call, |answer| answer.map(RawAnswer)))
    }

    /// Adds a query parameter; name and value are percent-encoded, but for a `$` in the name.
    pub fn query(self, name: &str, value: &str) -> Self {
        Self(self.0.map(|call| Ok(call.query(name, value))))
    }

    /// Sends this as JSON.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self(self.0.map(|call| call.json(body)))
    }

    /// Sends it once and gives back the answer untouched: any status, its body unread and unbounded.
    ///
    /// A refused token is not replaced here; whether the message was delivered is for the caller to tell.
    ///
    /// # Errors
    ///
    /// Only those of a call without an answer: no token, a bad id, no connection, a line that broke.
    pub fn response(self) -> impl Future<Output = Result<reqwest::Response, ConnectorError>> + Send + 'a {
        self.0.response()
    }
}

awaited_as_request!(RawRequest => RawAnswer);

impl<'a> From<RawRequest<'a>> for Request<'a, RawAnswer> {
    fn from(raw: RawRequest<'a>) -> Self {
        raw.0
    }
}

/// A successful answer as it came.
#[derive(Debug)]
pub struct RawAnswer(Answer);

impl RawAnswer {
    /// HTTP status, 2xx.
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// A header's text; `None` when it is absent or no text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.0.headers.get(name)?.to_str().ok()
    }

    /// The body, at most 1 MiB; the error says why it could not be read to its end.
    pub fn body(&self) -> Result<&[u8], &BoxError> {
        self.0.body.as_deref()
    }

    /// The body as JSON.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, ConnectorError> {
        self.0.json()
    }
}
