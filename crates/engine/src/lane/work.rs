use std::sync::Arc;
use std::time::Duration;

use pregon_domain::Timestamp;
use pregon_domain::directory::{Reach, Scope};
use pregon_domain::message::{Claimed, Message, Operation, Priority};
use pregon_domain::retry::Attempt;
use pregon_domain::scopes::Haste;
use pregon_domain::step::Step;
use pregon_model::ConversationId;

/// Starts are spread while more time than this is left.
const NEAR_DEADLINE: Duration = Duration::from_secs(10);

/// A claimed delivery on its way through its steps.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) claimed: Claimed,
    pub(super) message: Arc<Message>,
    /// Whether an attempt's outcome was in doubt.
    pub(super) doubted: bool,
    /// Whether its conversation was called often lately.
    pub(super) crowded: bool,
    pub(super) tried: Tried,
}

/// What is tried once for a delivery and not again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tried {
    /// Its conversation was found gone, to be created anew.
    pub(super) recreating: bool,
    /// Installing the app on the way.
    pub(super) installing: bool,
}

/// What was learned of a reference's conversation.
#[derive(Clone, Debug, Default)]
pub(super) enum KnownConversation {
    #[default]
    Unchanged,
    Created(ConversationId),
    Gone,
}

/// What was learned of a reference after a delivery to it was claimed.
#[derive(Clone, Debug, Default)]
pub(super) struct News {
    pub(super) conversation: KnownConversation,
    pub(super) reach: Option<Reach>,
    pub(super) installed: bool,
}

impl Work {
    pub(super) fn new(claimed: Claimed, message: Arc<Message>) -> Self {
        Self { claimed, message, doubted: false, crowded: false, tried: Tried::default() }
    }

    /// Whether somebody waits for it, or its deadline is so near that it does not wait to be spread.
    pub(super) fn haste(&self, now: Timestamp) -> Haste {
        let is_late = self.message.not_after.since(now) < NEAR_DEADLINE;
        if is_late || self.message.priority == Priority::Urgent { Haste::Now } else { Haste::Spread }
    }

    /// This attempt, as the retry rules see it; `outage` says whether the service is taken for down.
    pub(super) fn attempt(&self, step: Step, may_install: bool, outage: bool) -> Attempt {
        let target = &self.claimed.target;
        let sends = step == Step::Send && self.message.operation == Operation::Send;
        let personal = target.scope == Scope::Personal;
        let known = target.person.as_ref().is_some_and(|person| person.object_id.is_some());
        Attempt {
            number: self.claimed.attempts + 1,
            idempotent: !sends,
            may_recreate: sends && personal && !self.tried.recreating,
            may_install: personal && known && may_install && !self.tried.installing && step == Step::Create,
            outage,
        }
    }

    /// From now on the person is reached by an installation of their own, not through a team.
    pub(super) fn forget_membership(&mut self) {
        self.claimed.target.reach = Reach::Open;
        if let Some(person) = &mut self.claimed.target.person {
            person.member_id = None;
        }
    }

    pub(super) fn tell(&mut self, news: &News) {
        let target = &mut self.claimed.target;
        match &news.conversation {
            KnownConversation::Unchanged => {}
            KnownConversation::Created(conversation) => target.conversation = Some(conversation.clone()),
            KnownConversation::Gone => target.conversation = None,
        }
        if let Some(reach) = news.reach
            && !self.tried.installing
        {
            target.reach = reach;
        }
        target.installed |= news.installed;
    }
}
