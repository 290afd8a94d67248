use serde_json::{Value, json};

use super::{ActionError, own::OwnChange};
use crate::{
    app::App,
    events::Scene,
    files::File,
    lock::lock,
    log::Entry,
    world::{AppIx, PersonIx, PlaceIx, PlaceKind, World},
};

/// A picture somebody sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Name of the file.
    pub name: String,
    /// `image/png` …
    pub content_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl App {
    /// A person writes to a bot in their personal chat, with or without a picture; the id of the message.
    pub(crate) fn write_in_chat(
        &self,
        bot: AppIx,
        person: PersonIx,
        text: &str,
        picture: Option<Picture>,
    ) -> Result<String, ActionError> {
        let place = {
            let mut world = lock(&self.world);
            let place = world.chat(bot, person).place;
            world.may_write(bot, place).map_err(|_| ActionError::BotNotThere)?;
            place
        };
        let picture = picture.map(|picture| {
            let Picture { name, content_type, bytes } = picture;
            let id = self.keep_file(File { app: bot, name, content_type, original: bytes, thumbnail: None });
            // Bots read it with their own token.
            let url = format!("{}v3/attachments/{id}/views/original", self.service_url());
            json!({"contentType": "image/*", "contentUrl": url})
        });
        Ok(self.say(bot, person, place, None, text, picture))
    }

    /// A person mentions a bot in a channel, in a thread of its own or an existing one.
    pub(crate) fn write_in_channel(
        &self,
        bot: AppIx,
        person: PersonIx,
        channel: &str,
        root: Option<u64>,
        text: &str,
    ) -> Result<String, ActionError> {
        let place = {
            let world = lock(&self.world);
            let place = channel_of(&world, person, channel)?;
            is_in(&world, Some(bot), person, place)?;
            place
        };
        Ok(self.say(bot, person, place, root, text, None))
    }

    /// A person mentions a bot in a group chat.
    pub(crate) fn write_in_group(
        &self,
        bot: AppIx,
        person: PersonIx,
        chat: &str,
        text: &str,
    ) -> Result<String, ActionError> {
        let place = {
            let world = lock(&self.world);
            let chat = world.group_chat(chat).ok_or_else(|| ActionError::UnknownConversation(chat.to_owned()))?;
            let place = world.group_chats[chat.0].place;
            is_in(&world, Some(bot), person, place)?;
            place
        };
        Ok(self.say(bot, person, place, None, text, None))
    }

    /// Somebody says something to a bot that is there: with a mention of it, except in a personal chat.
    pub(super) fn say(
        &self,
        bot: AppIx,
        person: PersonIx,
        place: PlaceIx,
        root: Option<u64>,
        text: &str,
        picture: Option<Value>,
    ) -> String {
        let world = lock(&self.world);
        let personal = world.places[place.0].kind.person().is_some();
        let name = &world.apps[bot.0].name;
        let mention = format!("<at>{name}</at>");
        let text = if personal { text.to_owned() } else { format!("{mention} {text}") };
        let id = self.note(&world, bot, person, place, root, &text);
        let begun = world.places[place.0].kind.is_channel().then_some(id);
        let scene = Scene { app: self, world: &world, bot, actor: person, place, root: root.or(begun) };
        let mut more = json!({"textFormat": "plain", "text": text});
        if personal {
            // Clients send every message a second time as HTML: bots must not take it for a file.
            let html = json!({"contentType": "text/html", "content": format!("<p>{}</p>", escaped(&text))});
            more["attachments"] = picture.into_iter().chain([html]).collect();
        } else {
            let mentioned = json!({"id": scene.bot_id(), "name": name});
            let mention = json!({"type": "mention", "mentioned": mentioned, "text": mention});
            more["entities"] = json!([mention, scene.client_info()]);
        }
        let activity = scene.said("message", &id.to_string(), more);
        drop(world);
        self.tell(bot, [activity]);
        id.to_string()
    }

    /// Writes down what a person says; its id.
    pub(super) fn note(
        &self,
        world: &World,
        bot: AppIx,
        writer: PersonIx,
        place: PlaceIx,
        root: Option<u64>,
        text: &str,
    ) -> u64 {
        let here = &world.places[place.0];
        let writer = world.people[writer.0].spec.id.clone();
        lock(&self.log).write(Entry {
            place,
            conversation_id: here.id.clone(),
            app_id: world.apps[bot.0].app_id.clone(),
            tenant_id: world.tenants[here.tenant.0].id.clone(),
            person: here.kind.person().map(|_| writer.clone()),
            targeted_to: None,
            written_by: Some(writer),
            root,
            begins_thread: here.kind.is_channel() && root.is_none(),
            reply_to_id: None,
            at_ms: self.clock.epoch_ms(),
            activity: json!({"type": "message", "text": text, "textFormat": "plain"}),
        })
    }

    /// A person edits, deletes or brings back a message of their own.
    pub(crate) fn change_own(
        &self,
        bot: AppIx,
        person: PersonIx,
        conversation: Option<&str>,
        message: &str,
        change: OwnChange<'_>,
    ) -> Result<(), ActionError> {
        let event = {
            let world = &mut *lock(&self.world);
            let place = place_of(world, bot, person, conversation)?;
            let object_id = &world.people[person.0].spec.id;
            let mut log = lock(&self.log);
            let deleted = change.of_deleted();
            let own = log.message(place, message).filter(|m| m.written_by.as_ref() == Some(object_id));
            let own = own.filter(|message| message.deleted == deleted);
            let own = own.ok_or_else(|| ActionError::UnknownMessage(message.to_owned()))?;
            let scene = Scene { app: self, world, bot, actor: person, place, root: own.root() };
            let event = change.event(&scene, own);
            change.apply(&mut log, place, message);
            event
        };
        self.tell(bot, [event]);
        Ok(())
    }
}

/// A conversation the person is part of; without one, the personal chat.
pub(super) fn place_of(
    world: &mut World,
    bot: AppIx,
    person: PersonIx,
    conversation: Option<&str>,
) -> Result<PlaceIx, ActionError> {
    let Some(conversation) = conversation else { return Ok(world.chat(bot, person).place) };
    let unknown = || ActionError::UnknownConversation(conversation.to_owned());
    let id = conversation.split(";messageid=").next().unwrap_or_default();
    let place = world.place(id).ok_or_else(unknown)?;
    match world.places[place.0].kind {
        PlaceKind::Personal { app, person: own } if app == bot && own == person => Ok(place),
        PlaceKind::Personal { .. } => Err(unknown()),
        PlaceKind::GroupChat(_) | PlaceKind::Channel { .. } => is_in(world, None, person, place).map(|()| place),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn channel_of(world: &World, person: PersonIx, key: &str) -> Result<PlaceIx, ActionError> {
    let teams = &world.tenants[world.people[person.0].tenant.0].teams;
    let mut channels = teams.iter().flat_map(|team| world.teams[team.0].live_channels());
    let found = channels.find(|channel| channel.id == key || channel.name.eq_ignore_ascii_case(key));
    found.map(|channel| channel.place).ok_or_else(|| ActionError::UnknownChannel(key.to_owned()))
}

/// The person, and the bot if one is named, must be in a channel or group chat.
fn is_in(world: &World, bot: Option<AppIx>, person: PersonIx, place: PlaceIx) -> Result<(), ActionError> {
    let (name, apps) = match world.places[place.0].kind {
        PlaceKind::Personal { .. } => return Ok(()),
        PlaceKind::GroupChat(chat) => (&world.group_chats[chat.0].id, &world.group_chats[chat.0].apps),
        PlaceKind::Channel { team, .. } => (&world.teams[team.0].name, &world.teams[team.0].apps),
    };
    if !world.roster(place).has(person) {
        return Err(ActionError::NotInTeam(name.clone()));
    }
    if bot.is_some_and(|bot| !apps.contains(&bot)) {
        return Err(ActionError::BotNotInTeam(name.clone()));
    }
    Ok(())
}
