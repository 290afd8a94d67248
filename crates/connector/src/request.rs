use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;

use crate::ConnectorError;
use crate::transport::{Answer, Call, Transport};

/// Makes of an answer what the call returns.
pub(crate) type Read<T> = fn(Result<Answer, ConnectorError>) -> Result<T, ConnectorError>;

/// The future of a request, once it is awaited.
pub type RequestFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, ConnectorError>> + Send + 'a>>;

/// One call, sent when it is awaited. What is wrong with its arguments is told then, too.
#[must_use = "a request does nothing until it is awaited"]
pub struct Request<'a, T> {
    transport: &'a Transport,
    call: Result<Call, ConnectorError>,
    read: Read<T>,
}

impl<'a, T> Request<'a, T> {
    pub(crate) fn new(transport: &'a Transport, call: Result<Call, ConnectorError>, read: Read<T>) -> Self {
        Self { transport, call, read }
    }

    /// Longest wait for the whole answer, connecting and body included; without it, the HTTP client's
    /// own. A second try after a refused token has the same again.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.map(|call| Ok(Call { timeout: Some(timeout), ..call }))
    }

    /// The answer as it comes, whatever its status; see [`crate::RawRequest::response`].
    pub(crate) async fn response(self) -> Result<reqwest::Response, ConnectorError> {
        self.transport.send_untouched(&self.call?).await
    }

    pub(crate) fn into_parts(self) -> (&'a Transport, Result<Call, ConnectorError>, Read<T>) {
        (self.transport, self.call, self.read)
    }

    pub(crate) fn map(self, change: impl FnOnce(Call) -> Result<Call, ConnectorError>) -> Self {
        Self { call: self.call.and_then(change), ..self }
    }
}

impl<T> fmt::Debug for Request<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Request");
        match &self.call {
            // Not the body: it is what somebody wrote to somebody.
            Ok(call) => out.field("method", &call.method).field("url", &call.url.as_str()),
            Err(error) => out.field("error", error),
        };
        out.finish_non_exhaustive()
    }
}

impl<'a, T: 'a> IntoFuture for Request<'a, T> {
    type Output = Result<T, ConnectorError>;
    type IntoFuture = RequestFuture<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { (self.read)(self.transport.send(&self.call?).await) })
    }
}

/// Makes a request of its own type, one that wraps a [`Request`], a future like any other.
macro_rules! awaited_as_request {
    ($name:ident => $output:ty) => {
        impl $name<'_> {
            /// Longest wait for the whole answer; without it, the HTTP client's own.
            pub fn timeout(self, timeout: std::time::Duration) -> Self {
                Self(self.0.timeout(timeout))
            }
        }

        impl<'a> std::future::IntoFuture for $name<'a> {
            type Output = Result<$output, crate::ConnectorError>;
            type IntoFuture = crate::RequestFuture<'a, $output>;

            fn into_future(self) -> Self::IntoFuture {
                self.0.into_future()
            }
        }
    };
}

pub(crate) use awaited_as_request;
