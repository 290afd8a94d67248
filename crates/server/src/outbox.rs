//! What the server itself says (welcomes, answers): messages like any other, accepted once.

use std::sync::Arc;
use std::time::Duration;

use pregon_domain::content::Content;
use pregon_domain::message::Message;
use pregon_domain::ports::{Accepted, Idempotency, Store, StoreError};
use pregon_domain::{BotName, Chance, Clock, MessageId, Timestamp};
use pregon_engine::Engine;
use pregon_model::ConversationId;
use serde_json::Value;

use crate::key::sha256;

/// Owner of the server's own idempotency keys.
const OWNER: &str = "server";
/// An answer that comes later than this helps nobody.
const ANSWER_EXPIRES: Duration = Duration::from_hours(1);

/// Accepts the server's own messages.
#[derive(Clone)]
pub(crate) struct Outbox {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<Chance>,
}

/// Something the server says in one conversation.
pub(crate) struct Saying<'a> {
    pub(crate) bot: &'a BotName,
    pub(crate) conversation: &'a ConversationId,
    pub(crate) content: Content,
    /// Names from outside: templates read them, so that they are never read as templates themselves.
    pub(crate) data: Value,
    /// Not before this; at once without it.
    pub(crate) send_at: Option<Timestamp>,
    /// What makes a second saying the same: it is then not said.
    pub(crate) key: String,
}

impl Outbox {
    /// Stores it for delivery and wakes the engine. Whether it is new.
    pub(crate) async fn say(&self, saying: Saying<'_>) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let id = MessageId::from_uuid(self.chance.uuid(now));
        let message = Message {
            data: saying.data,
            to: vec![format!("conversation:{}", saying.conversation)],
            mandatory: true,
            include_guests: true,
            send_at: saying.send_at,
            ..Message::send(id, saying.bot.clone(), saying.content, now, now + ANSWER_EXPIRES)
        };
        // The key alone decides: paired events may word the same welcome differently.
        let body_hash = sha256(saying.key.as_bytes());
        let idempotency = Idempotency { owner: OWNER.to_owned(), key: saying.key, body_hash };
        let accepted = self.store.accept(&message, Some(&idempotency)).await?;
        if accepted == Accepted::New {
            tracing::debug!(message.id = %message.id, bot.name = %message.bot, "{} was accepted", message.id);
            self.engine.wake();
        }
        Ok(accepted == Accepted::New)
    }
}
