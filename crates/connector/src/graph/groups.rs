use pregon_model::GroupId;

use super::read::found;
use super::{DirectoryObject, Filter, Group, List, TenantGraph, User};
use crate::Request;

/// Turns a list of members into one of people (an `OData` cast).
const PEOPLE: &str = "microsoft.graph.user";

/// Groups and who is in them.
///
/// Permission: `GroupMember.Read.All`, and `User.ReadBasic.All` or `User.Read.All` for more of people
/// than their ids; for groups that hide their members `Member.Read.Hidden`, too. Limit: 3 500 to 8 000
/// resource units in 10 seconds for one app in one tenant.
impl<'a> TenantGraph<'a> {
    /// A group; `None` when the tenant has none by this id. 1 resource unit.
    ///
    /// Source: Microsoft Learn, "Get group".
    pub fn group(&self, group: &GroupId) -> Request<'a, Option<Group>> {
        let request = self.get(&["groups", group.as_str()], found);
        request.map(|call| Ok(call.query("$select", Group::SELECT)))
    }

    /// All groups.
    ///
    /// Source: Microsoft Learn, "List groups".
    pub fn groups(&self) -> List<'a, Group> {
        self.directory(&["groups"]).select(&[Group::SELECT])
    }

    /// The groups that are teams. [`TenantGraph::teams`] tells the same with fewer rights and less of each.
    ///
    /// Permission: `Group.Read.All`. Source: Microsoft Learn, "List all teams in an organization".
    pub fn groups_with_team(&self) -> List<'a, Group> {
        self.groups().filter(Filter::any("resourceProvisioningOptions", Filter::is("a", "Team")))
    }

    /// Everything that is directly in a group: people, groups, devices and more. 3 resource units a page.
    ///
    /// Source: Microsoft Learn, "List group members".
    pub fn members(&self, group: &GroupId) -> List<'a, DirectoryObject> {
        self.directory(&["groups", group.as_str(), "members"])
    }

    /// Everything that is in a group or in the groups within it. 5 resource units a page.
    ///
    /// Source: Microsoft Learn, "List group transitive members".
    pub fn transitive_members(&self, group: &GroupId) -> List<'a, DirectoryObject> {
        self.directory(&["groups", group.as_str(), "transitiveMembers"])
    }

    /// The people who are directly in a group. 2 resource units a page.
    ///
    /// Source: Microsoft Learn, "List group members".
    pub fn member_users(&self, group: &GroupId) -> List<'a, User> {
        self.people(&["groups", group.as_str(), "members", PEOPLE])
    }

    /// The people who are in a group or in the groups within it, each once. 4 resource units a page.
    ///
    /// Source: Microsoft Learn, "List group transitive members".
    pub fn transitive_member_users(&self, group: &GroupId) -> List<'a, User> {
        self.people(&["groups", group.as_str(), "transitiveMembers", PEOPLE])
    }

    /// A cast is an advanced query, whatever else is asked.
    fn people(&self, segments: &[&str]) -> List<'a, User> {
        let mut list = self.directory(segments).select(&[User::SELECT]);
        list.query.advanced = true;
        list
    }
}
