use std::sync::Arc;
use std::time::{Duration, SystemTime};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use pregon_auth::{AccessToken, BoxError, Clock, HttpClient, SystemClock, TokenFor, TokenSource, read_bounded};
use pregon_model::ErrorBody;
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::classify::{Failure, classify};
use crate::{AuthCause, ConnectorError, Details};

/// Bound of an answer unless a call has its own, bytes: a roster page of 500 people has about 200 kB.
const BODY_LIMIT: usize = 1024 * 1024;

const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'$').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Sends calls with the right token; knows nothing of what they mean.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    http: HttpClient,
    tokens: Arc<dyn TokenSource>,
    clock: Arc<dyn Clock>,
}

/// One call, ready to be sent any number of times.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) target: TokenFor,
    /// Besides those that every call has.
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Option<Vec<u8>>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) accept: &'static str,
    /// Longest body taken, bytes.
    pub(crate) limit: usize,
    /// Whether a 412 means that the token lives too short for this call.
    pub(crate) needs_long_token: bool,
}

impl Call {
    pub(crate) fn new(method: Method, url: Option<Url>, target: TokenFor) -> Result<Self, ConnectorError> {
        let url = url.ok_or(ConnectorError::BadId)?;
        let (headers, accept) = (Vec::new(), "application/json");
        let (body, timeout, limit) = (None, None, BODY_LIMIT);
        Ok(Self { method, url, target, headers, body, timeout, accept, limit, needs_long_token: false })
    }

    pub(crate) fn json(self, body: &impl Serialize) -> Result<Self, ConnectorError> {
        let body = serde_json::to_vec(body).map_err(|error| ConnectorError::NotSent(Arc::new(error)))?;
        Ok(Self { body: Some(body), ..self })
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Adds one query parameter. A `$` in the name stays: `OData` has names with `$`.
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        let (name, value) = (utf8_percent_encode(name, NAME), utf8_percent_encode(value, NON_ALPHANUMERIC));
        let query = match self.url.query() {
            Some(before) => format!("{before}&{name}={value}"),
            None => format!("{name}={value}"),
        };
        self.url.set_query(Some(&query));
        self
    }
}

/// A successful answer. The body is an error when it broke off: the status stands all the same.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// When it came.
    pub(crate) now: SystemTime,
    pub(crate) body: Result<Vec<u8>, BoxError>,
}

impl Answer {
    /// Reads the body as JSON.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<T, ConnectorError> {
        let body = self.bytes()?;
        serde_json::from_slice(body).map_err(|error| self.unreadable(Arc::new(error)))
    }

    /// The body, when it came to its end.
    pub(crate) fn bytes(&self) -> Result<&[u8], ConnectorError> {
        self.body.as_deref().map_err(|error| self.unreadable(Arc::clone(error)))
    }

    pub(crate) fn unreadable(&self, source: BoxError) -> ConnectorError {
        let details = Details::of(self.status, &self.headers, &ErrorBody::default(), self.now);
        ConnectorError::Unreadable { details: Box::new(details), source }
    }
}

impl Transport {
    pub(crate) fn new(http: HttpClient, tokens: Arc<dyn TokenSource>) -> Self {
        Self { http, tokens, clock: Arc::new(SystemClock) }
    }

    pub(crate) fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Sends the call. When the token is to blame, nothing was done, and it is sent once more with a new one.
    pub(crate) async fn send(&self, call: &Call) -> Result<Answer, ConnectorError> {
        let token = self.tokens.token(&call.target).await?;
        match self.attempt(call, &token).await {
            Err(error) if is_of_token(call, &error) => {
                tracing::debug!(target = ?call.target, %error, "token refused, trying once with a new one");
                self.tokens.invalidate(&call.target, &token);
                let token = self.tokens.token(&call.target).await?;
                self.attempt(call, &token).await
            }
            result => result,
        }
    }

    /// Sends the call once and gives back whatever comes, its body unread.
    pub(crate) async fn send_untouched(&self, call: &Call) -> Result<reqwest::Response, ConnectorError> {
        let token = self.tokens.token(&call.target).await?;
        self.exchange(call, &token).await
    }

    async fn attempt(&self, call: &Call, token: &AccessToken) -> Result<Answer, ConnectorError> {
        let mut response = self.exchange(call, token).await?;
        let (now, headers) = (self.clock.now(), std::mem::take(response.headers_mut()));
        let (success, status) = (response.status().is_success(), response.status().as_u16());
        let body = read_bounded(response, call.limit).await;
        if success {
            let body = body.map_err(|error| Arc::new(error) as BoxError);
            return Ok(Answer { status, headers, now, body });
        }
        // The status decides; a body that broke off merely says nothing.
        let body = body.unwrap_or_default();
        Err(classify(&Failure { call, token: token.expose(), status, headers: &headers, body: &body, now }))
    }

    async fn exchange(&self, call: &Call, token: &AccessToken) -> Result<reqwest::Response, ConnectorError> {
        let mut request = self.http.get().request(call.method.clone(), call.url.clone());
        request = request.bearer_auth(token.expose()).header(ACCEPT, call.accept);
        for (name, value) in &call.headers {
            request = request.header(*name, value);
        }
        if let Some(body) = &call.body {
            request = request.header(CONTENT_TYPE, "application/json; charset=utf-8").body(body.clone());
        }
        if let Some(timeout) = call.timeout {
            request = request.timeout(timeout);
        }
        request.send().await.map_err(unsent_or_unanswered)
    }
}

/// Whether another token would help.
fn is_of_token(call: &Call, error: &ConnectorError) -> bool {
    match error {
        ConnectorError::Unauthorised { diagnosis, .. } => diagnosis.cause != AuthCause::NotRegistered,
        ConnectorError::Transient(details) => call.needs_long_token && details.status == 412,
        _ => false,
    }
}

/// Only an error before there was a connection proves that nothing was written.
fn unsent_or_unanswered(error: reqwest::Error) -> ConnectorError {
    let never_left = error.is_connect() || error.is_builder();
    let source: BoxError = Arc::new(error.without_url());
    if never_left {
        ConnectorError::NotSent(source)
    } else {
        ConnectorError::Unanswered { details: None, source: Some(source) }
    }
}
