use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use pregon_model::{Activity, ActivityId, ActivityKind, Attachment, ChannelAccount, Entity, Importance, Mention, Text};
use serde::Serialize;
use serde_json::Value;

use super::draft::{check, check_card};
use crate::request::RequestFuture;
use crate::transport::Call;
use crate::{ConnectorError, Request};

/// Query flag of the calls on messages only one person sees.
pub(super) const TARGETED: &str = "isTargetedActivity";

/// A message being written, sent when it is awaited.
///
/// What is wrong with it is told then too, before anything leaves: [`ConnectorError::BadMessage`].
/// It gives what its call gives: the message's id ([`Connector::send`](crate::Connector::send)),
/// nothing ([`Connector::update`](crate::Connector::update)), the thread
/// ([`Connector::create_thread`](crate::Connector::create_thread)).
///
/// ```no_run
/// use std::time::Duration;
/// use pregon_model::{ChannelAccount, MemberId};
/// # use pregon_auth::TrustedServiceUrl;
/// # use pregon_connector::{Connector, ConnectorError};
/// # use pregon_model::ConversationId;
/// # async fn example(connector: Connector, url: TrustedServiceUrl, chat: ConversationId)
/// # -> Result<(), ConnectorError> {
///
/// let ada = ChannelAccount::new(MemberId::new("29:ada")).with_name("Ada");
/// let id = connector
///     .send(&url, &chat)
///     .markdown("**Build 412** is red. Will you look at it, ")
///     .mention(&ada)
///     .alert()
///     .timeout(Duration::from_secs(10))
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a request does nothing until it is awaited"]
pub struct MessageRequest<'a, T> {
    request: Request<'a, T>,
    parameters: Option<Value>,
    activity: Activity,
    recipient: Recipient,
    split_allowed: bool,
}

/// Who sees the message.
enum Recipient {
    Everybody,
    /// Named when it is sent; a changed one names nobody, as Teams refuses it with 400.
    One(Option<Box<ChannelAccount>>),
}

impl<'a, T> MessageRequest<'a, T> {
    /// A message that goes with these parameters of its call, if it has any.
    pub(super) fn new(request: Request<'a, T>, parameters: Option<Value>) -> Self {
        let activity = Activity::new(ActivityKind::Message);
        Self { request, parameters, activity, recipient: Recipient::Everybody, split_allowed: false }
    }

    /// Starts from this activity: what was written before is lost, what follows changes it.
    pub fn activity(self, activity: Activity) -> Self {
        Self { activity, ..self }
    }

    /// Text shown as it is. A [`Text`] mentions people, too.
    pub fn text(self, text: impl Into<Text>) -> Self {
        self.write(Activity::plain(text))
    }

    /// Text in the Markdown subset of Teams. A [`Text`] mentions people, too.
    pub fn markdown(self, text: impl Into<Text>) -> Self {
        self.write(Activity::markdown(text))
    }

    /// Goes on with a mention at the end of the text.
    pub fn mention(self, whom: impl Into<Mention>) -> Self {
        self.with(|message| message.with_mention(whom))
    }

    /// An Adaptive Card, built with [`pregon_model::card`] or as JSON; `summary` is what the toast and
    /// the feed show of it. Several are allowed.
    pub fn card(self, card: impl Into<Value>, summary: impl Into<String>) -> Self {
        let card = card.into();
        let checked = check_card(&card);
        let request = self.attachment(Attachment::adaptive_card(card)).summary(summary);
        match checked {
            Ok(()) => request,
            Err(bad) => Self { request: request.request.map(|_| Err(bad.into())), ..request },
        }
    }

    /// Any other card, image or file.
    pub fn attachment(self, attachment: impl Into<Attachment>) -> Self {
        self.with(|message| message.with_attachment(attachment.into()))
    }

    /// Text of the toast and the feed entry when the message is only a card.
    pub fn summary(self, summary: impl Into<String>) -> Self {
        self.with(|message| message.with_summary(summary))
    }

    /// How urgent the message is.
    pub fn importance(self, importance: Importance) -> Self {
        self.with(|message| message.with_importance(importance))
    }

    /// Raises a notification: a toast, and an entry in the person's activity feed.
    pub fn alert(self) -> Self {
        self.with(Activity::with_alert)
    }

    /// Names the message this one belongs to. In a chat it only quotes; in a channel the
    /// conversation's id decides on the thread.
    pub fn reply_to(self, id: &ActivityId) -> Self {
        self.with(|message| message.in_reply_to(id.clone()))
    }

    /// Whatever else an [`Activity`] can have: `.with(|message| message.with_feedback())`.
    pub fn with(self, change: impl FnOnce(Activity) -> Activity) -> Self {
        Self { activity: change(self.activity), ..self }
    }

    /// Lets text and attachments go in one message: Teams posts two and returns no id, so that
    /// neither can be updated or deleted.
    pub fn allow_split(self) -> Self {
        Self { split_allowed: true, ..self }
    }

    /// Longest wait for the whole answer; without it, the HTTP client's own.
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { request: self.request.timeout(timeout), ..self }
    }

    /// Replaces the text and whom it mentions.
    fn write(self, written: Activity) -> Self {
        self.with(|mut message| {
            message.entities.retain(|entity| !matches!(entity, Entity::Mention(_)));
            message.entities.extend(written.entities);
            Activity { text: written.text, text_format: written.text_format, ..message }
        })
    }

    /// The request with its body.
    fn finish(self) -> Request<'a, T> {
        let Self { request, parameters, mut activity, recipient, split_allowed } = self;
        request.map(|mut call| {
            check(&activity, split_allowed)?;
            if let Recipient::One(recipient) = recipient {
                activity.recipient = recipient.map(|recipient| *recipient);
                call = call.query(TARGETED, "true");
            }
            enclose(call, parameters, &activity)
        })
    }
}

impl MessageRequest<'_, Option<ActivityId>> {
    /// Only this member of the chat or channel sees it, for up to a day. Preview; the manifest must
    /// turn `supportsTargetedMessages` on, and personal chats do not take it.
    pub fn targeted(self, recipient: ChannelAccount) -> Self {
        Self { recipient: Recipient::One(Some(Box::new(recipient))), ..self }
    }
}

impl MessageRequest<'_, ()> {
    /// The message was sent to one person only; its recipient stays. Preview.
    pub fn targeted(self) -> Self {
        Self { recipient: Recipient::One(None), ..self }
    }
}

impl<T> fmt::Debug for MessageRequest<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the activity: it is what somebody wrote to somebody.
        f.debug_tuple("MessageRequest").field(&self.request).finish()
    }
}

impl<'a, T: 'a> IntoFuture for MessageRequest<'a, T> {
    type Output = Result<T, ConnectorError>;
    type IntoFuture = RequestFuture<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        self.finish().into_future()
    }
}

/// Writes the body: the activity, or the parameters of a call with the activity among them.
pub(super) fn enclose(call: Call, parameters: Option<Value>, activity: &Activity) -> Result<Call, ConnectorError> {
    #[derive(Serialize)]
    struct Enclosed<'b> {
        #[serde(flatten)]
        parameters: Value,
        activity: &'b Activity,
    }
    match parameters {
        None => call.json(activity),
        Some(parameters) => call.json(&Enclosed { parameters, activity }),
    }
}
