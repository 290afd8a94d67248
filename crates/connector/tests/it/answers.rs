use std::time::Duration;

use pregon_connector::ConnectorError;
use pregon_model::{ActivityId, ConversationId};

use crate::service::{Reply, Service};

async fn send(service: &Service) -> Result<Option<ActivityId>, ConnectorError> {
    service.connector().send(&service.url(), &ConversationId::new("a:1")).text("hola").await
}

/// The name of the variant, which is what a caller decides on.
fn variant(error: &ConnectorError) -> &'static str {
    match error {
        ConnectorError::Throttled { .. } => "throttled",
        ConnectorError::Blocked(_) => "blocked",
        ConnectorError::NotInstalled(_) => "not installed",
        ConnectorError::TenantBlocked(_) => "tenant blocked",
        ConnectorError::ConversationNotFound(_) => "conversation not found",
        ConnectorError::ActivityNotFound(_) => "activity not found",
        ConnectorError::TooLarge(_) => "too large",
        ConnectorError::Unauthorised(_) => "unauthorised",
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
    let service = Service::start().await;
    for (status, code, want, perhaps_delivered) in [
        (400, "BadSyntax", "refused", false),
        (400, "Bad Argument", "refused", false),
        (400, "MissingProperty", "refused", false),
        (403, "BotDisabledByAdmin", "tenant blocked", false),
        (403, "TenantNoPermission", "tenant blocked", false),
        (403, "CapabilityOverride", "tenant blocked", false),
        (403, "BotNotInConversationRoster", "not installed", false),
        (403, "botnotinconversationroster", "not installed", false),
        (403, "ForbiddenOperationException", "not installed", false),
        (403, "ConversationBlockedByUser", "blocked", false),
        (403, "InvalidBotApiHost", "wrong host", false),
        (403, "NotEnoughPermissions", "refused", false),
        (404, "ActivityNotFoundInConversation", "activity not found", false),
        (404, "ConversationNotFound", "conversation not found", false),
        (404, "NotFound", "refused", false),
        (405, "MethodNotAllowed", "refused", false),
        (408, "RequestTimeout", "unanswered", true),
        (412, "PreconditionFailed", "transient", false),
        (413, "MessageSizeTooBig", "too large", false),
        (429, "TooManyRequests", "throttled", false),
        (500, "ServiceError", "server error", true),
        (501, "NotImplemented", "unanswered", true),
        (502, "ServiceError", "unanswered", true),
        (503, "ServiceUnavailable", "transient", false),
        (504, "GatewayTimeout", "unanswered", true),
        (599, "Unlisted", "unanswered", true),
        (304, "NotModified", "refused", false),
    ] {
        service.answers([Reply::error(status, code)]);
        let error = send(&service).await.unwrap_err();
        assert_eq!(variant(&error), want, "{status} {code}");
        assert_eq!(error.may_have_been_delivered(), perhaps_delivered, "{status} {code}");
        assert_eq!(error.status(), Some(status));
        if status != 304 {
            assert!(error.is(code) && error.to_string().contains(code), "{error}");
        }
    }
    assert_eq!(service.asked().len(), 27, "each was sent once");
}

#[tokio::test]
async fn a_blocked_person_is_told_by_the_legacy_body_too() {
    let service = Service::start().await;
    let legacy = r#"{"errorCode":209,"message":"{\r\n  \"subCode\": \"MessageWritesBlocked\",\r\n  \"details\": \"Thread is blocked from message writes.\",\r\n  \"errorCode\": null\r\n}"}"#;
    service.answers([Reply::new(403, legacy)]);
    let error = send(&service).await.unwrap_err();
    assert_eq!((variant(&error), error.code()), ("blocked", Some("MessageWritesBlocked")));
}

#[tokio::test]
async fn the_status_decides_when_the_body_says_nothing() {
    let service = Service::start().await;
    for (status, want) in
        [(502, "unanswered"), (503, "transient"), (403, "refused"), (413, "too large"), (404, "refused")]
    {
        for body in ["", "<html><h1>Bad Gateway</h1></html>", "[1,2]"] {
            service.answers([Reply::new(status, body)]);
            let error = send(&service).await.unwrap_err();
            assert_eq!((variant(&error), error.code()), (want, None), "{status} {body}");
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
        let Err(ConnectorError::Throttled { retry_after, .. }) = send(&service).await else { panic!("{header:?}") };
        assert_eq!(retry_after, want.map(Duration::from_secs), "{header:?}");
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
    service.answers([Reply::new(400, body).header("MS-CV", "cv.1").header("request-id", "r-1").header("server", "x")]);
    let error = send(&service).await.unwrap_err();
    let details = error.details().unwrap();
    assert_eq!(details.correlation, [("ms-cv", "cv.1".to_owned()), ("request-id", "r-1".to_owned())]);
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
    assert_eq!(service.asked().len(), 4);
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("token-"), "{shown}");
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
