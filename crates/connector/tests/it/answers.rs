use std::time::Duration;

use pregon_auth::Clock as _;
use pregon_connector::{AuthCause, ConnectorError, NextStep, ToldBy};
use pregon_model::{ActivityId, ConversationId};

use crate::service::{Fixed, Reply, Service};

async fn send(service: &Service) -> Result<Option<ActivityId>, ConnectorError> {
    service.connector().send(&service.url(), &ConversationId::new("a:1")).text("hola").await
}

/// The name of the variant, which is what a caller decides on.
fn variant(error: &ConnectorError) -> &'static str {
    match error {
        ConnectorError::Throttled(_) => "throttled",
        ConnectorError::Blocked(_) => "blocked",
        ConnectorError::NotInstalled(_) => "not installed",
        ConnectorError::TenantBlocked(_) => "tenant blocked",
        ConnectorError::ConversationNotFound(_) => "conversation not found",
        ConnectorError::ActivityNotFound(_) => "activity not found",
        ConnectorError::TooLarge(_) => "too large",
        ConnectorError::Unauthorised { .. } => "unauthorised",
        ConnectorError::WrongHost(_) => "wrong host",
        ConnectorError::Transient(_) => "transient",
        ConnectorError::NotSent(_) => "not sent",
        ConnectorError::Unanswered { .. } => "unanswered",
        ConnectorError::ServerError(_) => "server error",
        ConnectorError::Refused(_) => "refused",
        ConnectorError::Unreadable { .. } => "unreadable",
        _ => "another",
    }
}

#[tokio::test]
async fn every_row_of_the_error_catalogue_has_its_next_step() {
    use NextStep::{
        ChangeServiceUrl, CreateConversation, Decide, FixRequest, ForgetMessage, Install, Retry, StopBot,
        StopConversation, StopTenant,
    };
    let service = Service::start().await;
    for (status, code, want, next) in [
        (400, "BadSyntax", "refused", FixRequest),
        (400, "Bad Argument", "refused", FixRequest),
        (400, "MissingProperty", "refused", FixRequest),
        (401, "BotNotRegistered", "unauthorised", StopBot),
        (403, "BotDisabledByAdmin", "tenant blocked", StopTenant),
        (403, "TenantNoPermission", "tenant blocked", StopTenant),
        (403, "CapabilityOverride", "tenant blocked", StopTenant),
        (403, "BotNotInConversationRoster", "not installed", Install),
        (403, "botnotinconversationroster", "not installed", Install),
        (403, "ForbiddenOperationException", "not installed", Install),
        (403, "ConversationBlockedByUser", "blocked", StopConversation),
        (403, "InvalidBotApiHost", "wrong host", ChangeServiceUrl),
        (403, "NotEnoughPermissions", "refused", FixRequest),
        (404, "ActivityNotFoundInConversation", "activity not found", ForgetMessage),
        (404, "ConversationNotFound", "conversation not found", CreateConversation),
        (404, "NotFound", "refused", FixRequest),
        (405, "MethodNotAllowed", "refused", FixRequest),
        (408, "RequestTimeout", "unanswered", Decide),
        (412, "PreconditionFailed", "transient", Retry(None)),
        (413, "MessageSizeTooBig", "too large", FixRequest),
        (429, "Throttled", "throttled", Retry(None)),
        (429, "TooManyRequests", "throttled", Retry(None)),
        (500, "ServiceError", "server error", Decide),
        (501, "NotImplemented", "unanswered", Decide),
        (502, "ServiceError", "unanswered", Decide),
        (503, "ServiceUnavailable", "transient", Retry(None)),
        (504, "GatewayTimeout", "unanswered", Decide),
        (599, "Unlisted", "unanswered", Decide),
        (304, "NotModified", "refused", FixRequest),
    ] {
        service.answers([Reply::error(status, code)]);
        let error = send(&service).await.unwrap_err();
        assert_eq!(variant(&error), want, "{status} {code}");
        assert_eq!(error.next_step(), next, "{status} {code}");
        assert_eq!(error.may_have_been_delivered(), next == Decide, "{status} {code}");
        assert_eq!(error.status(), Some(status));
        if status != 304 {
            assert!(error.is(code) && error.to_string().contains(code), "{error}");
        }
    }
    assert_eq!(service.asked().len(), 29, "each was sent once");
}

#[tokio::test]
async fn a_blocked_person_is_told_by_the_legacy_body_too() {
    let service = Service::start().await;
    let legacy = r#"{"errorCode":209,"message":"{\r\n  \"subCode\": \"MessageWritesBlocked\",\r\n  \"details\": \"Thread is blocked from message writes.\",\r\n  \"errorCode\": null\r\n}"}"#;
    service.answers([Reply::new(403, legacy)]);
    let error = send(&service).await.unwrap_err();
    assert_eq!((variant(&error), error.code()), ("blocked", Some("MessageWritesBlocked")));
    assert_eq!(error.details().unwrap().sub_code.as_deref(), Some("209"));
}

#[tokio::test]
async fn a_failure_passed_on_tells_the_status_behind_it() {
    let service = Service::start().await;
    let inner =
        r#"{"error":{"code":"ServiceError","message":"Unknown","innerHttpError":{"statusCode":502,"body":{}}}}"#;
    service.answers([Reply::new(500, inner)]);
    let error = send(&service).await.unwrap_err();
    assert_eq!((variant(&error), error.details().unwrap().inner_status), ("server error", Some(502)));
    assert!(error.to_string().contains("HTTP 500 ServiceError, behind it HTTP 502"), "{error}");
}

#[tokio::test]
async fn the_status_decides_when_the_body_says_nothing() {
    let service = Service::start().await;
    for (status, want) in
        [(502, "unanswered"), (503, "transient"), (403, "refused"), (413, "too large"), (404, "refused")]
    {
        let html = b"<html><h1>Bad Gateway</h1></html>".to_vec();
        let bomb = b"[".repeat(100_000);
        for body in [Vec::new(), html, b"[1,2]".to_vec(), b"\xff\xfe{".to_vec(), bomb, vec![b'x'; 2 * 1024 * 1024]] {
            let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
            service.answers([Reply::new(status, body)]);
            let error = send(&service).await.unwrap_err();
            assert_eq!((variant(&error), error.code()), (want, None), "{status} {shown}");
        }
    }
}

#[tokio::test]
async fn the_wait_after_a_throttle_is_read_in_both_forms() {
    let service = Service::start().await;
    for (header, want) in [
        (Some("17"), Some(17)),
        (Some("Sun, 06 Nov 1994 08:49:37 GMT"), Some(10)),
        (Some("999999999"), Some(3600)),
        (Some("soon"), None),
        (None, None),
    ] {
        let reply = Reply::error(429, "Throttled");
        service.answers([match header {
            Some(value) => reply.header("retry-after", value),
            None => reply,
        }]);
        let error = send(&service).await.unwrap_err();
        let want = want.map(Duration::from_secs);
        assert_eq!((variant(&error), error.retry_after()), ("throttled", want), "{header:?}");
        assert_eq!(error.retry_at(), want.map(|wait| Fixed.now() + wait), "{header:?}");
        assert_eq!(error.next_step(), NextStep::Retry(want));
    }
}

#[tokio::test]
async fn a_wait_asked_for_with_another_status_is_kept_too() {
    let service = Service::start().await;
    service.answers([Reply::new(503, "").header("retry-after", "4"), Reply::new(504, "").header("retry-after", "5")]);
    assert_eq!(send(&service).await.unwrap_err().retry_after(), Some(Duration::from_secs(4)));
    assert_eq!(send(&service).await.unwrap_err().retry_after(), Some(Duration::from_secs(5)));
}

#[tokio::test]
async fn correlation_ids_are_kept_for_support_and_no_text_can_forge_a_log_line() {
    let service = Service::start().await;
    let body = r#"{"error":{"code":"BadSyntax","message":"first\nsecond"}}"#;
    let reply = Reply::new(400, body).header("MS-CV", "cv.1").header("X-MS-Anything-New", "r-1").header("server", "x");
    service.answers([reply]);
    let error = send(&service).await.unwrap_err();
    let details = error.details().unwrap();
    let want = [("ms-cv", "cv.1"), ("x-ms-anything-new", "r-1")].map(|(name, id)| (name.to_owned(), id.to_owned()));
    assert_eq!(details.correlation, want);
    assert_eq!(details.message.as_deref(), Some("first second"));
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let service = Service::start().await;
    service.answers([Reply::error(401, "AuthorizationError"), Reply::new(201, r#"{"id":"1790000000001"}"#)]);
    assert_eq!(send(&service).await.unwrap(), Some(ActivityId::new("1790000000001")));
    let tokens: Vec<_> = service.asked().iter().map(|asked| asked.header("authorization").to_owned()).collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-2"]);

    let denied = Reply::new(401, r#"{"message":"Authorization has been denied for this request."}"#);
    service.answers([denied.clone(), denied]);
    let error = send(&service).await.unwrap_err();
    assert_eq!((variant(&error), error.may_have_been_delivered()), ("unauthorised", false));
    assert_eq!((error.next_step(), error.diagnosis().unwrap().cause), (NextStep::StopBot, AuthCause::Unknown));
    assert_eq!(service.asked().len(), 4);
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("token-"), "{shown}");
}

#[tokio::test]
async fn a_bot_that_is_not_registered_is_said_to_be_so_and_not_tried_with_another_token() {
    let service = Service::start().await;
    service.answers([Reply::error(401, "BotNotRegistered")]);
    let error = send(&service).await.unwrap_err();
    let diagnosis = error.diagnosis().unwrap();
    assert_eq!((diagnosis.cause, diagnosis.told_by), (AuthCause::NotRegistered, ToldBy::Code));
    assert_eq!(diagnosis.or, Some(AuthCause::TeamsChannelOff));
    assert!(error.to_string().contains("create an Azure Bot resource"), "{error}");
    assert_eq!(service.asked().len(), 1);
}

#[tokio::test]
async fn an_expired_token_is_told_by_the_services_clock() {
    let service = Service::start().await;
    let claims = serde_json::json!({"aud": "https://api.botframework.com", "exp": 784_111_766});
    service.tokens.show(&claims);
    let denied = Reply::new(401, "").header("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    service.answers([denied.clone(), denied]);
    let error = send(&service).await.unwrap_err();
    let diagnosis = error.diagnosis().unwrap();
    assert_eq!((diagnosis.cause, diagnosis.told_by), (AuthCause::TokenLifetime, ToldBy::Claim("exp")));
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("api.botframework.com\"") && !shown.contains("eyJ"), "{shown}");
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_a_token_to_this_host_or_another() {
    let service = Service::start().await;
    let elsewhere = Service::start().await;
    for status in [301, 302, 303, 307, 308] {
        for host in [&service.base, &elsewhere.base] {
            service.answers([Reply::new(status, "").header("location", format!("{host}steal"))]);
            assert_eq!(variant(&send(&service).await.unwrap_err()), "refused", "{status}");
        }
    }
    assert_eq!(elsewhere.asked().len(), 0);
    assert_eq!(service.asked().len(), 10, "each was sent once");
}

#[tokio::test]
async fn a_message_taken_without_an_id_is_delivered_all_the_same() {
    let service = Service::start().await;
    for (status, body) in [(201, ""), (201, "{}"), (200, "null"), (202, r#"{"id":null}"#), (201, "<html>")] {
        service.answers([Reply::new(status, body)]);
        assert_eq!(send(&service).await.unwrap(), None, "{status} {body}");
    }
}

#[tokio::test]
async fn a_page_with_status_200_proves_nothing() {
    let service = Service::start().await;
    for body in ["<html>Please sign in to this network</html>", r#"{"id": "17"#] {
        service.answers([Reply::new(200, body), Reply::new(200, body)]);
        let (chat, id) = (pregon_model::ConversationId::new("a:1"), pregon_model::ActivityId::new("17"));
        let deleted = service.connector().delete(&service.url(), &chat, &id).await.unwrap_err();
        for error in [send(&service).await.unwrap_err(), deleted] {
            assert!(error.may_have_been_delivered(), "{body}: {error}");
            assert_eq!((variant(&error), error.status()), ("unreadable", Some(200)), "{body}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_not_what_was_asked_for_says_so() {
    let service = Service::start().await;
    service.answers([Reply::new(200, "<html>").header("ms-cv", "cv.2"), Reply::new(200, "x".repeat(1024 * 1024 + 1))]);
    let team = pregon_model::TeamId::new("19:team");
    let error = service.connector().team(&service.url(), &team).await.unwrap_err();
    assert_eq!((variant(&error), error.status()), ("unreadable", Some(200)));
    assert_eq!(error.details().unwrap().correlation.len(), 1);
    let error = service.connector().team(&service.url(), &team).await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("longer than 1048576 bytes"), "{source}");
}
