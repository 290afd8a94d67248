//! What the layer and the extractor share: a request in, a checked activity or an answer out.

use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::json;

use crate::{Authenticated, InboundAuth, InboundError};

/// Longest wait for a whole body: Teams has given the request up by then, and a sender that stalls must
/// not hold memory for ever.
const BODY_TIMEOUT: Duration = Duration::from_secs(15);

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A request whose token, body and tenant were checked.
pub(super) struct Received {
    pub(super) parts: Parts,
    pub(super) body: Bytes,
    pub(super) authenticated: Authenticated,
}

/// Checks a request, reading its body.
pub(super) async fn receive<B>(auth: &InboundAuth, request: Request<B>) -> Result<Received, InboundError>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let (parts, body) = request.into_parts();
    if parts.method != Method::POST {
        return Err(InboundError::Method);
    }
    let body = read_body(body, auth.body_limit()).await?;
    let authenticated = auth.authenticate(&parts.headers, &body).await?;
    Ok(Received { parts, body, authenticated })
}

async fn read_body<B>(body: B, limit: usize) -> Result<Bytes, InboundError>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let too_large = InboundError::BodyTooLarge { limit };
    // What Content-Length announces is refused unread.
    if body.size_hint().lower() > limit as u64 {
        return Err(too_large);
    }
    match tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large),
        Ok(Err(_)) => Err(InboundError::BodyIncomplete),
        Err(_) => Err(InboundError::BodyTooSlow),
    }
}

/// The answer to a refused request, an `application/problem+json`; also the one place that logs it.
pub(super) fn refuse<B: From<Bytes>>(error: &InboundError) -> Response<B> {
    let (status, code) = (error.status(), error.code());
    if status.is_server_error() {
        tracing::warn!(code, "an activity was not taken: {code}");
    } else {
        tracing::info!(code, "an activity was refused: {code}");
    }
    let problem = json!({
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "code": code,
        "detail": format!("{error}."),
    });
    let mut response = Response::new(B::from(Bytes::from(problem.to_string())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    match status {
        StatusCode::UNAUTHORIZED => _ = headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
        StatusCode::METHOD_NOT_ALLOWED => _ = headers.insert(ALLOW, HeaderValue::from_static("POST")),
        _ => {}
    }
    response
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::{StreamExt as _, stream};
    use http_body::Frame;
    use http_body_util::StreamBody;

    use super::*;

    fn data(text: &'static str) -> Frame<Bytes> {
        Frame::data(Bytes::from_static(text.as_bytes()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_sender_that_stalls_is_not_waited_for_for_ever() {
        let stalled = stream::iter([Ok::<_, Infallible>(data("{"))]).chain(stream::pending());
        assert_eq!(read_body(StreamBody::new(stalled), 100).await, Err(InboundError::BodyTooSlow));
    }

    #[tokio::test]
    async fn a_body_is_read_to_its_end_or_not_at_all() {
        let body = |chunks: Vec<_>| StreamBody::new(stream::iter(chunks));
        assert_eq!(read_body(body(vec![Ok(data("{")), Ok(data("}"))]), 2).await, Ok(Bytes::from_static(b"{}")));
        let too_long = read_body(body(vec![Ok(data("{")), Ok(data("} "))]), 2).await;
        assert_eq!(too_long, Err(InboundError::BodyTooLarge { limit: 2 }));
        let broken = read_body(body(vec![Ok(data("{")), Err(std::io::Error::other("reset"))]), 100).await;
        assert_eq!(broken, Err(InboundError::BodyIncomplete));
    }
}
