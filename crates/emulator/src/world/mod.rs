//! The organisations, people, teams, chats and bots, and who can reach whom.

mod account;
mod build;
mod group;
mod group_chat;
mod names;
mod place;
mod reach;
mod spec;
mod team;

use std::collections::{BTreeSet, HashMap};

pub(crate) use account::Account;
pub use build::BadWorld;
pub(crate) use group::{AnyGroup, Group, Member};
pub(crate) use group_chat::GroupChat;
pub(crate) use place::{Place, PlaceKind, Roster};
pub(crate) use reach::Refusal;
pub use spec::{AppSpec, ChannelSpec, GroupChatSpec, GroupSpec, PersonSpec, TeamSpec, TenantSpec, WorldSpec};
pub use team::ChannelKind;
pub(crate) use team::{Channel, Team, TeamState};

use account::MemberChange;

use crate::chance::opaque;

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub(crate) usize);
    )+};
}

index! {
    /// A bot of the world.
    AppIx
    /// A tenant of the world.
    TenantIx
    /// A person of the world.
    PersonIx
    /// A team of the world.
    TeamIx
    /// A group of the world that is no team.
    GroupIx
    /// A group chat of the world.
    GroupChatIx
    /// A personal chat, group chat or channel of the world.
    PlaceIx
}

/// One organisation.
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) people: Vec<PersonIx>,
    pub(crate) teams: Vec<TeamIx>,
    pub(crate) groups: Vec<GroupIx>,
    pub(crate) group_chats: Vec<GroupChatIx>,
}

/// One person.
pub(crate) struct Person {
    pub(crate) tenant: TenantIx,
    pub(crate) name: String,
    pub(crate) spec: PersonSpec,
    /// The teams whose member they are.
    pub(crate) teams: BTreeSet<TeamIx>,
    /// The group chats they are in.
    pub(crate) chats: BTreeSet<GroupChatIx>,
    pub(crate) account: Account,
    /// Number of the account's last change; 0 since the start.
    pub(crate) changed: u64,
}

/// What one person and one bot are to each other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chat {
    pub(crate) place: PlaceIx,
    /// The bot is installed in the personal scope.
    pub(crate) installed: bool,
    /// It was, and the person took it away.
    pub(crate) removed: bool,
    /// The person blocked the bot.
    pub(crate) blocked: bool,
}

/// Everything there is.
#[derive(Default)]
pub(crate) struct World {
    seed: u64,
    pub(crate) tenants: Vec<Tenant>,
    pub(crate) people: Vec<Person>,
    pub(crate) teams: Vec<Team>,
    pub(crate) groups: Vec<Group>,
    pub(crate) group_chats: Vec<GroupChat>,
    pub(crate) apps: Vec<AppSpec>,
    pub(crate) places: Vec<Place>,
    chats: HashMap<(AppIx, PersonIx), Chat>,
    changes: u64,
    member_changes: Vec<MemberChange>,
    tenant_by_key: HashMap<String, TenantIx>,
    team_by_key: HashMap<String, TeamIx>,
    place_by_id: HashMap<String, PlaceIx>,
    person_by_key: HashMap<String, PersonIx>,
    person_by_mri: HashMap<String, (AppIx, PersonIx)>,
}

impl World {
    /// A tenant by id or domain.
    pub(crate) fn tenant(&self, key: &str) -> Option<TenantIx> {
        self.tenant_by_key.get(&key.to_ascii_lowercase()).copied()
    }

    /// A bot by app id.
    pub(crate) fn app(&self, app_id: &str) -> Option<AppIx> {
        self.apps.iter().position(|app| app.app_id.eq_ignore_ascii_case(app_id)).map(AppIx)
    }

    /// A person by Entra object id, sign-in name or e-mail address.
    pub(crate) fn person(&self, key: &str) -> Option<PersonIx> {
        self.person_by_key.get(&key.to_lowercase()).copied()
    }

    /// A person by the id one bot knows them by.
    pub(crate) fn person_by_mri(&self, mri: &str) -> Option<(AppIx, PersonIx)> {
        self.person_by_mri.get(mri).copied()
    }

    /// A team by thread id or group id.
    pub(crate) fn team(&self, key: &str) -> Option<TeamIx> {
        self.team_by_key.get(key).or_else(|| self.team_by_key.get(&key.to_ascii_lowercase())).copied()
    }

    /// The id of a person as one bot knows them.
    pub(crate) fn mri(&self, app: AppIx, person: PersonIx) -> String {
        mri(self.seed, &self.apps[app.0].app_id, &self.people[person.0].spec.id)
    }

    /// What a person and a bot are to each other; the conversation id is the same every time.
    pub(crate) fn chat(&mut self, app: AppIx, person: PersonIx) -> &mut Chat {
        if !self.chats.contains_key(&(app, person)) {
            let parts = ["chat", self.apps[app.0].app_id.as_str(), &self.people[person.0].spec.id];
            let id = format!("a:1{}", opaque(self.seed, &parts));
            let tenant = self.people[person.0].tenant;
            let place = self.add_place(Place { id, tenant, kind: PlaceKind::Personal { app, person } });
            self.chats.insert((app, person), Chat { place, installed: false, removed: false, blocked: false });
        }
        self.chats.get_mut(&(app, person)).expect("inserted above when absent")
    }

    /// The same without making one.
    pub(crate) fn chat_if_any(&self, app: AppIx, person: PersonIx) -> Option<&Chat> {
        self.chats.get(&(app, person))
    }
}

fn mri(seed: u64, app_id: &str, object_id: &str) -> String {
    format!("29:1{}", opaque(seed, &["member", app_id, object_id]))
}
