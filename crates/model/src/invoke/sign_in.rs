use std::fmt;

use serde_json::Value;

use super::text;

/// The person came back from a sign-in page.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifyStateInvoke<'a> {
    /// The code to be redeemed; whoever has it signs in as the person.
    pub state: &'a str,
}

/// A token of single sign-on.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenExchangeInvoke<'a> {
    /// Which sign-in card it answers. Every device of the person sends one: take the first.
    pub id: &'a str,
    /// The bot's OAuth connection.
    pub connection_name: &'a str,
    /// The token, a secret.
    pub token: &'a str,
}

/// Single sign-on did not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInFailureInvoke<'a> {
    /// Why, as a code.
    pub code: &'a str,
    /// Why, for logs.
    pub message: &'a str,
}

impl<'a> VerifyStateInvoke<'a> {
    pub(super) fn read(value: &'a Value) -> Self {
        Self { state: text(value, "state") }
    }
}

impl<'a> TokenExchangeInvoke<'a> {
    pub(super) fn read(value: &'a Value) -> Self {
        Self { id: text(value, "id"), connection_name: text(value, "connectionName"), token: text(value, "token") }
    }
}

impl<'a> SignInFailureInvoke<'a> {
    pub(super) fn read(value: &'a Value) -> Self {
        Self { code: text(value, "code"), message: text(value, "message") }
    }
}

impl fmt::Debug for VerifyStateInvoke<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyStateInvoke").finish_non_exhaustive()
    }
}

impl fmt::Debug for TokenExchangeInvoke<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("TokenExchangeInvoke");
        out.field("id", &self.id).field("connection_name", &self.connection_name).finish_non_exhaustive()
    }
}
