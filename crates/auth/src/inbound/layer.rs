use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::receive::{Received, receive, refuse};
use crate::InboundAuth;

/// The service behind [`InboundAuth`] as a layer: calls `S` for authenticated activities only.
#[derive(Clone, Debug)]
pub struct InboundAuthService<S> {
    inner: S,
    auth: InboundAuth,
}

/// Wraps a service that answers a bot's endpoint.
///
/// The inner service finds an [`Authenticated`](crate::Authenticated) activity among the request's
/// extensions, and the body as it came. Everything else is answered here with the status of
/// [`InboundError`](crate::InboundError) and an `application/problem+json`.
impl<S> Layer<S> for InboundAuth {
    type Service = InboundAuthService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        InboundAuthService { inner, auth: self.clone() }
    }
}

impl<S, B, Out> Service<Request<B>> for InboundAuthService<S>
where
    S: Service<Request<B>, Response = Response<Out>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    B: Body + From<Bytes> + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    Out: From<Bytes> + Send,
{
    type Response = Response<Out>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let auth = self.auth.clone();
        // The service that was polled ready is the one to call; the clone takes its turn next.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            match receive(&auth, request).await {
                Ok(Received { mut parts, body, authenticated }) => {
                    parts.extensions.insert(authenticated);
                    inner.call(Request::from_parts(parts, B::from(body))).await
                }
                Err(error) => Ok(refuse(&error)),
            }
        })
    }
}
