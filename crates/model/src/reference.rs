use crate::wire::{Wire as _, wire};
use crate::{Activity, ActivityId, ChannelAccount, ConversationAccount, ConversationId, ServiceUrl, TenantId};

wire! {
    /// The stored address of a conversation: what a bot needs to speak there again, unasked.
    ///
    /// Take it from an authenticated activity only ([`Activity::reference`]): its service URL decides
    /// where tokens go. A reference without a conversation or a service URL is no reference and is not
    /// read as one.
    ///
    /// ```
    /// use pregon_model::{Activity, ConversationReference};
    ///
    /// let stored = r#"{
    ///     "serviceUrl": "https://smba.trafficmanager.net/emea/",
    ///     "conversation": {"id": "19:releases@thread.tacv2;messageid=1790000000400"}
    /// }"#;
    /// let thread: ConversationReference = serde_json::from_str(stored)?;
    /// let in_the_thread = thread.address(Activity::plain("4.2.1 is out"));
    /// let in_a_new_one = thread.channel().address(Activity::plain("4.3 is out"));
    /// # assert_ne!(in_the_thread.conversation, in_a_new_one.conversation);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct ConversationReference {
        /// The activity it was taken from.
        pub activity_id: Option<ActivityId> => "activityId",
        /// The person who acted.
        pub user: Option<ChannelAccount> => "user",
        /// The bot.
        pub bot: Option<ChannelAccount> => "bot" | "agent",
        /// The conversation.
        pub conversation: ConversationAccount => required "conversation",
        /// `msteams` for Teams.
        pub channel_id: Option<String> => "channelId",
        /// Base address of the Connector for this conversation.
        pub service_url: ServiceUrl => required "serviceUrl",
        /// Language of the person's client (BCP 47).
        pub locale: Option<String> => "locale",
    }
}

impl ConversationReference {
    /// A reference of which only what is needed is known.
    pub fn new(service_url: ServiceUrl, conversation: ConversationId) -> Self {
        Self { service_url, conversation: ConversationAccount::new(conversation), ..Self::absent() }
    }

    /// The tenant of the conversation, if it was stored.
    pub fn tenant_id(&self) -> Option<&TenantId> {
        self.conversation.tenant_id.as_ref().filter(|id| !id.is_empty())
    }

    /// The channel or chat itself, without a thread: a message there begins a new one.
    #[must_use]
    pub fn channel(&self) -> Self {
        self.at(self.conversation.id.channel())
    }

    /// The thread of `root` in the same channel.
    #[must_use]
    pub fn thread(&self, root: &ActivityId) -> Self {
        self.at(self.conversation.id.thread(root))
    }

    /// Another conversation of the same kind; the activity this one came from is not of it.
    fn at(&self, id: ConversationId) -> Self {
        let conversation = ConversationAccount { id, ..self.conversation.clone() };
        Self { conversation, activity_id: None, ..self.clone() }
    }

    /// Puts this address on an activity that goes on with the conversation: from the bot to the person.
    #[must_use]
    pub fn address(&self, activity: Activity) -> Activity {
        Activity {
            service_url: Some(self.service_url.clone()),
            channel_id: self.channel_id.clone(),
            conversation: Some(self.conversation.clone()),
            from: self.bot.clone(),
            recipient: self.user.clone(),
            ..activity
        }
    }
}
