use std::error::Error as _;
use std::fmt::Write as _;

use pregon_auth::TokenError;
use pregon_connector::ConnectorError;
use pregon_domain::ports::{ChannelError, ChannelFailure};

/// What the engine does next, and for people the status, code and correlation ids.
#[expect(clippy::needless_pass_by_value, reason = "what `map_err` calls it with")]
pub(super) fn failure(error: ConnectorError) -> ChannelFailure {
    ChannelFailure { error: kind(&error), detail: detail(&error) }
}

fn kind(error: &ConnectorError) -> ChannelError {
    match error {
        ConnectorError::Throttled(details) => ChannelError::Throttled { retry_after: details.retry_after },
        ConnectorError::Blocked(_) => ChannelError::Blocked,
        ConnectorError::NotInstalled(_) => ChannelError::NotInstalled,
        ConnectorError::TenantBlocked(_) => ChannelError::TenantBlocked,
        ConnectorError::ConversationNotFound(_) => ChannelError::ConversationGone,
        ConnectorError::ActivityNotFound(_) => ChannelError::ActivityGone,
        ConnectorError::TooLarge(_) => ChannelError::TooLarge,
        ConnectorError::Transient(_) | ConnectorError::NotSent(_) => ChannelError::NotSent,
        // An answer that is not understood was probably carried out all the same.
        ConnectorError::Unanswered { .. } | ConnectorError::Unreadable { .. } => ChannelError::Unanswered,
        ConnectorError::ServerError(_) => ChannelError::ServerError,
        ConnectorError::Token(error) if error.is_transient() => ChannelError::NotSent,
        ConnectorError::Unauthorised { .. } | ConnectorError::Token(_) => ChannelError::Credentials,
        ConnectorError::Untrusted(_) => ChannelError::Untrusted,
        ConnectorError::Refused(details) if details.status == 404 => ChannelError::NotFound,
        // `WrongHost`, `BadId` and kinds a newer client tells of: repeating does not help.
        _ => ChannelError::Refused,
    }
}

/// Never a token or what was written: the errors hold neither.
fn detail(error: &ConnectorError) -> String {
    let mut text = match error.details() {
        Some(details) => details.to_string(),
        None => error.to_string(),
    };
    if let ConnectorError::Token(TokenError::Refused { .. }) = error {
        return text; // complete with its remedy
    }
    if let Some(details) = error.details() {
        for (name, value) in &details.correlation {
            let _ = write!(text, " {name}={value}");
        }
    }
    if let Some(diagnosis) = error.diagnosis() {
        let _ = write!(text, ": {diagnosis}");
    }
    let mut source = error.source();
    while let Some(cause) = source {
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use pregon_connector::Details;

    use super::*;

    #[test]
    fn the_detail_names_status_code_and_correlation_ids() {
        let mut details = Details::new(403);
        details.code = Some("MessageWritesBlocked".into());
        details.message = Some("User blocked the conversation".into());
        details.correlation = vec![("ms-cv".into(), "abc.1".into())];
        let failure = failure(ConnectorError::Blocked(Box::new(details)));
        assert_eq!(failure.error, ChannelError::Blocked);
        assert_eq!(failure.detail, "HTTP 403 MessageWritesBlocked ms-cv=abc.1");
    }

    #[test]
    fn a_bare_404_is_nobody_and_a_gateway_is_no_answer() {
        let details = |status| Box::new(Details::new(status));
        assert_eq!(failure(ConnectorError::Refused(details(404))).error, ChannelError::NotFound);
        assert_eq!(failure(ConnectorError::Refused(details(400))).error, ChannelError::Refused);
        let gateway = ConnectorError::Unanswered { details: Some(details(502)), source: None };
        assert_eq!(failure(gateway).error, ChannelError::Unanswered);
    }
}
