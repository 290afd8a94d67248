//! What was said: the emulator's own account of it, independent of any client's.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::world::PlaceIx;

/// One message as it stands now, with what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LoggedMessage {
    /// Position in the log, from 1.
    pub seq: u64,
    /// The personal chat or channel, without thread part.
    pub conversation_id: String,
    /// Activity id.
    pub id: String,
    /// Bot the conversation belongs to, or that wrote in the channel.
    pub app_id: String,
    /// Tenant of the conversation.
    pub tenant_id: String,
    /// Object id of the person, in a personal chat.
    pub person: Option<String>,
    /// Object id of the one member it is shown to, when the bot targeted it.
    pub targeted_to: Option<String>,
    /// Object id of the person who wrote it; absent when the bot did.
    pub written_by: Option<String>,
    /// In a channel: the message that began the thread, which may be this one.
    pub thread_root: Option<String>,
    /// What it answers, as the bot gave it.
    pub reply_to_id: Option<String>,
    /// When it was accepted, milliseconds since 1970.
    pub at_ms: u64,
    /// The activity as it came, unknown fields included; after an edit, the last version.
    pub activity: Value,
    /// Earlier versions, oldest first.
    pub earlier: Vec<Value>,
    /// Whether it was deleted.
    pub deleted: bool,
    /// Reactions, by object id of the person, or the `28:` id of a bot.
    pub reactions: BTreeMap<String, Vec<String>>,
}

impl LoggedMessage {
    /// The message that began the thread.
    pub(crate) fn root(&self) -> Option<u64> {
        self.thread_root.as_deref().and_then(|root| root.parse().ok())
    }
}

/// What is to be written down.
pub(crate) struct Entry {
    pub(crate) place: PlaceIx,
    pub(crate) conversation_id: String,
    pub(crate) app_id: String,
    pub(crate) tenant_id: String,
    pub(crate) person: Option<String>,
    pub(crate) targeted_to: Option<String>,
    pub(crate) written_by: Option<String>,
    pub(crate) root: Option<u64>,
    /// In a channel a message without a root begins a thread.
    pub(crate) begins_thread: bool,
    pub(crate) reply_to_id: Option<String>,
    pub(crate) at_ms: u64,
    pub(crate) activity: Value,
}

/// Whose message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Own,
    Foreign,
}

#[derive(Default)]
struct PlaceLog {
    /// The last id given out; ids grow strictly within a conversation.
    last_id: u64,
    count: u64,
    /// Ids that can be edited: all there is to know when bodies are not kept.
    ids: Vec<u64>,
    /// Positions in `messages`, when bodies are kept.
    messages: Vec<usize>,
}

/// All messages.
pub(crate) struct Log {
    keep_bodies: bool,
    places: Vec<PlaceLog>,
    messages: Vec<LoggedMessage>,
    /// Positions in `messages` in the order of change.
    changes: Vec<usize>,
    accepted: u64,
}

impl Log {
    pub(crate) fn new(keep_bodies: bool) -> Self {
        Self { keep_bodies, places: Vec::new(), messages: Vec::new(), changes: Vec::new(), accepted: 0 }
    }

    pub(crate) fn keeps_bodies(&self) -> bool {
        self.keep_bodies
    }

    /// Messages the bots wrote.
    pub(crate) fn accepted(&self) -> u64 {
        self.accepted
    }

    /// Conversations somebody wrote in.
    pub(crate) fn conversations(&self) -> impl Iterator<Item = (PlaceIx, u64)> {
        self.places.iter().enumerate().filter(|(_, log)| log.count > 0).map(|(ix, log)| (PlaceIx(ix), log.count))
    }

    pub(crate) fn count(&self, place: PlaceIx) -> u64 {
        self.places.get(place.0).map_or(0, |log| log.count)
    }

    /// The next activity id of a place: the time in milliseconds, moved on if it was given out already.
    pub(crate) fn next_id(&mut self, place: PlaceIx, now_ms: u64) -> u64 {
        let log = self.place(place);
        log.last_id = now_ms.max(log.last_id + 1);
        log.last_id
    }

    /// Counts a message of a bot whose body is not kept, and gives its id.
    pub(crate) fn count_only(&mut self, place: PlaceIx, now_ms: u64) -> u64 {
        let id = self.next_id(place, now_ms);
        let log = self.place(place);
        log.count += 1;
        log.ids.push(id);
        self.accepted += 1;
        id
    }

    /// Writes a message down and gives its id.
    pub(crate) fn write(&mut self, entry: Entry) -> u64 {
        let by_bot = entry.written_by.is_none();
        if !self.keep_bodies && by_bot {
            return self.count_only(entry.place, entry.at_ms);
        }
        let id = self.next_id(entry.place, entry.at_ms);
        if !self.keep_bodies {
            if entry.begins_thread {
                // The bot may answer in the thread, so its root must be known.
                self.place(entry.place).ids.push(id);
            }
            return id;
        }
        let at = self.messages.len();
        let log = self.place(entry.place);
        log.count += 1;
        log.messages.push(at);
        self.accepted += u64::from(by_bot);
        let root = entry.root.or(entry.begins_thread.then_some(id));
        self.messages.push(LoggedMessage {
            seq: u64::try_from(at).unwrap_or(u64::MAX).saturating_add(1),
            conversation_id: entry.conversation_id,
            id: id.to_string(),
            app_id: entry.app_id,
            tenant_id: entry.tenant_id,
            person: entry.person,
            targeted_to: entry.targeted_to,
            written_by: entry.written_by,
            thread_root: root.map(|root| root.to_string()),
            reply_to_id: entry.reply_to_id,
            at_ms: entry.at_ms,
            activity: entry.activity,
            earlier: Vec::new(),
            deleted: false,
            reactions: BTreeMap::new(),
        });
        self.changes.push(at);
        id
    }

    /// Looks for a message that is not deleted, and whether this bot wrote it.
    pub(crate) fn find(&self, place: PlaceIx, id: &str, app_id: &str) -> Option<Found> {
        let log = self.places.get(place.0)?;
        if !self.keep_bodies {
            let id = id.parse().ok()?;
            return log.ids.binary_search(&id).is_ok().then_some(Found::Own);
        }
        let message = &self.messages[self.position(place, id)?];
        if message.deleted {
            return None;
        }
        let own = message.written_by.is_none() && message.app_id == app_id;
        Some(if own { Found::Own } else { Found::Foreign })
    }

    pub(crate) fn edit(&mut self, place: PlaceIx, id: &str, activity: Value) {
        if let Some(at) = self.position(place, id) {
            let message = &mut self.messages[at];
            message.earlier.push(std::mem::replace(&mut message.activity, activity));
            self.changes.push(at);
        }
    }

    pub(crate) fn delete(&mut self, place: PlaceIx, id: &str) {
        if let Some(at) = self.position(place, id) {
            self.messages[at].deleted = true;
            self.changes.push(at);
        } else if let (Some(log), Ok(id)) = (self.places.get_mut(place.0), id.parse::<u64>())
            && let Ok(at) = log.ids.binary_search(&id)
        {
            log.ids.remove(at);
        }
    }

    /// Brings a deleted message back.
    pub(crate) fn undelete(&mut self, place: PlaceIx, id: &str) {
        if let Some(at) = self.position(place, id) {
            self.messages[at].deleted = false;
            self.changes.push(at);
        }
    }

    /// Notes a reaction of a person or bot, or takes it back.
    pub(crate) fn set_reaction(&mut self, place: PlaceIx, id: &str, by: &str, reaction: &str, added: bool) {
        let Some(at) = self.position(place, id) else { return };
        let all = &mut self.messages[at].reactions;
        let own = all.entry(by.to_owned()).or_default();
        let known = own.iter().position(|known| known == reaction);
        match (known, added) {
            (None, true) => own.push(reaction.to_owned()),
            (Some(nth), false) => {
                own.remove(nth);
            }
            (Some(_), true) | (None, false) => {}
        }
        all.retain(|_, reactions| !reactions.is_empty());
        if known.is_some() != added {
            self.changes.push(at);
        }
    }

    /// One message, deleted or not.
    pub(crate) fn message(&self, place: PlaceIx, id: &str) -> Option<&LoggedMessage> {
        self.position(place, id).map(|at| &self.messages[at])
    }

    /// The messages of a place, oldest first.
    pub(crate) fn of(&self, place: PlaceIx) -> impl DoubleEndedIterator<Item = &LoggedMessage> {
        let positions = self.places.get(place.0).map_or(&[][..], |log| &log.messages);
        positions.iter().map(|at| &self.messages[*at])
    }

    /// Messages that are new or changed after change `after`, and the number of the last change told.
    pub(crate) fn since(&self, after: u64, limit: usize) -> (Vec<&LoggedMessage>, u64) {
        let from = usize::try_from(after).unwrap_or(usize::MAX).min(self.changes.len());
        let to = from.saturating_add(limit).min(self.changes.len());
        let mut told: Vec<usize> = self.changes[from..to].to_vec();
        told.sort_unstable();
        told.dedup();
        (told.into_iter().map(|at| &self.messages[at]).collect(), u64::try_from(to).unwrap_or(u64::MAX))
    }

    fn position(&self, place: PlaceIx, id: &str) -> Option<usize> {
        let positions = &self.places.get(place.0)?.messages;
        let number = |id: &str| id.parse::<u64>().ok();
        // Ids grow within a conversation, so positions are ordered by them.
        let found = positions.binary_search_by_key(&number(id)?, |at| number(&self.messages[*at].id).unwrap_or(0));
        found.ok().map(|at| positions[at])
    }

    fn place(&mut self, place: PlaceIx) -> &mut PlaceLog {
        if self.places.len() <= place.0 {
            self.places.resize_with(place.0 + 1, PlaceLog::default);
        }
        &mut self.places[place.0]
    }
}
