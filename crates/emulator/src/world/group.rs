use std::collections::BTreeSet;

use super::{GroupIx, PersonIx, TeamIx, TenantIx, World};

/// A group of the directory that is no team.
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) people: BTreeSet<PersonIx>,
    /// Groups that are members of this one.
    pub(crate) groups: Vec<AnyGroup>,
}

/// Any group of the directory: every team is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AnyGroup {
    Team(TeamIx),
    Other(GroupIx),
}

/// What is in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Member {
    Person(PersonIx),
    Group(AnyGroup),
}

impl World {
    /// The groups of a tenant that are there: teams first.
    pub(crate) fn groups_of(&self, tenant: TenantIx) -> Vec<AnyGroup> {
        let tenant = &self.tenants[tenant.0];
        let teams = tenant.teams.iter().filter(|team| self.teams[team.0].exists()).map(|team| AnyGroup::Team(*team));
        teams.chain(tenant.groups.iter().map(|group| AnyGroup::Other(*group))).collect()
    }

    /// A group of a tenant by id; a deleted team is none.
    pub(crate) fn group(&self, tenant: TenantIx, id: &str) -> Option<AnyGroup> {
        self.groups_of(tenant).into_iter().find(|group| self.group_id(*group).eq_ignore_ascii_case(id))
    }

    pub(crate) fn group_id(&self, group: AnyGroup) -> &str {
        match group {
            AnyGroup::Team(team) => &self.teams[team.0].group_id,
            AnyGroup::Other(group) => &self.groups[group.0].id,
        }
    }

    pub(crate) fn group_name(&self, group: AnyGroup) -> &str {
        match group {
            AnyGroup::Team(team) => &self.teams[team.0].name,
            AnyGroup::Other(group) => &self.groups[group.0].name,
        }
    }

    /// What is directly in a group: people, then groups.
    pub(crate) fn members_of(&self, group: AnyGroup) -> Vec<Member> {
        match group {
            AnyGroup::Team(team) => self.teams[team.0].members.iter().map(|person| Member::Person(*person)).collect(),
            AnyGroup::Other(group) => {
                let group = &self.groups[group.0];
                let people = group.people.iter().map(|person| Member::Person(*person));
                people.chain(group.groups.iter().map(|group| Member::Group(*group))).collect()
            }
        }
    }

    /// What is in a group or in the groups within it, each once: people, then groups.
    pub(crate) fn transitive_members_of(&self, group: AnyGroup) -> Vec<Member> {
        let mut found = BTreeSet::new();
        let mut open = vec![group];
        // Groups may contain each other: what was found is not opened again.
        while let Some(group) = open.pop() {
            for member in self.members_of(group) {
                if found.insert(member)
                    && let Member::Group(inner) = member
                {
                    open.push(inner);
                }
            }
        }
        found.into_iter().filter(|member| *member != Member::Group(group)).collect()
    }
}
