use std::time::SystemTime;

use pregon_model::ErrorBody;
use reqwest::header::HeaderMap;

use crate::transport::Call;
use crate::unauthorised::diagnose;
use crate::{ConnectorError, Details};

/// A call and its answer, which is no success.
pub(crate) struct Failure<'f> {
    pub(crate) call: &'f Call,
    /// The token it went with.
    pub(crate) token: &'f str,
    pub(crate) status: u16,
    pub(crate) headers: &'f HeaderMap,
    pub(crate) body: &'f [u8],
    /// When the answer came.
    pub(crate) now: SystemTime,
}

/// The error of a failure: status first, the body's code second, its wording never.
pub(crate) fn classify(failure: &Failure<'_>) -> ConnectorError {
    let said = ErrorBody::parse(failure.body);
    let details = Box::new(Details::of(failure.status, failure.headers, &said, failure.now));
    let is_any = |codes: &[&str]| codes.iter().any(|code| said.is(code));
    match failure.status {
        401 => ConnectorError::Unauthorised { diagnosis: diagnose(failure, &said), details },
        403 if is_any(&["ConversationBlockedByUser", "MessageWritesBlocked"]) => ConnectorError::Blocked(details),
        403 if is_any(&["BotNotInConversationRoster", "ForbiddenOperationException"]) => {
            ConnectorError::NotInstalled(details)
        }
        403 if is_any(&["BotDisabledByAdmin", "TenantNoPermission", "CapabilityOverride"]) => {
            ConnectorError::TenantBlocked(details)
        }
        403 if said.is("InvalidBotApiHost") => ConnectorError::WrongHost(details),
        404 if said.is("ConversationNotFound") => ConnectorError::ConversationNotFound(details),
        404 if said.is("ActivityNotFoundInConversation") => ConnectorError::ActivityNotFound(details),
        412 | 503 => ConnectorError::Transient(details),
        413 => ConnectorError::TooLarge(details),
        429 => ConnectorError::Throttled(details),
        500 => ConnectorError::ServerError(details),
        408 | 501.. => ConnectorError::Unanswered { details: Some(details), source: None },
        _ => ConnectorError::Refused(details),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use pregon_auth::TokenFor;
    use proptest::prelude::*;
    use reqwest::Method;
    use reqwest::header::{HeaderName, HeaderValue};
    use url::Url;

    use super::*;

    /// Bodies as services and gateways write them, whole, cut off, or no text at all.
    fn body() -> impl Strategy<Value = Vec<u8>> {
        let code = r"([A-Za-z ]|\\n|\\u001b){0,30}"; // with control characters, as JSON writes them
        let json = prop_oneof![
            code.prop_map(|code| format!(r#"{{"error":{{"code":"{code}","message":"m"}}}}"#)),
            code.prop_map(|code| format!(r#"{{"errorCode":209,"message":"{{\"subCode\":\"{code}\"}}"}}"#)),
            code.prop_map(|text| format!(r#"{{"error":"{text}"}}"#)),
            code.prop_map(|code| format!(r#"{{"error":{{"code":"A","innerError":{{"code":"{code}"}}}}}}"#)),
            code.prop_map(|text| format!("<html>{text}</html>")),
            (0..200_usize).prop_map(|depth| "[".repeat(depth * 100)),
        ];
        let end = prop_oneof![Just(None), any::<prop::sample::Index>().prop_map(Some)];
        let whole_or_cut = (json, end).prop_map(|(text, end): (String, Option<prop::sample::Index>)| {
            text[..end.map_or(text.len(), |end| end.index(text.len() + 1))].into()
        });
        prop_oneof![whole_or_cut, prop::collection::vec(any::<u8>(), 0..200)]
    }

    fn headers() -> impl Strategy<Value = HeaderMap> {
        const NAMES: &[&str] = &["retry-after", "www-authenticate", "date", "ms-cv", "x-ms-a", "x-ms-b", "other"];
        let header = (prop::sample::select(NAMES), prop::collection::vec(any::<u8>(), 0..40));
        prop::collection::vec(header, 0..8).prop_map(|headers| {
            let valid = headers.into_iter().filter_map(|(name, value)| {
                Some((HeaderName::from_static(name), HeaderValue::from_bytes(&value).ok()?))
            });
            valid.collect::<HeaderMap>()
        })
    }

    fn error(status: u16, headers: &HeaderMap, body: &[u8], token: &str, sent: &[u8]) -> ConnectorError {
        let url = Url::parse("https://smba.trafficmanager.net/emea/v3/conversations").unwrap();
        let mut call = Call::new(Method::POST, Some(url), TokenFor::Connector).unwrap();
        call.body = Some(sent.to_vec());
        let now = UNIX_EPOCH + Duration::from_secs(1_790_000_000);
        classify(&Failure { call: &call, token, status, headers, body, now })
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic_and_no_text_of_it_forges_a_log_line(
            status in 100..=999_u16, headers in headers(), body in body(), sent in body(), token in "[a-zA-Z0-9._-]{0,60}",
        ) {
            let error = error(status, &headers, &body, &token, &sent);
            let details = error.details().expect("every answer has details");
            prop_assert_eq!(details.status, status);
            prop_assert!(details.correlation.len() <= 16);
            let texts = details.correlation.iter().flat_map(|(name, value)| [name, value]);
            for text in texts.chain(&details.code).chain(&details.sub_code).chain(&details.message) {
                prop_assert!(text.chars().count() <= 300 && !text.chars().any(char::is_control), "{:?}", text);
            }
            prop_assert_eq!(details.retry_at.is_some(), details.retry_after.is_some());
        }

        #[test]
        fn a_status_that_proves_nothing_is_never_said_to_be_not_delivered(
            status in prop_oneof![Just(408_u16), Just(500), 501..=502_u16, 504..=999_u16], headers in headers(), body in body(),
        ) {
            prop_assert!(error(status, &headers, &body, "", b"").may_have_been_delivered());
        }

        #[test]
        fn a_refusal_is_never_said_to_be_perhaps_delivered(
            status in (300..500_u16).prop_filter("408 is a timeout", |status| *status != 408), headers in headers(), body in body(),
        ) {
            prop_assert!(!error(status, &headers, &body, "", b"").may_have_been_delivered());
        }
    }
}
