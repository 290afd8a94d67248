use serde_json::Value;

use crate::MemberId;
use crate::wire::{Wire as _, open_set, wire};

wire! {
    /// A button of a hero, thumbnail, list or similar card, or a suggested action. Adaptive Cards have
    /// actions of their own.
    ///
    /// Source: Microsoft Learn, "Card actions".
    pub struct CardAction {
        /// What a press does.
        pub kind: CardActionKind => "type",
        /// What stands on the button.
        pub title: Option<String> => "title",
        /// A picture on the button.
        pub image: Option<String> => "image",
        /// What is sent as the person's message, for `messageBack`.
        pub text: Option<String> => "text",
        /// What the chat shows as the person's message, for `messageBack`.
        pub display_text: Option<String> => "displayText",
        /// The address, text or data, as the kind has it.
        pub value: Option<Value> => "value",
        /// Whatever the channel needs besides.
        pub channel_data: Option<Value> => "channelData",
    }
}

impl CardAction {
    /// Opens a page.
    pub fn open_url(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self { value: Some(Value::String(url.into())), ..Self::new(CardActionKind::OpenUrl, title) }
    }

    /// Sends the bot this text as a message of the person's, which the chat does not show. Data goes
    /// along with [`with_value`](Self::with_value).
    pub fn message_back(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::new(CardActionKind::MessageBack, title) }
    }

    /// Writes a message in the person's name.
    pub fn im_back(title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: Some(Value::String(text.into())), ..Self::new(CardActionKind::ImBack, title) }
    }

    /// Asks the bot with an invoke; its `value` is this object.
    pub fn invoke(title: impl Into<String>, value: Value) -> Self {
        Self { value: Some(value), ..Self::new(CardActionKind::Invoke, title) }
    }

    /// Opens a page to sign in.
    pub fn sign_in(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self { value: Some(Value::String(url.into())), ..Self::new(CardActionKind::Signin, title) }
    }

    /// The data the bot gets with the press.
    #[must_use]
    pub fn with_value(self, value: impl Into<Value>) -> Self {
        Self { value: Some(value.into()), ..self }
    }

    /// What the chat shows as the person's message.
    #[must_use]
    pub fn with_display_text(self, text: impl Into<String>) -> Self {
        Self { display_text: Some(text.into()), ..self }
    }

    fn new(kind: CardActionKind, title: impl Into<String>) -> Self {
        Self { kind, title: Some(title.into()), ..Self::absent() }
    }
}

open_set! {
    /// What a press does. Teams shows these; `postBack`, `playAudio`, `call` and others of the protocol
    /// it does not.
    CardActionKind {
        /// Writes a message in the person's name.
        ImBack = "imBack",
        /// Asks the bot and waits for its answer.
        Invoke = "invoke",
        /// Sends the bot a message with data.
        MessageBack = "messageBack",
        /// Opens a page.
        OpenUrl = "openUrl",
        /// Opens a page to sign in.
        Signin = "signin",
    }
}

wire! {
    /// Buttons beside the box the person writes in, gone after the next message. Only in personal
    /// chats, only `imBack`, at most six, and not together with attachments.
    #[derive(Default)]
    pub struct SuggestedActions {
        /// Who sees them; everybody when it is empty.
        pub to: Vec<MemberId> => "to",
        /// The buttons.
        pub actions: Vec<CardAction> => "actions",
    }
}

impl SuggestedActions {
    /// Suggests these texts, each as it is written.
    pub fn texts(texts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let button = |text: String| CardAction::im_back(text.clone(), text);
        Self { actions: texts.into_iter().map(|text| button(text.into())).collect(), ..Self::default() }
    }
}
