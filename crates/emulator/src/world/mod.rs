//! The organisations, people, teams and bots, and who can reach whom.

mod build;
mod names;
mod reach;
mod spec;

use std::collections::{BTreeSet, HashMap};

pub use build::BadWorld;
pub(crate) use reach::Refusal;
pub use spec::{AppSpec, ChannelSpec, PersonSpec, TeamSpec, TenantSpec, WorldSpec};

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
    /// A personal chat or channel of the world.
    PlaceIx
}

/// One organisation.
pub(crate) struct Tenant {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) people: Vec<PersonIx>,
    pub(crate) teams: Vec<TeamIx>,
}

/// One person.
pub(crate) struct Person {
    pub(crate) tenant: TenantIx,
    pub(crate) name: String,
    pub(crate) spec: PersonSpec,
}

/// One team.
pub(crate) struct Team {
    pub(crate) tenant: TenantIx,
    pub(crate) id: String,
    pub(crate) group_id: String,
    pub(crate) name: String,
    /// General first.
    pub(crate) channels: Vec<Channel>,
    pub(crate) members: BTreeSet<PersonIx>,
    /// Bots installed in the team.
    pub(crate) apps: BTreeSet<AppIx>,
}

/// One channel of a team.
pub(crate) struct Channel {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) place: PlaceIx,
}

/// Where messages go.
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) tenant: TenantIx,
    pub(crate) kind: PlaceKind,
}

/// What sort of place it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceKind {
    Personal { app: AppIx, person: PersonIx },
    Channel { team: TeamIx, channel: usize },
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
    pub(crate) apps: Vec<AppSpec>,
    pub(crate) places: Vec<Place>,
    chats: HashMap<(AppIx, PersonIx), Chat>,
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

    /// A place by conversation id, without thread part; the id Graph gives a personal chat works too.
    pub(crate) fn place(&mut self, id: &str) -> Option<PlaceIx> {
        if let Some(place) = self.place_by_id.get(id) {
            return Some(*place);
        }
        let (person, app) = id.strip_prefix("19:")?.strip_suffix("@unq.gbl.spaces")?.split_once('_')?;
        let (app, person) = (self.app(app)?, self.person(person)?);
        Some(self.chat(app, person).place)
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

    /// Whether the person is in a team that has the bot.
    pub(crate) fn shares_team(&self, app: AppIx, person: PersonIx) -> bool {
        let tenant = &self.tenants[self.people[person.0].tenant.0];
        let has_both = |team: &&TeamIx| {
            let team = &self.teams[team.0];
            team.apps.contains(&app) && team.members.contains(&person)
        };
        tenant.teams.iter().any(|team| has_both(&team))
    }

    /// Adds a channel to a team; its id.
    pub(crate) fn add_channel(&mut self, team: TeamIx, name: &str) -> String {
        let channel = self.teams[team.0].channels.len();
        let unique = opaque(self.seed, &["channel", &self.teams[team.0].id, &channel.to_string()]);
        let id = format!("19:{}@thread.tacv2", &unique[..32]);
        let kind = PlaceKind::Channel { team, channel };
        let place = self.add_place(Place { id: id.clone(), tenant: self.teams[team.0].tenant, kind });
        self.teams[team.0].channels.push(Channel { id: id.clone(), name: name.to_owned(), place });
        id
    }

    fn add_place(&mut self, place: Place) -> PlaceIx {
        let ix = PlaceIx(self.places.len());
        self.place_by_id.insert(place.id.clone(), ix);
        self.places.push(place);
        ix
    }
}

fn mri(seed: u64, app_id: &str, object_id: &str) -> String {
    format!("29:1{}", opaque(seed, &["member", app_id, object_id]))
}
