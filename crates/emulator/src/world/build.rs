use std::collections::BTreeSet;

use super::{
    Channel, Person, PersonIx, Place, PlaceKind, Team, TeamIx, TeamSpec, Tenant, TenantIx, TenantSpec, World,
    WorldSpec, mri,
};
use crate::world::AppIx;

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
        let first = self.people.len();
        for mut person in spec.people {
            let name = format!("{} {}", person.given_name, person.surname);
            let bots = self.bots(&std::mem::take(&mut person.bots))?;
            let person = self.add_person(Person { tenant: ix, name, spec: person })?;
            for bot in bots {
                self.chat(bot, person).installed = true;
            }
        }
        let people: Vec<_> = (first..self.people.len()).map(PersonIx).collect();
        let (id, name, domain) = (spec.id, spec.name, spec.domain);
        for key in [&id, &domain] {
            self.tenant_by_key.insert(key.to_ascii_lowercase(), ix);
        }
        self.tenants.push(Tenant { id, name, domain, people, teams: Vec::new() });
        spec.teams.into_iter().try_for_each(|team| self.add_team(ix, team))
    }

    fn add_person(&mut self, person: Person) -> Result<PersonIx, BadWorld> {
        let ix = PersonIx(self.people.len());
        let spec = &person.spec;
        for key in [&spec.id, &spec.user_principal_name, &spec.email] {
            let before = self.person_by_key.insert(key.to_lowercase(), ix);
            if before.is_some_and(|before| before != ix) {
                return Err(twice("the person", key));
            }
        }
        for (n, app) in self.apps.iter().enumerate() {
            self.person_by_mri.insert(mri(self.seed, &app.app_id, &spec.id), (AppIx(n), ix));
        }
        self.people.push(person);
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
        let general = (spec.id.clone(), GENERAL.to_owned());
        for (id, name) in std::iter::once(general).chain(spec.channels.into_iter().map(|c| (c.id, c.name))) {
            if self.place_by_id.contains_key(&id) {
                return Err(twice("the channel", &id));
            }
            let kind = PlaceKind::Channel { team, channel: channels.len() };
            let place = self.add_place(Place { id: id.clone(), tenant, kind });
            channels.push(Channel { id, name, place });
        }
        let (id, group_id, name) = (spec.id, spec.group_id, spec.name);
        self.team_by_key.insert(id.clone(), team);
        self.team_by_key.insert(group_id.to_ascii_lowercase(), team);
        self.teams.push(Team { tenant, id, group_id, name, channels, members, apps });
        self.tenants[tenant.0].teams.push(team);
        Ok(())
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
            let unknown = || BadWorld { what: "the team member", value: id.clone(), problem: "but no such person" };
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
