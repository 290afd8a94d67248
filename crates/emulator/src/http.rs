use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde_json::json;

use crate::listener::Wire;

/// Nothing longer is read, whatever the limits of a service.
const LONGEST_BODY: usize = 8 << 20;

/// One request, read to its end.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Path segments, decoded.
    pub(crate) segments: Vec<String>,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// When its head arrived, microseconds of the emulator's clock.
    pub(crate) arrived: u64,
    pub(crate) wire: Wire,
}

impl Call {
    /// Reads the request; the error is the answer.
    pub(crate) async fn read(request: Request, arrived: u64) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let wire = parts.extensions.get::<ConnectInfo<Wire>>().map(|info| info.0.clone()).unwrap_or_default();
        wire.calm();
        let body = to_bytes(body, LONGEST_BODY).await.map_err(|_| too_large())?;
        let decode = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        let segments = parts.uri.path().split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
        let query = parts.uri.query().unwrap_or_default().to_owned();
        Ok(Self { method: parts.method, segments, query, headers: parts.headers, body, arrived, wire })
    }

    /// A query parameter, its name compared without regard to case.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(self.query.as_bytes());
        pairs.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.into_owned())
    }

    /// The token of `Authorization: Bearer …`.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    }

    /// The path as text, for messages.
    pub(crate) fn path(&self) -> String {
        format!("/{}", self.segments.join("/"))
    }
}

/// A JSON answer.
pub(crate) fn json_answer(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => {
            let kind = HeaderValue::from_static("application/json; charset=utf-8");
            (status, [(header::CONTENT_TYPE, kind)], bytes).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    (status, Body::empty()).into_response()
}

/// Adds a header; a value that cannot be one is left out.
pub(crate) fn with_header(mut response: Response, name: &'static str, value: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(HeaderName::from_static(name), value);
    }
    response
}

/// Nobody answers on this path.
pub(crate) fn not_found(call: &Call) -> Response {
    let message = format!("The emulator answers nothing on {} {}.", call.method, call.path());
    json_answer(StatusCode::NOT_FOUND, &json!({"error": {"code": "NotFound", "message": message}}))
}

fn too_large() -> Response {
    let error = json!({"error": {"code": "MessageSizeTooBig", "message": "Message size too large."}});
    json_answer(StatusCode::PAYLOAD_TOO_LARGE, &error)
}
