//! What a bot says in the HTTP response to an invoke.

mod card;
mod dialog;
mod search;

use serde_json::Value;

pub use dialog::{Dialog, DialogSize};
pub use search::SearchResult;

/// The answer to an invoke: an HTTP status and, if there is one, a JSON body.
///
/// Give it in time: Teams waits some 10 seconds. Whoever serves the bot's endpoint writes it out.
///
/// | invoke | answers |
/// |---|---|
/// | `adaptiveCard/action` | [`card`](Self::card), [`toast`](Self::toast), [`card_refused`](Self::card_refused), [`card_failed`](Self::card_failed), [`login_request`](Self::login_request), [`incorrect_auth_code`](Self::incorrect_auth_code), [`precondition_failed`](Self::precondition_failed) |
/// | `task/fetch`, `task/submit` | [`dialog`](Self::dialog), [`dialog_message`](Self::dialog_message), [`empty`](Self::empty) to close it |
/// | `application/search` | [`search_results`](Self::search_results) |
/// | others | [`empty`](Self::empty), or [`json`](Self::json) as its page says |
/// | what the bot does not serve | [`not_implemented`](Self::not_implemented) |
#[derive(Clone, Debug, PartialEq)]
#[must_use = "an answer is for the HTTP response"]
pub struct InvokeAnswer {
    /// HTTP status.
    pub status: u16,
    /// JSON body, if there is one.
    pub body: Option<Value>,
}

impl InvokeAnswer {
    /// Taken, nothing to say: 200 without a body. It closes a dialog.
    pub const fn empty() -> Self {
        Self { status: 200, body: None }
    }

    /// The bot does not serve this: 501 without a body.
    pub const fn not_implemented() -> Self {
        Self { status: 501, body: None }
    }

    /// Taken, with a body of your own.
    pub const fn json(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }
}
