use pregon_model::{Extra, ObjectId, TenantId};
use serde::{Deserialize, Serialize};

use super::null_as_default;
use crate::graph::MembershipId;

/// Somebody's membership in a team.
///
/// Source: Microsoft Learn, "aadUserConversationMember resource type".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TeamMember {
    /// The membership, not the person.
    pub id: MembershipId,
    /// The person; `None` for members who are not of the directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<ObjectId>,
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The person's tenant; in shared channels it may be another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<TenantId>,
    /// `owner`, `guest`; empty for an ordinary member.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub roles: Vec<String>,
    /// Whatever else Graph sent.
    #[serde(flatten)]
    pub extra: Extra,
}

impl TeamMember {
    /// Whether they own the team.
    pub fn is_owner(&self) -> bool {
        self.has_role("owner")
    }

    /// Whether they are a guest of the tenant.
    pub fn is_guest(&self) -> bool {
        self.has_role("guest")
    }

    fn has_role(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own.eq_ignore_ascii_case(role))
    }
}
