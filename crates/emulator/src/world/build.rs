use std::collections::BTreeSet;

use super::{
    Account, AppIx, Channel, ChannelSpec, Group, GroupChatSpec, GroupIx, GroupSpec, Person, PersonIx, PersonSpec,
    Place, PlaceKind, Team, TeamIx, TeamSpec, TeamState, Tenant, TenantIx, TenantSpec, World, WorldSpec, mri,
};

/// Name Graph gives the first channel of a team; the Connector gives it none.
const GENERAL: &str = "General";

/// A world that contradicts itself; says which value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the world names {what} {value:?} {problem}")]
pub struct BadWorld {
    what: &'static str,
    value: String,
    problem: &'static str,
}

impl World {
    /// Builds the world; ids and addresses must be unique.
    pub(crate) fn build(spec: WorldSpec) -> Result<Self, BadWorld> {
        let mut world = Self { seed: spec.seed, apps: spec.apps, ..Self::default() };
        for (n, app) in world.apps.iter().enumerate() {
            if world.app(&app.app_id) != Some(AppIx(n)) {
                return Err(twice("the app", &app.app_id));
            }
        }
        for tenant in spec.tenants {
            world.add_tenant(tenant)?;
        }
        Ok(world)
    }

    fn add_tenant(&mut self, spec: TenantSpec) -> Result<(), BadWorld> {
        if self.tenant(&spec.id).or(self.tenant(&spec.domain)).is_some() {
            return Err(twice("the tenant", &spec.id));
        }
        let ix = TenantIx(self.tenants.len());
        let (id, name, domain) = (spec.id, spec.name, spec.domain);
        for key in [&id, &domain] {
            self.tenant_by_key.insert(key.to_ascii_lowercase(), ix);
        }
        let (people, teams, groups, group_chats) = Default::default();
        self.tenants.push(Tenant { id, name, domain, people, teams, groups, group_chats });
        for mut person in spec.people {
            let bots = self.bots(&std::mem::take(&mut person.bots))?;
            let person = self.add_person(ix, person)?;
            for bot in bots {
                self.chat(bot, person).installed = true;
            }
        }
        spec.teams.into_iter().try_for_each(|team| self.add_team(ix, team))?;
        self.add_groups(ix, spec.groups)?;
        spec.group_chats.into_iter().try_for_each(|chat| self.build_group_chat(ix, chat))
    }

    pub(super) fn add_person(&mut self, tenant: TenantIx, spec: PersonSpec) -> Result<PersonIx, BadWorld> {
        let ix = PersonIx(self.people.len());
        for key in [&spec.id, &spec.user_principal_name, &spec.email] {
            let before = self.person_by_key.insert(key.to_lowercase(), ix);
            if before.is_some_and(|before| before != ix) {
                return Err(twice("the person", key));
            }
        }
        for (n, app) in self.apps.iter().enumerate() {
            self.person_by_mri.insert(mri(self.seed, &app.app_id, &spec.id), (AppIx(n), ix));
        }
        let name = format!("{} {}", spec.given_name, spec.surname);
        let (teams, chats) = Default::default();
        self.people.push(Person { tenant, name, spec, teams, chats, account: Account::Enabled, changed: 0 });
        self.tenants[tenant.0].people.push(ix);
        Ok(ix)
    }

    fn add_team(&mut self, tenant: TenantIx, spec: TeamSpec) -> Result<(), BadWorld> {
        if self.team(&spec.id).or(self.team(&spec.group_id)).is_some() {
            return Err(twice("the team", &spec.id));
        }
        let members = match spec.members {
            None => self.tenants[tenant.0].people.iter().copied().collect(),
            Some(ids) => self.members(&ids)?,
        };
        let apps = self.bots(&spec.bots)?;
        let team = TeamIx(self.teams.len());
        let mut channels = Vec::new();
        let general = ChannelSpec::standard(spec.id.clone(), GENERAL);
        for (channel, spec) in std::iter::once(general).chain(spec.channels).enumerate() {
            self.unused("the channel", &spec.id)?;
            let place =
                self.add_place(Place { id: spec.id.clone(), tenant, kind: PlaceKind::Channel { team, channel } });
            let members = self.members(&spec.members)?;
            channels.push(Channel { members, ..Channel::new(spec.id, spec.name, place, spec.kind) });
        }
        let (id, group_id, name) = (spec.id, spec.group_id, spec.name);
        self.team_by_key.insert(id.clone(), team);
        self.team_by_key.insert(group_id.to_ascii_lowercase(), team);
        let (nobody, state) = (BTreeSet::new(), TeamState::Live);
        self.teams.push(Team { tenant, id, group_id, name, channels, members: nobody, apps, state, changed: 0 });
        self.tenants[tenant.0].teams.push(team);
        for person in members {
            self.join_team(person, team);
        }
        Ok(())
    }

    /// Adds groups that may name each other, in any order.
    fn add_groups(&mut self, tenant: TenantIx, specs: Vec<GroupSpec>) -> Result<(), BadWorld> {
        let mut inner = Vec::new();
        for spec in specs {
            if self.group(tenant, &spec.id).is_some() {
                return Err(twice("the group", &spec.id));
            }
            let people = self.members(&spec.members)?;
            let ix = GroupIx(self.groups.len());
            self.groups.push(Group { id: spec.id, name: spec.name, people, groups: Vec::new() });
            self.tenants[tenant.0].groups.push(ix);
            inner.push((ix, spec.groups));
        }
        for (ix, ids) in inner {
            let known = |id: &String| {
                let unknown = || BadWorld { what: "the group", value: id.clone(), problem: "but no such group" };
                self.group(tenant, id).ok_or_else(unknown)
            };
            self.groups[ix.0].groups = ids.iter().map(known).collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    fn build_group_chat(&mut self, tenant: TenantIx, spec: GroupChatSpec) -> Result<(), BadWorld> {
        self.unused("the chat", &spec.id)?;
        let (members, apps) = (self.members(&spec.members)?, self.bots(&spec.bots)?);
        let chat = self.add_group_chat(tenant, spec.id, spec.topic);
        self.group_chats[chat.0].apps = apps;
        for person in members {
            self.join_chat(person, chat);
        }
        Ok(())
    }

    fn unused(&self, what: &'static str, id: &str) -> Result<(), BadWorld> {
        if self.place_by_id.contains_key(id) { Err(twice(what, id)) } else { Ok(()) }
    }

    fn bots(&self, ids: &[String]) -> Result<BTreeSet<AppIx>, BadWorld> {
        let known = |id: &String| {
            let unknown = || BadWorld { what: "the bot", value: id.clone(), problem: "but no such app" };
            self.app(id).ok_or_else(unknown)
        };
        ids.iter().map(known).collect()
    }

    fn members(&self, ids: &[String]) -> Result<BTreeSet<PersonIx>, BadWorld> {
        let known = |id: &String| {
            let unknown = || BadWorld { what: "the member", value: id.clone(), problem: "but no such person" };
            self.person(id).ok_or_else(unknown)
        };
        ids.iter().map(known).collect()
    }
}

fn twice(what: &'static str, value: &str) -> BadWorld {
    BadWorld { what, value: value.to_owned(), problem: "twice" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_that_names_a_person_twice_is_refused_with_the_address() {
        let mut spec = WorldSpec::demo(1, 3);
        let double = spec.tenants[0].people[0].clone();
        spec.tenants[0].people.push(super::super::PersonSpec { id: "other".to_owned(), ..double.clone() });
        let Err(error) = World::build(spec) else { panic!("accepted") };
        assert_eq!(error.value, double.user_principal_name);
    }

    #[test]
    fn a_seed_repeats_a_world() {
        assert_eq!(WorldSpec::demo(5, 50), WorldSpec::demo(5, 50));
        assert_ne!(WorldSpec::demo(5, 50), WorldSpec::demo(6, 50));
    }
}
