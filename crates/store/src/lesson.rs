//! What a batch of deliveries taught about references, put together.

use std::collections::{BTreeMap, BTreeSet};

use pregon_domain::directory::{Capture, CaptureChange, Reach, Reference, Scope};
use pregon_domain::message::Learned;
use pregon_domain::{ReferenceId, Timestamp};
use pregon_model::ConversationId;

use crate::book::install;

/// The chat of a reference.
pub(crate) enum Chat {
    /// It was created.
    Met(ConversationId),
    /// It does not exist any more.
    Gone,
}

/// All that was learned of one reference; the last word counts.
#[derive(Default)]
pub(crate) struct Lesson {
    pub(crate) chat: Option<Chat>,
    pub(crate) reach: Option<Reach>,
    pub(crate) installed: bool,
}

impl Lesson {
    /// The conversation that was created.
    pub(crate) fn met(&self) -> Option<&ConversationId> {
        match &self.chat {
            Some(Chat::Met(conversation)) => Some(conversation),
            _ => None,
        }
    }

    /// Writes it into its reference.
    pub(crate) fn apply(&self, record: &mut Reference, now: Timestamp) {
        match &self.chat {
            Some(Chat::Met(conversation)) => record.conversation = Some(conversation.clone()),
            Some(Chat::Gone) => record.conversation = None,
            None => {}
        }
        if self.installed {
            install(record);
        }
        record.reach = self.reach.unwrap_or(record.reach);
        record.seen_at = now;
    }
}

/// Lessons by the record an id leads to. Chats of the references in `settled` are written already.
pub(crate) fn lessons(
    learned: &[Learned],
    settled: &BTreeSet<ReferenceId>,
    resolve: impl Fn(ReferenceId) -> ReferenceId,
) -> BTreeMap<ReferenceId, Lesson> {
    let mut lessons: BTreeMap<_, Lesson> = BTreeMap::new();
    for one in learned {
        let (Learned::Conversation(id, _)
        | Learned::NoConversation(id)
        | Learned::Reach(id, _)
        | Learned::Installed(id)) = one;
        let lesson = lessons.entry(resolve(*id)).or_default();
        match one {
            Learned::Conversation(id, _) | Learned::NoConversation(id) if settled.contains(id) => {}
            Learned::Conversation(_, conversation) => lesson.chat = Some(Chat::Met(conversation.clone())),
            Learned::NoConversation(_) => lesson.chat = Some(Chat::Gone),
            Learned::Reach(_, reach) => lesson.reach = Some(*reach),
            Learned::Installed(_) => {
                lesson.installed = true;
                lesson.reach = Some(Reach::Open);
            }
        }
    }
    lessons
}

/// A created conversation that another record has shows that the two are one person: written as this
/// capture, it merges them. `None` for what is no person: that is not believed.
pub(crate) fn same_person(record: &Reference, conversation: &ConversationId) -> Option<Capture> {
    (record.scope == Scope::Personal).then(|| Capture {
        lane: record.lane,
        scope: record.scope,
        conversation: Some(conversation.clone()),
        service_url: None,
        person: record.person.clone(),
        name: None,
        team: None,
        group: None,
        change: CaptureChange::Seen,
    })
}

/// The conversations that were created, and whether two references of the batch share each.
pub(crate) fn met(learned: &[Learned]) -> Vec<(ReferenceId, ConversationId, bool)> {
    let lessons = lessons(learned, &BTreeSet::new(), |id| id);
    let met: Vec<_> = lessons.iter().filter_map(|(id, lesson)| Some((*id, lesson.met()?))).collect();
    let mut times: BTreeMap<&ConversationId, usize> = BTreeMap::new();
    for (_, conversation) in &met {
        *times.entry(conversation).or_default() += 1;
    }
    met.iter().map(|(id, conversation)| (*id, (*conversation).clone(), times[conversation] > 1)).collect()
}
