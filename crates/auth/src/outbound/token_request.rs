use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::http::read_bounded;
use crate::retry_after::retry_after;
use crate::{AccessToken, HttpClient, Refusal, TokenError};

/// Longest wait for one answer of the login service.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// Longest `Retry-After` obeyed within one call; a longer one is the caller's to wait for.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Bound of an answer, bytes; real ones have about two thousand.
const BODY_LIMIT: usize = 64 * 1024;

/// A new token and how long it lives.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) token: AccessToken,
    pub(crate) lifetime: Duration,
}

/// How often a transient failure is tried again, and the first pause, which doubles.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retries {
    pub(crate) max: u32,
    pub(crate) first_pause: Duration,
}

/// Asks the token endpoint, again after transient failures.
pub(crate) async fn request(
    http: &HttpClient,
    url: &Url,
    form: &[(&str, &str)],
    retries: Retries,
    now: SystemTime,
) -> Result<Grant, TokenError> {
    let mut pause = retries.first_pause;
    let mut left = retries.max;
    loop {
        let error = match attempt(http, url, form, now).await {
            Err(error) if error.is_transient() && left > 0 => error,
            result => return result,
        };
        let asked = match &error {
            TokenError::Unavailable { retry_after, .. } => retry_after.unwrap_or(pause),
            _ => pause,
        };
        if asked > LONGEST_PAUSE {
            return Err(error);
        }
        tracing::debug!(%error, pause_ms = asked.as_millis(), "asking for a token again");
        tokio::time::sleep(asked).await;
        left -= 1;
        pause *= 2;
    }
}

async fn attempt(http: &HttpClient, url: &Url, form: &[(&str, &str)], now: SystemTime) -> Result<Grant, TokenError> {
    // The form holds the secret, so the error must not: reqwest's names the URL only.
    let unreachable = |error: reqwest::Error| TokenError::Unreachable(Arc::new(error));
    let response =
        http.get().post(url.clone()).timeout(ATTEMPT_TIMEOUT).form(form).send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let wait = response.headers().get("retry-after").and_then(|value| retry_after(value.to_str().ok()?, now));
    let body = read_bounded(response, BODY_LIMIT).await.map_err(|error| TokenError::Unreachable(Arc::new(error)))?;
    if (200..300).contains(&status) {
        return grant(&body).ok_or(TokenError::Unusable);
    }
    let refusal = refusal(status, &body);
    let later = status == 429 || status >= 500 || refusal.error.as_deref() == Some("temporarily_unavailable");
    Err(if later { TokenError::Unavailable { status, retry_after: wait } } else { TokenError::Refused { refusal } })
}

#[derive(Deserialize)]
struct GrantBody {
    access_token: String,
    /// A number from Entra, a string from managed identities.
    expires_in: Value,
}

fn grant(body: &[u8]) -> Option<Grant> {
    let body: GrantBody = serde_json::from_slice(body).ok()?;
    let seconds = body.expires_in.as_u64().or_else(|| body.expires_in.as_str()?.parse().ok())?;
    // Must fit into a header line; a day is more than any Entra token lives.
    let plain = !body.access_token.is_empty() && body.access_token.bytes().all(|byte| byte.is_ascii_graphic());
    let lifetime = Duration::from_secs(seconds.min(24 * 3600));
    plain.then(|| Grant { token: AccessToken::new(body.access_token), lifetime })
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RefusalBody {
    error: Option<String>,
    error_description: Option<String>,
    error_codes: Vec<u32>,
    trace_id: Option<String>,
}

/// Keeps what is safe to print: the description may quote the request, so only its code is taken.
fn refusal(status: u16, body: &[u8]) -> Refusal {
    let body: RefusalBody = serde_json::from_slice(body).unwrap_or_default();
    let described = || {
        let (_, rest) = body.error_description.as_deref()?.split_once("AADSTS")?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    Refusal {
        status,
        aadsts: body.error_codes.first().copied().or_else(described),
        error: body.error.filter(|text| is_plain(text)),
        trace_id: body.trace_id.filter(|text| is_plain(text)),
    }
}

fn is_plain(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
