use serde::{Deserialize, Serialize};

use crate::{ChannelInfo, Extra, GroupId, MemberId, ObjectId, TeamId, TenantId, null_as_default};

/// One person of a roster: more than an activity tells of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamsChannelAccount {
    /// `29:…`, unique to bot and user.
    pub id: MemberId,
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Entra object id; see [`TeamsChannelAccount::entra_object_id`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aad_object_id: Option<ObjectId>,
    /// Historic name of the same value; Teams writes either or both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_id: Option<ObjectId>,
    /// E-mail address; a guest's may differ from the user principal name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Sign-in name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_principal_name: Option<String>,
    /// Tenant of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<TenantId>,
    /// `user`, `guest` or `anonymous`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_role: Option<String>,
    /// Whatever else the channel sent (given name, surname …).
    #[serde(flatten)]
    pub extra: Extra,
}

impl TeamsChannelAccount {
    /// The Entra object id under whichever name it came.
    pub fn entra_object_id(&self) -> Option<&ObjectId> {
        self.aad_object_id.as_ref().or(self.object_id.as_ref())
    }

    /// Whether the person is a guest of the tenant.
    pub fn is_guest(&self) -> bool {
        self.user_role.as_deref().is_some_and(|role| role.eq_ignore_ascii_case("guest"))
    }
}

/// One page of `GET /v3/conversations/{id}/pagedmembers`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PagedMembers {
    /// The people of this page.
    #[serde(default, deserialize_with = "null_as_default")]
    pub members: Vec<TeamsChannelAccount>,
    /// Asks for the next page; absent or empty on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continuation_token: Option<String>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Answer of `GET /v3/teams/{id}/conversations`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChannelList {
    /// The team's channels; General has no name and the team's own id.
    #[serde(default, deserialize_with = "null_as_default")]
    pub conversations: Vec<ChannelInfo>,
    /// Whatever else the channel sent.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Answer of `GET /v3/teams/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TeamDetails {
    /// Thread id of the team.
    pub id: TeamId,
    /// Name of the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The team's Microsoft 365 group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aad_group_id: Option<GroupId>,
    /// Whatever else the channel sent (channel and member counts …).
    #[serde(flatten)]
    pub extra: Extra,
}
