use axum::response::Response;
use base64::{Engine, prelude::BASE64_STANDARD};

use super::super::{Caller, chats::GraphChat, directory::find_user, error::not_found, teams};
use crate::{
    app::App,
    faults::Aim,
    world::{AppIx, AppSpec, GroupChatIx, PersonIx, TeamIx, World},
};

/// Who has apps installed, as the path names it.
#[derive(Clone, Copy, Debug)]
pub(in crate::graph) enum Holder<'a> {
    User(&'a str),
    Team(&'a str),
    Chat(&'a str),
}

/// The same, found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found {
    User(PersonIx),
    Team(TeamIx),
    Chat(GroupChatIx),
}

impl<'a> Holder<'a> {
    /// The holder a path names, and what follows `installedApps` in it.
    pub(in crate::graph) fn of<'p>(path: &'p [&'a str]) -> Option<(Self, &'p [&'a str])> {
        match path {
            ["users", key, "teamwork", "installedApps", rest @ ..] => Some((Self::User(key), rest)),
            ["teams", key, "installedApps", rest @ ..] => Some((Self::Team(key), rest)),
            ["chats", key, "installedApps", rest @ ..] => Some((Self::Chat(key), rest)),
            _ => None,
        }
    }

    pub(super) fn find(self, world: &World, caller: Caller) -> Option<Found> {
        match self {
            Self::User(key) => find_user(world, caller, key).map(Found::User),
            Self::Team(key) => teams::find(world, caller, key).map(Found::Team),
            Self::Chat(key) => match GraphChat::find(world, caller, key)? {
                GraphChat::Personal(_, person) => Some(Found::User(person)),
                GraphChat::Group(chat) => Some(Found::Chat(chat)),
            },
        }
    }

    pub(super) fn not_found(self, app: &App) -> Response {
        match self {
            Self::User(key) => not_found(app, "Resource", key),
            Self::Team(key) => not_found(app, "Team", key),
            Self::Chat(key) => not_found(app, "Chat", key),
        }
    }
}

impl Found {
    /// What faults for one person are matched with.
    pub(super) fn aim(found: Option<Self>) -> Aim {
        let person = if let Some(Self::User(person)) = found { Some(person) } else { None };
        Aim { conversation: None, person }
    }

    pub(super) fn has(self, world: &World, app: AppIx) -> bool {
        match self {
            Self::User(person) => world.chat_if_any(app, person).is_some_and(|chat| chat.installed),
            Self::Team(team) => world.teams[team.0].apps.contains(&app),
            Self::Chat(chat) => world.group_chats[chat.0].apps.contains(&app),
        }
    }

    /// The app of an installation.
    pub(super) fn installation(self, world: &World, id: &str) -> Option<AppIx> {
        let mut apps = (0..world.apps.len()).map(AppIx).filter(|app| self.has(world, *app));
        apps.find(|app| self.installation_id(world, &world.apps[app.0]) == id)
    }

    pub(super) fn installation_id(self, world: &World, spec: &AppSpec) -> String {
        let holder = match self {
            Self::User(person) => &world.people[person.0].spec.id,
            Self::Team(team) => &world.teams[team.0].group_id,
            Self::Chat(chat) => &world.group_chats[chat.0].id,
        };
        BASE64_STANDARD.encode(format!("{holder}##{}", spec.catalog_id))
    }
}
