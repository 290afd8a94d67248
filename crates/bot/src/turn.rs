use std::fmt;

use pregon_auth::{Authenticated, Vouched};
use pregon_connector::{DeleteRequest, MessageRequest};
use pregon_model::{Activity, ActivityId, ActivityKind, ChannelAccount, ConversationReference, TenantId};

use crate::{Bot, Conversation};

/// The handling of one activity: what came, who sent it, and how it is answered.
///
/// Every method of [`Handler`](crate::Handler) gets one. It holds what the event does not say, and what
/// is sent from it goes to where the activity came from.
///
/// ```
/// use pregon_bot::{Handler, Turn, TurnResult};
///
/// struct Clerk;
///
/// impl Handler for Clerk {
///     async fn message(&self, turn: &Turn) -> TurnResult {
///         let name = turn.from().and_then(|person| person.name.as_deref()).unwrap_or("you");
///         let Some(id) = turn.reply().text(format!("One moment, {name}")).await? else { return Ok(()) };
///         turn.update(&id).text(format!("{} is on its way", turn.text())).await?;
///         Ok(())
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Turn {
    bot: Bot,
    activity: Activity,
    vouched: Vouched,
    reference: ConversationReference,
    conversation: Conversation,
}

/// An activity that Teams would not send: there is nowhere to answer it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the activity names no {field}")]
pub(crate) struct BadActivity {
    field: &'static str,
}

impl Turn {
    pub(crate) fn new(bot: &Bot, authenticated: Authenticated) -> Result<Self, BadActivity> {
        let Authenticated { activity, vouched } = authenticated;
        let missing = |field| BadActivity { field };
        let mut reference = activity.reference().ok_or(missing("conversation"))?;
        let tenant = activity.tenant_id().or(bot.home()).cloned().ok_or(missing("channelData.tenant"))?;
        // Some activities name it in their channel data only: what is stored must be complete.
        reference.conversation.tenant_id = Some(tenant.clone());
        let conversation = Conversation {
            connector: bot.connector().clone(),
            service_url: vouched.service_url.clone(),
            id: reference.conversation.id.clone(),
            tenant,
        };
        Ok(Self { bot: bot.clone(), activity, vouched, reference, conversation })
    }

    /// What came.
    pub fn activity(&self) -> &Activity {
        &self.activity
    }

    /// What its token vouches for.
    pub fn vouched(&self) -> &Vouched {
        &self.vouched
    }

    /// What was written, trimmed and without the mention of the bot; empty when nothing was.
    pub fn text(&self) -> String {
        self.activity.text_without_bot_mention()
    }

    /// Who acted.
    pub fn from(&self) -> Option<&ChannelAccount> {
        self.activity.from.as_ref()
    }

    /// The organisation it happened in.
    pub fn tenant(&self) -> &TenantId {
        self.conversation.tenant()
    }

    /// The address of the conversation, to be stored and given to [`Bot::conversation`] later.
    ///
    /// Take a new one from every activity, for the service URL may change.
    pub fn reference(&self) -> &ConversationReference {
        &self.reference
    }

    /// Where it happened. A clone may outlive the turn: slow work is spawned and speaks there when it is
    /// done.
    pub fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// The bot, to speak elsewhere.
    pub fn bot(&self) -> &Bot {
        &self.bot
    }

    /// Writes a message that answers this one. What is no message cannot be answered as one; then it is
    /// [`Turn::send`].
    pub fn reply(&self) -> MessageRequest<'_, Option<ActivityId>> {
        match &self.activity.id {
            Some(id) if self.activity.kind == ActivityKind::Message => self.conversation.reply(id),
            _ => self.send(),
        }
    }

    /// Writes a message to the conversation; see [`Conversation::send`].
    pub fn send(&self) -> MessageRequest<'_, Option<ActivityId>> {
        self.conversation.send()
    }

    /// Replaces one of the bot's own messages in this conversation; the message whose button was pressed
    /// is the activity's `reply_to_id`.
    pub fn update(&self, id: &ActivityId) -> MessageRequest<'_, ()> {
        self.conversation.update(id)
    }

    /// Deletes one of the bot's own messages in this conversation.
    pub fn delete(&self, id: &ActivityId) -> DeleteRequest<'_> {
        self.conversation.delete(id)
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the activity: it is what somebody wrote.
        let (kind, id) = (&self.activity.kind, &self.activity.id);
        let conversation = self.conversation.id();
        f.debug_struct("Turn")
            .field("kind", kind)
            .field("id", id)
            .field("conversation", conversation)
            .finish_non_exhaustive()
    }
}
