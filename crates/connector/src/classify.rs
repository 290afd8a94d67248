use std::time::{Duration, SystemTime};

use pregon_auth::retry_after;
use pregon_model::ErrorBody;
use reqwest::header::HeaderMap;

use crate::{ConnectorError, Details};

/// Headers by which Microsoft's support finds a call again.
const CORRELATION: [&str; 7] = [
    "ms-cv",
    "contextid",
    "x-correlating-operationid",
    "x-ms-correlation-id",
    "x-ms-ags-diagnostic",
    "request-id",
    "client-request-id",
];

/// Longest text of the service kept, characters.
const TEXT_LIMIT: usize = 300;

/// The error of an answer that is no success: status first, the body's code second.
pub(crate) fn classify(status: u16, headers: &HeaderMap, body: &[u8], now: SystemTime) -> ConnectorError {
    let said = ErrorBody::parse(body);
    let details = Box::new(Details { retry_after: wait(headers, now), ..details(status, headers, &said) });
    match status {
        401 => ConnectorError::Unauthorised(details),
        403 if is_any(&said, &["ConversationBlockedByUser", "MessageWritesBlocked"]) => {
            ConnectorError::Blocked(details)
        }
        403 if is_any(&said, &["BotNotInConversationRoster", "ForbiddenOperationException"]) => {
            ConnectorError::NotInstalled(details)
        }
        403 if is_any(&said, &["BotDisabledByAdmin", "TenantNoPermission", "CapabilityOverride"]) => {
            ConnectorError::TenantBlocked(details)
        }
        403 if said.is("InvalidBotApiHost") => ConnectorError::WrongHost(details),
        404 if said.is("ConversationNotFound") => ConnectorError::ConversationNotFound(details),
        404 if said.is("ActivityNotFoundInConversation") => ConnectorError::ActivityNotFound(details),
        412 | 503 => ConnectorError::Transient(details),
        413 => ConnectorError::TooLarge(details),
        429 => ConnectorError::Throttled { retry_after: details.retry_after, details },
        500 => ConnectorError::ServerError(details),
        408 | 501..=599 => ConnectorError::Unanswered { details: Some(details), source: None },
        _ => ConnectorError::Refused(details),
    }
}

/// What the service said, in texts that are safe to log.
pub(crate) fn details(status: u16, headers: &HeaderMap, said: &ErrorBody) -> Details {
    let header = |name: &'static str| Some((name, plain(headers.get(name)?.to_str().ok()?)));
    Details {
        status,
        code: said.code.as_deref().map(plain),
        message: said.message.as_deref().map(plain),
        retry_after: None,
        correlation: CORRELATION.into_iter().filter_map(header).collect(),
    }
}

fn is_any(said: &ErrorBody, codes: &[&str]) -> bool {
    codes.iter().any(|code| said.is(code))
}

fn wait(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    retry_after(headers.get("retry-after")?.to_str().ok()?, now)
}

/// Shortened, and without control characters that could forge a log line.
fn plain(text: &str) -> String {
    text.chars().take(TEXT_LIMIT).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
