//! Answers of the login service and of the machine's identity endpoint: they are of one form.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::http::read_bounded;
use crate::retry_after::retry_after;
use crate::{AccessToken, Refusal, TokenError, TokenService};

/// Bound of an answer, bytes; real ones have about two thousand.
const BODY_LIMIT: usize = 64 * 1024;

/// Longest life believed; the longest tokens, those of managed identities, live a day.
const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// A new token and how long it lives.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) token: AccessToken,
    pub(super) lifetime: Duration,
}

/// An answer's body. What is no object holds none: a list would else be taken field by field.
type Fields = Map<String, Value>;

/// Reads an answer that came at `now`.
pub(super) async fn read(
    response: reqwest::Response,
    service: TokenService,
    now: SystemTime,
) -> Result<Grant, TokenError> {
    let status = response.status().as_u16();
    let wait = response.headers().get("retry-after").and_then(|value| retry_after(value.to_str().ok()?, now));
    let body = read_bounded(response, BODY_LIMIT).await.map_err(|error| TokenError::Unreachable(Arc::new(error)))?;
    if (200..300).contains(&status) {
        return grant(&body, now).ok_or(TokenError::Unusable);
    }
    let refusal = refusal(status, service, &body);
    let later = match service {
        TokenService::Login => {
            status == 429 || status >= 500 || refusal.error.as_deref() == Some("temporarily_unavailable")
        }
        // While the endpoint is being updated it answers 404 or 410.
        TokenService::ManagedIdentity => matches!(status, 404 | 410 | 429) || status >= 500,
    };
    Err(if later { TokenError::Unavailable { status, retry_after: wait } } else { TokenError::Refused { refusal } })
}

fn grant(body: &[u8], now: SystemTime) -> Option<Grant> {
    let body: Fields = serde_json::from_slice(body).ok()?;
    let token = body.get("access_token")?.as_str()?;
    // A number from Entra, a string from managed identities.
    let seconds = |name| {
        let value = body.get(name)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok()).map(Duration::from_secs)
    };
    // App Service tells the end alone, as seconds since 1970.
    let lifetime = seconds("expires_in").or_else(|| {
        let since_epoch = now.duration_since(UNIX_EPOCH).ok()?;
        Some(seconds("expires_on")?.saturating_sub(since_epoch))
    })?;
    // Must fit into a header line.
    let plain = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then(|| Grant { token: AccessToken::new(token), lifetime: lifetime.min(LONGEST_LIFE) })
}

/// Keeps what is safe to print: the description may quote the request, so only its code is taken. Fields
/// are read one by one: an odd one must not hide the reason that another tells.
fn refusal(status: u16, service: TokenService, body: &[u8]) -> Refusal {
    let body: Fields = serde_json::from_slice(body).unwrap_or_default();
    let text = |name| body.get(name).and_then(Value::as_str);
    let plain = |name| text(name).filter(|text| is_plain(text)).map(str::to_owned);
    let listed = || body.get("error_codes")?.get(0)?.as_u64()?.try_into().ok();
    let described = || {
        let (_, rest) = text("error_description")?.split_once("AADSTS")?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    Refusal { service, status, aadsts: listed().or_else(described), error: plain("error"), trace_id: plain("trace_id") }
}

fn is_plain(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
