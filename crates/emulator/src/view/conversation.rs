use serde::Serialize;

use crate::{
    app::App,
    lock::lock,
    log::LoggedMessage,
    world::{AppIx, PersonIx, PlaceIx, PlaceKind, World},
};

/// A conversation as the emulator shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConversationView {
    /// Conversation id, without thread part.
    pub id: String,
    /// `personal`, `groupChat` or `channel`.
    pub kind: &'static str,
    /// Name of the person, of team and channel, or what the group chat is called.
    pub name: String,
    /// Tenant of the conversation.
    pub tenant_id: String,
    /// Object id of the person, in a personal chat.
    pub person: Option<String>,
    /// The bot, in a personal chat.
    pub app_id: Option<String>,
    /// Thread id of the team, in a channel.
    pub team_id: Option<String>,
    /// Number of messages.
    pub messages: u64,
}

impl App {
    /// Conversations somebody wrote in, from position `after` of all there are.
    pub(crate) fn conversations(&self, after: usize, limit: usize) -> Vec<ConversationView> {
        let world = lock(&self.world);
        let log = lock(&self.log);
        let page = log.conversations().skip(after).take(limit);
        page.map(|(place, messages)| conversation_view(&world, place, messages)).collect()
    }

    pub(crate) fn conversation_view(&self, place: PlaceIx) -> ConversationView {
        let world = lock(&self.world);
        let messages = lock(&self.log).count(place);
        conversation_view(&world, place, messages)
    }

    /// The messages of a place, or of one thread when the id names one; `None` when there is no such place.
    pub(crate) fn messages_of(&self, id: &str) -> Option<Vec<LoggedMessage>> {
        let (id, root) = id.split_once(";messageid=").map_or((id, None), |(id, root)| (id, Some(root)));
        let place = lock(&self.world).place(id)?;
        let in_thread = |message: &&LoggedMessage| root.is_none() || message.thread_root.as_deref() == root;
        Some(lock(&self.log).of(place).filter(in_thread).cloned().collect())
    }

    pub(crate) fn received_by(&self, person: PersonIx) -> Vec<LoggedMessage> {
        let places: Vec<_> = {
            let world = lock(&self.world);
            (0..world.apps.len()).filter_map(|nth| Some(world.chat_if_any(AppIx(nth), person)?.place)).collect()
        };
        let log = lock(&self.log);
        let mut received: Vec<_> =
            places.iter().flat_map(|place| log.of(*place)).filter(|m| m.written_by.is_none()).cloned().collect();
        received.sort_by_key(|message| message.seq);
        received
    }
}

fn conversation_view(world: &World, place: PlaceIx, messages: u64) -> ConversationView {
    let here = &world.places[place.0];
    let tenant_id = world.tenants[here.tenant.0].id.clone();
    let (id, kind) = (here.id.clone(), here.kind.as_str());
    let name = match here.kind {
        PlaceKind::Personal { person, .. } => world.people[person.0].name.clone(),
        PlaceKind::GroupChat(chat) => world.group_chats[chat.0].topic.clone().unwrap_or_default(),
        PlaceKind::Channel { team, channel } => {
            let team = &world.teams[team.0];
            format!("{} / {}", team.name, team.channels[channel].name)
        }
    };
    let (mut person, mut app_id, mut team_id) = (None, None, None);
    match here.kind {
        PlaceKind::Personal { app, person: own } => {
            person = Some(world.people[own.0].spec.id.clone());
            app_id = Some(world.apps[app.0].app_id.clone());
        }
        PlaceKind::GroupChat(_) => {}
        PlaceKind::Channel { team, .. } => team_id = Some(world.teams[team.0].id.clone()),
    }
    ConversationView { id, kind, name, tenant_id, person, app_id, team_id, messages }
}
