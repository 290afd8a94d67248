use serde_json::Value;

use crate::{
    app::App,
    events::{Cause, Scene, general},
    lock::lock,
    world::{AppIx, GroupChatIx, PersonIx, PlaceIx, TeamIx, World},
};

impl App {
    /// Installs a bot for a person and tells it; `false` when it was installed already.
    pub(crate) fn install_for(&self, bot: AppIx, person: PersonIx, cause: Cause) -> bool {
        let events = {
            let mut world = lock(&self.world);
            let chat = world.chat(bot, person);
            if chat.installed {
                return false;
            }
            (chat.installed, chat.removed) = (true, false);
            let place = chat.place;
            scene(self, &world, bot, person, place).bot_added(cause)
        };
        self.tell(bot, events);
        true
    }

    /// Tells the bot once more about an installed chat.
    pub(crate) fn announce_chat(&self, bot: AppIx, person: PersonIx) {
        let [_, update] = {
            let mut world = lock(&self.world);
            let place = world.chat(bot, person).place;
            scene(self, &world, bot, person, place).bot_added(Cause::Install)
        };
        self.tell(bot, [update]);
    }

    /// Takes a bot away from a person; `false` when it was not installed.
    pub(crate) fn uninstall_for(&self, bot: AppIx, person: PersonIx, cause: Cause) -> bool {
        let events = {
            let mut world = lock(&self.world);
            let chat = world.chat(bot, person);
            if !chat.installed {
                return false;
            }
            (chat.installed, chat.removed) = (false, true);
            let place = chat.place;
            scene(self, &world, bot, person, place).bot_removed(cause)
        };
        self.tell(bot, events);
        true
    }

    /// Installs a bot in a team and tells it, in a channel (by default General); `false` when it was
    /// installed already.
    pub(crate) fn install_in_team(&self, bot: AppIx, team: TeamIx, channel: Option<PlaceIx>, cause: Cause) -> bool {
        let events = {
            let mut world = lock(&self.world);
            if !world.teams[team.0].apps.insert(bot) {
                return false;
            }
            in_team(self, &world, bot, team, channel, None).map(|scene| scene.bot_added(cause))
        };
        self.tell(bot, events.into_iter().flatten());
        true
    }

    /// Takes a bot out of a team; `false` when it was not installed.
    pub(crate) fn uninstall_from_team(&self, bot: AppIx, team: TeamIx, cause: Cause) -> bool {
        let events = {
            let mut world = lock(&self.world);
            if !world.teams[team.0].apps.remove(&bot) {
                return false;
            }
            in_team(self, &world, bot, team, None, None).map(|scene| scene.bot_removed(cause))
        };
        self.tell(bot, events.into_iter().flatten());
        true
    }

    /// Installs a bot in a group chat and tells it; `false` when it was installed already.
    pub(crate) fn install_in_chat(&self, bot: AppIx, chat: GroupChatIx, cause: Cause) -> bool {
        let events = {
            let mut world = lock(&self.world);
            if !world.group_chats[chat.0].apps.insert(bot) {
                return false;
            }
            in_chat(self, &world, bot, chat, None).map(|scene| scene.bot_added(cause))
        };
        self.tell(bot, events.into_iter().flatten());
        true
    }

    /// Takes a bot out of a group chat; `false` when it was not installed.
    pub(crate) fn uninstall_from_chat(&self, bot: AppIx, chat: GroupChatIx, cause: Cause) -> bool {
        let events = {
            let mut world = lock(&self.world);
            if !world.group_chats[chat.0].apps.remove(&bot) {
                return false;
            }
            in_chat(self, &world, bot, chat, None).map(|scene| scene.bot_removed(cause))
        };
        self.tell(bot, events.into_iter().flatten());
        true
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

/// The scene of something that concerns a whole team, in General unless a channel is meant. Somebody
/// must have done it: by default the team's first member, else anybody of the tenant.
pub(super) fn in_team<'a>(
    app: &'a App,
    world: &'a World,
    bot: AppIx,
    team: TeamIx,
    channel: Option<PlaceIx>,
    by: Option<PersonIx>,
) -> Option<Scene<'a>> {
    let anybody = || world.tenants[world.teams[team.0].tenant.0].people.first();
    let actor = by.or_else(|| world.teams[team.0].members.first().or_else(anybody).copied())?;
    Some(scene(app, world, bot, actor, channel.or_else(|| general(world, team))?))
}

/// The same for a group chat.
pub(super) fn in_chat<'a>(
    app: &'a App,
    world: &'a World,
    bot: AppIx,
    chat: GroupChatIx,
    by: Option<PersonIx>,
) -> Option<Scene<'a>> {
    let chat = &world.group_chats[chat.0];
    let anybody = || world.tenants[chat.tenant.0].people.first();
    let actor = by.or_else(|| chat.members.first().or_else(anybody).copied())?;
    Some(scene(app, world, bot, actor, chat.place))
}
