use super::Emulator;
use crate::{
    actions::ActionError,
    calls::LoggedCall,
    lock::lock,
    log::LoggedMessage,
    notifications::FeedNotification,
    stats::Stats,
    view::{ConversationView, PersonView, TenantView},
    world::AppSpec,
};

/// What there is, and what was said.
impl Emulator {
    /// The bots, with their credentials.
    pub fn apps(&self) -> Vec<AppSpec> {
        lock(&self.app.world).apps.clone()
    }

    /// The organisations, with teams and channels.
    pub fn tenants(&self) -> Vec<TenantView> {
        self.app.tenant_views()
    }

    /// Everybody.
    pub fn people(&self) -> Vec<PersonView> {
        self.app.people("", 0, usize::MAX).0
    }

    /// What was counted.
    pub fn stats(&self) -> Stats {
        self.app.stats()
    }

    /// Conversations somebody wrote in.
    pub fn conversations(&self) -> Vec<ConversationView> {
        self.app.conversations(0, usize::MAX)
    }

    /// The messages of a personal chat, channel or thread, oldest first; deleted ones are marked.
    pub fn conversation(&self, id: &str) -> Vec<LoggedMessage> {
        self.app.messages_of(id).unwrap_or_default()
    }

    /// What the bots wrote to a person in personal chats, oldest first; deleted ones are marked.
    pub fn received_by(&self, person: &str) -> Result<Vec<LoggedMessage>, ActionError> {
        Ok(self.app.received_by(self.app.find_person(person)?))
    }

    /// The calls that were let through the limits, as they arrived; none when messages are not kept.
    pub fn calls(&self) -> Vec<LoggedCall> {
        self.app.calls(0, usize::MAX).0
    }

    /// Activity-feed notifications the apps sent, oldest first.
    pub fn notifications(&self) -> Vec<FeedNotification> {
        self.app.notifications(0, usize::MAX)
    }

    /// Messages new or changed since change number `after`, at most `limit` changes, and the number to
    /// ask with next.
    pub fn messages(&self, after: u64, limit: usize) -> (Vec<LoggedMessage>, u64) {
        let log = lock(&self.app.log);
        let (messages, next) = log.since(after, limit);
        (messages.into_iter().cloned().collect(), next)
    }
}
