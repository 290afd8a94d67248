use std::sync::Arc;
use std::time::{Duration, SystemTime};

use pregon_model::AppId;
use url::Url;

use super::answer::{self, Grant};
use crate::{HttpClient, Secret, TokenError, TokenService};

/// Longest wait for one answer of the login service.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// What proves that the app is the app.
#[derive(Debug)]
pub(super) enum Proof<'a> {
    Secret(&'a Secret),
    /// A signed token: the app's own, or a federated one.
    Assertion(Secret),
}

/// Asks the token endpoint once, with the grant `client_credentials`.
pub(super) async fn request(
    http: &HttpClient,
    url: Url,
    app_id: &AppId,
    scope: &str,
    proof: &Proof<'_>,
    now: SystemTime,
) -> Result<Grant, TokenError> {
    let mut form = vec![("grant_type", "client_credentials"), ("client_id", app_id.as_str()), ("scope", scope)];
    match proof {
        Proof::Secret(secret) => form.push(("client_secret", secret.expose())),
        Proof::Assertion(token) => form.extend([
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", token.expose()),
        ]),
    }
    // The form holds the proof, so the error must not: reqwest's names the URL only.
    let unreachable = |error: reqwest::Error| TokenError::Unreachable(Arc::new(error));
    let response = http.get().post(url).timeout(ATTEMPT_TIMEOUT).form(&form).send().await.map_err(unreachable)?;
    answer::read(response, TokenService::Login, now).await
}
