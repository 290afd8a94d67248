use std::time::SystemTime;

use percent_encoding::percent_decode_str;
use pregon_auth::{TokenFor, http_date};
use pregon_model::ErrorBody;
use reqwest::Method;
use reqwest::header::{DATE, WWW_AUTHENTICATE};
use serde_json::Value;

use super::claims::Claims;
use crate::classify::Failure;

/// What is known about a call that was answered with 401.
pub(super) struct Evidence<'e> {
    pub(super) said: &'e ErrorBody,
    /// `WWW-Authenticate`, in lower case.
    pub(super) challenge: String,
    pub(super) target: &'e TokenFor,
    /// Host that was called.
    pub(super) host: &'e str,
    pub(super) claims: Option<Claims>,
    /// App ids of the bots the request names.
    pub(super) bots: Vec<String>,
    /// A conversation was to be created, and no tenant was named.
    pub(super) tenant_missing: bool,
    /// The time by the service's clock, or by ours.
    pub(super) at: SystemTime,
}

impl<'e> Evidence<'e> {
    pub(super) fn gather(failure: &'e Failure<'e>, said: &'e ErrorBody) -> Self {
        let Failure { call, token, headers, now, .. } = *failure;
        let challenges = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let body = call.body.as_deref().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or(Value::Null);
        Self {
            said,
            challenge: challenges.collect::<Vec<_>>().join(", ").to_lowercase(),
            target: &call.target,
            host: call.url.host_str().unwrap_or_default(),
            claims: Claims::of(token),
            bots: bots(call.url.path(), &body),
            tenant_missing: call.method == Method::POST
                && call.url.path().ends_with("/v3/conversations")
                && [body.pointer("/tenantId"), body.pointer("/channelData/tenant/id")] == [None, None],
            at: headers.get(DATE).and_then(|date| http_date(date.to_str().ok()?)).unwrap_or(now),
        }
    }
}

/// The bots a request names: as sender, or in the id of the chat Graph made for an installation.
fn bots(path: &str, body: &Value) -> Vec<String> {
    let senders = ["/from/id", "/bot/id", "/activity/from/id"].into_iter().filter_map(|place| body.pointer(place));
    let senders = senders.filter_map(|id| id.as_str()?.strip_prefix("28:").map(str::to_owned));
    senders.chain(path.split('/').filter_map(installed_bot)).collect()
}

/// The app of `19:{user}_{app}@unq.gbl.spaces`.
fn installed_bot(segment: &str) -> Option<String> {
    let id = percent_decode_str(segment).decode_utf8().ok()?;
    let (_, app) = id.strip_suffix("@unq.gbl.spaces")?.rsplit_once('_')?;
    Some(app.to_owned())
}
