use super::ActionError;
use crate::{
    app::App,
    lock::lock,
    world::{Account, PersonIx, PersonSpec},
};

impl App {
    /// Adds a person to a tenant (by id or domain, by default the first); they are in no team.
    pub(crate) fn add_person(&self, tenant: Option<&str>, spec: PersonSpec) -> Result<String, ActionError> {
        let mut world = lock(&self.world);
        let key = tenant.map(str::to_owned).or_else(|| world.tenants.first().map(|tenant| tenant.id.clone()));
        let key = key.unwrap_or_default();
        let tenant = world.tenant(&key).ok_or(ActionError::UnknownTenant(key))?;
        let (id, email) = (spec.id.clone(), spec.email.clone());
        world.hire(tenant, spec).map(|_| id).ok_or(ActionError::TakenAddress(email))
    }

    /// Enables or disables an account; `false` when it is so already, or deleted.
    pub(crate) fn set_enabled(&self, person: PersonIx, enabled: bool) -> bool {
        let (from, to) =
            if enabled { (Account::Disabled, Account::Enabled) } else { (Account::Enabled, Account::Disabled) };
        self.change_account(person, &[from], to)
    }

    /// Deletes an account; the person leaves every team and chat, and the bots there are told. `false`
    /// when it is deleted already.
    pub(crate) fn delete_account(&self, person: PersonIx, for_good: bool) -> bool {
        let (teams, chats) = {
            let world = lock(&self.world);
            let known = &world.people[person.0];
            (known.teams.clone(), known.chats.clone())
        };
        for team in teams {
            self.change_member(person, team, false);
        }
        for chat in chats {
            // The person is of the chat's tenant: nothing can be wrong.
            let _ = self.change_chat_member(person, chat, false);
        }
        let existing = [Account::Enabled, Account::Disabled];
        let (from, to): (&[Account], _) = if for_good {
            (&[Account::Enabled, Account::Disabled, Account::Deleted], Account::Purged)
        } else {
            (&existing, Account::Deleted)
        };
        self.change_account(person, from, to)
    }

    /// Brings a deleted account back, without teams and chats; `false` when it is not deleted, or for good.
    pub(crate) fn restore_account(&self, person: PersonIx) -> bool {
        self.change_account(person, &[Account::Deleted], Account::Enabled)
    }

    /// Gives a person another name.
    pub(crate) fn rename_person(&self, person: PersonIx, given_name: &str, surname: &str) {
        lock(&self.world).rename_person(person, given_name, surname);
    }

    fn change_account(&self, person: PersonIx, from: &[Account], to: Account) -> bool {
        let mut world = lock(&self.world);
        if !from.contains(&world.people[person.0].account) {
            return false;
        }
        world.set_account(person, to);
        true
    }
}
