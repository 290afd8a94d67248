use std::any::Any;

use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;

use super::read;
use super::receive::{Received, receive, refuse};
use crate::{Authenticated, InboundAuth, InboundError};

/// Takes the [`InboundAuth`] from the router's state, and the whole body: it is a handler's last argument.
impl<S, T> FromRequest<S> for Authenticated<T>
where
    S: Send + Sync,
    InboundAuth: FromRef<S>,
    T: DeserializeOwned + 'static,
{
    type Rejection = InboundError;

    async fn from_request(request: Request, state: &S) -> Result<Self, InboundError> {
        let auth = InboundAuth::from_ref(state);
        let Received { body, authenticated: Authenticated { activity, vouched }, .. } = receive(&auth, request).await?;
        // Most handlers want the `Activity`, which has been read already.
        let mut activity = Some(activity);
        let activity = match (&mut activity as &mut dyn Any).downcast_mut::<Option<T>>().and_then(Option::take) {
            Some(activity) => activity,
            None => read::object(&body)?,
        };
        Ok(Self { activity, vouched })
    }
}

impl IntoResponse for InboundError {
    fn into_response(self) -> Response {
        refuse(&self)
    }
}
