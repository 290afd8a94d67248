use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use pregon_domain::KeyId;

use crate::api::Problem;
use crate::app::App;
use crate::key;

/// Who calls: the API key of the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) key: KeyId,
}

/// Lets only requests with a valid key through, and says whose it is.
pub(crate) async fn require_key(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match caller(&app, request.headers()).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn caller(app: &App, headers: &HeaderMap) -> Result<Caller, Problem> {
    let refused = |code, detail: &str| {
        Problem::new(StatusCode::UNAUTHORIZED, code, detail)
            .remedy("Send Authorization: Bearer pgk_…, a key made by POST /api/v1/api_keys or on the server's machine.")
    };
    let header = headers.get(AUTHORIZATION).ok_or_else(|| refused("missing_key", "The request carries no API key."))?;
    let bad = || refused("invalid_key", "The API key is not valid here.");
    let (scheme, presented) = header.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(bad)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(bad());
    }
    let hash = key::hash_of(presented.trim()).ok_or_else(bad)?;
    let key = app.store.key_by_hash(&hash).await?.ok_or_else(bad)?;
    Ok(Caller { key: key.id })
}
