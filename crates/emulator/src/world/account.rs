use super::{PersonIx, PersonSpec, TeamIx, TenantIx, World};

/// What became of a person's account in the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    Enabled,
    /// Cannot sign in.
    Disabled,
    /// Deleted, and can come back.
    Deleted,
    /// Deleted for good.
    Purged,
}

impl Account {
    /// Whether the directory still has it.
    pub(crate) fn exists(self) -> bool {
        matches!(self, Self::Enabled | Self::Disabled)
    }
}

/// Somebody came into a team or left it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemberChange {
    /// Number of the change.
    pub(crate) at: u64,
    pub(crate) team: TeamIx,
    pub(crate) person: PersonIx,
    pub(crate) joined: bool,
}

/// Changes of the directory since the start are numbered: that is what delta queries ask for.
impl World {
    /// Number of the last change; 0 when nothing has changed since the start.
    pub(crate) fn last_change(&self) -> u64 {
        self.changes
    }

    /// Adds a person to a tenant; `None` when an id or address is taken.
    pub(crate) fn hire(&mut self, tenant: TenantIx, spec: PersonSpec) -> Option<PersonIx> {
        let taken = [&spec.id, &spec.user_principal_name, &spec.email].iter().any(|key| self.person(key).is_some());
        if taken {
            return None;
        }
        let person = self.add_person(tenant, spec).ok()?;
        self.note_person(person);
        Some(person)
    }

    /// Gives an account another state.
    pub(crate) fn set_account(&mut self, person: PersonIx, account: Account) {
        self.people[person.0].account = account;
        self.note_person(person);
    }

    /// Gives a person another name.
    pub(crate) fn rename_person(&mut self, person: PersonIx, given_name: &str, surname: &str) {
        let known = &mut self.people[person.0];
        given_name.clone_into(&mut known.spec.given_name);
        surname.clone_into(&mut known.spec.surname);
        known.name = format!("{given_name} {surname}");
        self.note_person(person);
    }

    /// Numbers a change of a team's own: its name, or whether it exists.
    pub(crate) fn note_team(&mut self, team: TeamIx) {
        self.teams[team.0].changed = self.next_change();
    }

    /// Numbers a change of a team's members.
    pub(crate) fn note_member(&mut self, team: TeamIx, person: PersonIx, joined: bool) {
        let at = self.next_change();
        self.member_changes.push(MemberChange { at, team, person, joined });
    }

    /// Changes of a team's members after change `after`, oldest first.
    pub(crate) fn member_changes(&self, team: TeamIx, after: u64) -> impl Iterator<Item = &MemberChange> {
        let from = self.member_changes.partition_point(|change| change.at <= after);
        self.member_changes[from..].iter().filter(move |change| change.team == team)
    }

    fn note_person(&mut self, person: PersonIx) {
        self.people[person.0].changed = self.next_change();
    }

    fn next_change(&mut self) -> u64 {
        self.changes += 1;
        self.changes
    }
}
