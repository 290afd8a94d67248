//! Requests that wait for their answer in the HTTP response.

mod card_action;
mod dialog;
mod file_consent;
mod message_action;
mod search;
mod sign_in;

use serde_json::Value;

pub use card_action::{CardActionInvoke, Trigger};
pub use dialog::DialogInvoke;
pub use file_consent::{FileConsentInvoke, FileUpload};
pub use message_action::MessageActionInvoke;
pub use search::SearchInvoke;
pub use sign_in::{SignInFailureInvoke, TokenExchangeInvoke, VerifyStateInvoke};

use crate::Activity;

/// What an `invoke` activity asks, by its `name`; its parts borrow from the activity's `value`.
///
/// Nothing is refused here: a member that is missing or of another type reads as empty, and the
/// whole value stays at hand. Answer with an [`InvokeAnswer`](crate::InvokeAnswer); to a name the
/// bot does not serve with [`InvokeAnswer::not_implemented`](crate::InvokeAnswer::not_implemented).
///
/// ```
/// use pregon_model::{Activity, Event, Invoke, InvokeAnswer};
///
/// let activity: Activity = serde_json::from_str(r#"{
///     "type": "invoke", "name": "adaptiveCard/action",
///     "value": {"action": {"verb": "ack", "data": {"incident": "INC-77"}}, "trigger": "manual"}
/// }"#)?;
/// let answer = match activity.event() {
///     Event::Invoke(Invoke::CardAction(action)) if action.verb == "ack" => {
///         InvokeAnswer::toast(format!("{} is yours", action.data["incident"]))
///     }
///     _ => InvokeAnswer::not_implemented(),
/// };
/// assert_eq!(answer.status, 200);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Invoke<'a> {
    /// `adaptiveCard/action`: an `Action.Execute` was pressed, or the card refreshes itself.
    CardAction(CardActionInvoke<'a>),
    /// `task/fetch`: a button asks for a dialog.
    DialogFetch(DialogInvoke<'a>),
    /// `task/submit`: a dialog was filled in.
    DialogSubmit(DialogInvoke<'a>),
    /// `fileConsent/invoke`: the person lets the bot send a file, or does not.
    FileConsent(FileConsentInvoke<'a>),
    /// `application/search`: a card's choice input asks for what matches the letters typed.
    Search(SearchInvoke<'a>),
    /// `signin/verifyState`: the person came back from signing in.
    SignInVerifyState(VerifyStateInvoke<'a>),
    /// `signin/tokenExchange`: a token of single sign-on, to be exchanged.
    SignInTokenExchange(TokenExchangeInvoke<'a>),
    /// `signin/failure`: single sign-on did not work.
    SignInFailure(SignInFailureInvoke<'a>),
    /// `composeExtension/…`: a message extension.
    ComposeExtension {
        /// What follows the slash, as it was sent: `query`, `fetchTask`, `submitAction`, `queryLink` …
        operation: &'a str,
        /// All that was sent.
        value: &'a Value,
    },
    /// `message/submitAction`: feedback on the bot's message was given.
    MessageSubmit(MessageActionInvoke<'a>),
    /// `message/fetchTask`: a feedback button asks for the bot's own dialog.
    MessageFetchTask(MessageActionInvoke<'a>),
    /// `suggestedActions/submit`: a suggested action was chosen.
    SuggestedActionSubmit(&'a Value),
    /// `config/fetch`: the bot's settings are asked for.
    ConfigFetch(&'a Value),
    /// `config/submit`: the bot's settings were changed.
    ConfigSubmit(&'a Value),
    /// `tab/fetch`: a tab made of cards is opened.
    TabFetch(&'a Value),
    /// `tab/submit`: a button of such a tab was pressed.
    TabSubmit(&'a Value),
    /// `actionableMessage/executeAction`: a button of a connector card was pressed.
    ExecuteAction {
        /// Which one.
        action_id: &'a str,
        /// What its `HttpPOST` action says, with the inputs put in.
        body: &'a str,
        /// All that was sent.
        value: &'a Value,
    },
    /// `handoff/action`: a conversation begun elsewhere goes on here.
    Handoff {
        /// What tells which.
        continuation: &'a str,
        /// All that was sent.
        value: &'a Value,
    },
    /// Any other name.
    Other {
        /// The name, empty when there was none.
        name: &'a str,
        /// All that was sent.
        value: &'a Value,
    },
}

static NULL: Value = Value::Null;

impl<'a> Invoke<'a> {
    /// Reads the name, without regard to case, and the value.
    pub(crate) fn read(activity: &'a Activity) -> Self {
        let value = activity.value.as_ref().unwrap_or(&NULL);
        let name = activity.name.as_deref().unwrap_or_default();
        match name.to_ascii_lowercase().as_str() {
            "adaptivecard/action" => Self::CardAction(CardActionInvoke::read(value)),
            "task/fetch" => Self::DialogFetch(DialogInvoke::read(value)),
            "task/submit" => Self::DialogSubmit(DialogInvoke::read(value)),
            "fileconsent/invoke" => Self::FileConsent(FileConsentInvoke::read(value)),
            "application/search" => Self::Search(SearchInvoke::read(value)),
            "signin/verifystate" => Self::SignInVerifyState(VerifyStateInvoke::read(value)),
            "signin/tokenexchange" => Self::SignInTokenExchange(TokenExchangeInvoke::read(value)),
            "signin/failure" => Self::SignInFailure(SignInFailureInvoke::read(value)),
            "message/submitaction" => Self::MessageSubmit(MessageActionInvoke::read(value)),
            "message/fetchtask" => Self::MessageFetchTask(MessageActionInvoke::read(member(value, "data"))),
            "suggestedactions/submit" => Self::SuggestedActionSubmit(value),
            "config/fetch" => Self::ConfigFetch(value),
            "config/submit" => Self::ConfigSubmit(value),
            "tab/fetch" => Self::TabFetch(value),
            "tab/submit" => Self::TabSubmit(value),
            "actionablemessage/executeaction" => {
                Self::ExecuteAction { action_id: text(value, "actionId"), body: text(value, "body"), value }
            }
            "handoff/action" => {
                // One SDK writes it with a capital letter.
                let continuation = some_text(value, "continuation").unwrap_or_else(|| text(value, "Continuation"));
                Self::Handoff { continuation, value }
            }
            lower => match name.split_once('/') {
                Some((_, operation)) if lower.starts_with("composeextension/") => {
                    Self::ComposeExtension { operation, value }
                }
                _ => Self::Other { name, value },
            },
        }
    }
}

/// A member, or null when there is none.
fn member<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or(&NULL)
}

/// A member that is text.
fn some_text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// A member that is a number, or text that is one.
fn number(value: &Value, name: &str) -> Option<u64> {
    let value = value.get(name)?;
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A member that is text, or empty.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    some_text(value, name).unwrap_or_default()
}
