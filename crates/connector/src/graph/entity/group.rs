use pregon_model::{Extra, GroupId};
use serde::{Deserialize, Serialize};

use super::{DirectoryObject, null_as_default};
use crate::graph::Change;

/// A group of the directory: a Microsoft 365 group, a security group or a distribution list.
///
/// Source: Microsoft Learn, "group resource type".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Group {
    /// The group; of a team, what Graph calls the team's id.
    pub id: GroupId,
    /// Display name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Address of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// `Unified` for Microsoft 365 groups, `DynamicMembership` for those with a rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub group_types: Vec<String>,
    /// Whether it gives access to resources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security_enabled: Option<bool>,
    /// `Private`, `Public` or `HiddenMembership`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<String>,
    /// `Team` when the group is a team.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "null_as_default")]
    pub resource_provisioning_options: Vec<String>,
    /// Who came and went; only in a delta that follows members
    /// ([`Delta::with_members`](crate::graph::Delta::with_members)).
    #[serde(
        rename = "members@delta",
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "null_as_default"
    )]
    pub member_changes: Vec<Change<DirectoryObject>>,
    /// Whatever else was selected.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Group {
    /// What is asked for unless the caller selects.
    pub(crate) const SELECT: &str =
        "id,displayName,description,mail,groupTypes,securityEnabled,visibility,resourceProvisioningOptions";

    /// Whether the group is a team.
    pub fn is_team(&self) -> bool {
        self.resource_provisioning_options.iter().any(|option| option.eq_ignore_ascii_case("team"))
    }
}
