use super::{Activity, ActivityKind};
use crate::ConversationReference;
use crate::wire::Wire as _;

/// Answering an activity, at once or later.
impl Activity {
    /// Addresses `answer` to where this activity came from: from the bot to the person, in the same
    /// conversation and language.
    ///
    /// It names this activity as the one it belongs to when this is a message; to what is no message
    /// there is no reply, only the next message.
    ///
    /// ```
    /// use pregon_model::Activity;
    ///
    /// let asked: Activity = serde_json::from_str(r#"{
    ///     "type": "message", "id": "1790000000123", "text": "status",
    ///     "from": {"id": "29:ada"}, "recipient": {"id": "28:bot"}, "conversation": {"id": "a:1"}
    /// }"#)?;
    /// let answer = asked.reply(Activity::plain("All is well"));
    /// assert_eq!(answer.recipient, asked.from);
    /// assert_eq!(answer.reply_to_id, asked.id);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn reply(&self, answer: Activity) -> Activity {
        let id = self.id.clone().filter(|_| self.kind == ActivityKind::Message);
        Activity {
            service_url: self.service_url.clone(),
            channel_id: self.channel_id.clone(),
            from: self.recipient.clone(),
            recipient: self.from.clone(),
            conversation: self.conversation.clone(),
            locale: answer.locale.or_else(|| self.locale.clone()),
            reply_to_id: answer.reply_to_id.or(id),
            ..answer
        }
    }

    /// The address of this activity's conversation, to be stored and continued later.
    ///
    /// `None` when the activity names no service URL or no conversation.
    pub fn reference(&self) -> Option<ConversationReference> {
        self.conversation_id()?;
        Some(ConversationReference {
            activity_id: self.id.clone(),
            user: self.from.clone(),
            bot: self.recipient.clone(),
            conversation: self.conversation.clone()?,
            channel_id: self.channel_id.clone(),
            service_url: self.service_url.clone().filter(|url| !url.is_absent())?,
            locale: self.locale.clone(),
            extra: crate::Extra::new(),
        })
    }
}
