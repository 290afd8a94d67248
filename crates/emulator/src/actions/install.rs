use serde_json::{Value, json};

use crate::{
    app::App,
    events::{Scene, general},
    lock::lock,
    world::{AppIx, PersonIx, PlaceIx, TeamIx, World},
};

impl App {
    /// Installs a bot for a person and tells it; `false` when it was installed already.
    pub(crate) fn install_for(&self, bot: AppIx, person: PersonIx) -> bool {
        let events = {
            let mut world = lock(&self.world);
            let chat = world.chat(bot, person);
            if chat.installed {
                return false;
            }
            (chat.installed, chat.removed) = (true, false);
            let place = chat.place;
            scene(self, &world, bot, person, place).bot_added()
        };
        self.tell(bot, events);
        true
    }

    /// Tells the bot once more about an installed chat.
    pub(crate) fn announce_chat(&self, bot: AppIx, person: PersonIx) {
        let [_, update] = {
            let mut world = lock(&self.world);
            let place = world.chat(bot, person).place;
            scene(self, &world, bot, person, place).bot_added()
        };
        self.tell(bot, [update]);
    }

    /// Takes a bot away from a person; `false` when it was not installed.
    pub(crate) fn uninstall_for(&self, bot: AppIx, person: PersonIx) -> bool {
        let events = {
            let mut world = lock(&self.world);
            let chat = world.chat(bot, person);
            if !chat.installed {
                return false;
            }
            (chat.installed, chat.removed) = (false, true);
            let place = chat.place;
            scene(self, &world, bot, person, place).bot_removed()
        };
        self.tell(bot, events);
        true
    }

    /// Installs a bot in a team, in General, and tells it; `false` when it was installed already.
    pub(crate) fn install_in_team(&self, bot: AppIx, team: TeamIx, by: Option<PersonIx>) -> bool {
        let events = {
            let mut world = lock(&self.world);
            if !world.teams[team.0].apps.insert(bot) {
                return false;
            }
            in_general(self, &world, bot, team, by).map(|scene| scene.bot_added())
        };
        self.tell(bot, events.into_iter().flatten());
        true
    }

    /// Takes a bot out of a team; `false` when it was not installed.
    pub(crate) fn uninstall_from_team(&self, bot: AppIx, team: TeamIx) -> bool {
        let events = {
            let mut world = lock(&self.world);
            if !world.teams[team.0].apps.remove(&bot) {
                return false;
            }
            in_general(self, &world, bot, team, None).map(|scene| scene.bot_removed())
        };
        self.tell(bot, events.into_iter().flatten());
        true
    }

    /// Takes a person out of a team or puts them in, and tells the bots there; `false` when nothing
    /// changed.
    pub(crate) fn change_member(&self, person: PersonIx, team: TeamIx, join: bool) -> bool {
        let events: Vec<(AppIx, Value)> = {
            let mut world = lock(&self.world);
            let members = &mut world.teams[team.0].members;
            let changed = if join { members.insert(person) } else { members.remove(&person) };
            if !changed {
                return false;
            }
            let bots = &world.teams[team.0].apps;
            let event = |bot: &AppIx| {
                in_general(self, &world, *bot, team, Some(person))
                    .map(|scene| (*bot, scene.member_changed(person, join)))
            };
            bots.iter().filter_map(event).collect()
        };
        for (bot, event) in events {
            self.tell(bot, [event]);
        }
        true
    }

    /// Renames a team and tells the bots there.
    pub(crate) fn rename_team(&self, team: TeamIx, name: &str) {
        name.clone_into(&mut lock(&self.world).teams[team.0].name);
        self.tell_team(team, &json!({"channelData": {"eventType": "teamRenamed"}}));
    }

    /// Adds a channel to a team and tells the bots there; the id of the channel.
    pub(crate) fn create_channel(&self, team: TeamIx, name: &str) -> String {
        let id = lock(&self.world).add_channel(team, name);
        let channel = json!({"id": id, "name": name});
        self.tell_team(team, &json!({"channelData": {"eventType": "channelCreated", "channel": channel}}));
        id
    }

    /// Sends every bot of a team a `conversationUpdate`.
    fn tell_team(&self, team: TeamIx, more: &Value) {
        let events: Vec<(AppIx, Value)> = {
            let world = lock(&self.world);
            let event = |bot: &AppIx| {
                let scene = in_general(self, &world, *bot, team, None)?;
                Some((*bot, scene.event("conversationUpdate", more.clone())))
            };
            world.teams[team.0].apps.iter().filter_map(event).collect()
        };
        for (bot, event) in events {
            self.tell(bot, [event]);
        }
    }

    pub(crate) fn tell(&self, bot: AppIx, events: impl IntoIterator<Item = Value>) {
        for event in events {
            self.outgoing.queue(bot, event);
        }
        self.changed();
    }
}

fn scene<'a>(app: &'a App, world: &'a World, bot: AppIx, actor: PersonIx, place: PlaceIx) -> Scene<'a> {
    Scene { app, world, bot, actor, place, root: None }
}

/// The scene of something that concerns a whole team. Somebody must have done it: by default its
/// first member, else anybody of the tenant.
fn in_general<'a>(app: &'a App, world: &'a World, bot: AppIx, team: TeamIx, by: Option<PersonIx>) -> Option<Scene<'a>> {
    let anybody = || world.tenants[world.teams[team.0].tenant.0].people.first();
    let actor = by.or_else(|| world.teams[team.0].members.first().or_else(anybody).copied())?;
    Some(scene(app, world, bot, actor, general(world, team)?))
}
