use crate::{
    actions::ActionError,
    emulator::Emulator,
    world::{PersonIx, PersonSpec},
};

/// A person's account in the directory: what an administrator does to it, and what delta queries tell.
#[derive(Clone, Copy, Debug)]
pub struct AccountHandle<'a> {
    emulator: &'a Emulator,
    person: PersonIx,
}

impl Emulator {
    /// Adds a person to a tenant, by id or domain; their object id. They are in no team yet.
    pub fn add_person(&self, tenant: &str, person: PersonSpec) -> Result<String, ActionError> {
        self.app.add_person(Some(tenant), person)
    }

    /// Somebody's account: by object id, sign-in name, e-mail address or `29:` id.
    pub fn account(&self, key: &str) -> Result<AccountHandle<'_>, ActionError> {
        Ok(AccountHandle { emulator: self, person: self.app.find_person(key)? })
    }
}

impl AccountHandle<'_> {
    /// Lets the person sign in again; `false` when the account is not disabled.
    pub fn enable(&self) -> bool {
        self.emulator.app.set_enabled(self.person, true)
    }

    /// Keeps the person from signing in; `false` when it is so already.
    pub fn disable(&self) -> bool {
        self.emulator.app.set_enabled(self.person, false)
    }

    /// Gives the person another name.
    pub fn rename(&self, given_name: &str, surname: &str) {
        self.emulator.app.rename_person(self.person, given_name, surname);
    }

    /// Deletes the account, so that it can be restored; the person leaves every team and chat. `false`
    /// when it is deleted already.
    pub fn delete(&self) -> bool {
        self.emulator.app.delete_account(self.person, false)
    }

    /// Deletes the account for good; `false` when that was done already.
    pub fn delete_for_good(&self) -> bool {
        self.emulator.app.delete_account(self.person, true)
    }

    /// Brings a deleted account back, without its teams and chats; `false` when it is not deleted, or
    /// for good.
    pub fn restore(&self) -> bool {
        self.emulator.app.restore_account(self.person)
    }
}
