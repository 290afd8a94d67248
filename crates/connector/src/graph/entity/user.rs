use pregon_model::{Extra, ObjectId};
use serde::{Deserialize, Serialize};

use super::null_as_default;

/// A person, as Graph finds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserKey<'a> {
    /// Entra object id.
    Id(&'a ObjectId),
    /// User principal name; often, but not always, the e-mail address.
    Upn(&'a str),
}

impl UserKey<'_> {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Id(id) => id.as_str(),
            Self::Upn(upn) => upn,
        }
    }
}

impl<'a> From<&'a ObjectId> for UserKey<'a> {
    fn from(id: &'a ObjectId) -> Self {
        Self::Id(id)
    }
}

/// A person of the directory. What was not selected is `None`.
///
/// Source: Microsoft Learn, "user resource type".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// Entra object id.
    pub id: ObjectId,
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Primary e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// Sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// Language (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_language: Option<String>,
    /// `Member` or `Guest`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_type: Option<String>,
    /// Whether they may sign in; somebody who may not reads nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_enabled: Option<bool>,
    /// All addresses, `SMTP:` before the primary and `smtp:` before the others. Only when selected.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub proxy_addresses: Vec<String>,
    /// Whatever else was selected.
    #[serde(flatten)]
    pub extra: Extra,
}

impl User {
    /// What is asked for unless the caller selects: a named selection costs one resource unit less.
    pub(crate) const SELECT: &str = "id,displayName,mail,userPrincipalName,preferredLanguage,userType,accountEnabled";

    /// Whether the person is a guest of the tenant: an app cannot be installed for them there.
    pub fn is_guest(&self) -> bool {
        self.user_type.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("guest"))
    }
}
