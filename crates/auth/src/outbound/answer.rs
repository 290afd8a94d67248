//! Answers of the login service and of the machine's identity endpoint: they are of one form.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::Value;

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

#[derive(Deserialize)]
struct GrantBody {
    access_token: String,
    /// Seconds: a number from Entra, a string from managed identities, absent on App Service.
    #[serde(default)]
    expires_in: Value,
    /// Seconds since 1970.
    #[serde(default)]
    expires_on: Value,
}

fn grant(body: &[u8], now: SystemTime) -> Option<Grant> {
    let body: GrantBody = serde_json::from_slice(body).ok()?;
    let seconds = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok()).map(Duration::from_secs);
    let lifetime = seconds(&body.expires_in).or_else(|| {
        let since_epoch = now.duration_since(UNIX_EPOCH).ok()?;
        Some(seconds(&body.expires_on)?.saturating_sub(since_epoch))
    })?;
    // Must fit into a header line.
    let plain = !body.access_token.is_empty() && body.access_token.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then(|| Grant { token: AccessToken::new(body.access_token), lifetime: lifetime.min(LONGEST_LIFE) })
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
fn refusal(status: u16, service: TokenService, body: &[u8]) -> Refusal {
    let body: RefusalBody = serde_json::from_slice(body).unwrap_or_default();
    let described = || {
        let (_, rest) = body.error_description.as_deref()?.split_once("AADSTS")?;
        rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    Refusal {
        service,
        status,
        aadsts: body.error_codes.first().copied().or_else(described),
        error: body.error.filter(|text| is_plain(text)),
        trace_id: body.trace_id.filter(|text| is_plain(text)),
    }
}

fn is_plain(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
