//! What a message says.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a message says. Texts and cards may hold `{{ expressions }}` over the recipient and the
/// caller's data; see [`crate::render`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A text.
    Text(Text),
    /// An Adaptive Card of the caller's own.
    Card(OwnCard),
    /// Something happened.
    Notification(Notification),
    /// The bot introduces itself.
    Welcome(Welcome),
    /// Something whose time has come.
    Scheduled(Scheduled),
}

/// A text message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// The text.
    pub text: String,
    /// How it is written.
    #[serde(default)]
    pub format: Format,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// The Markdown subset of Teams; inserted values are escaped.
    #[default]
    Markdown,
    /// Shown as it is.
    Plain,
}

/// An Adaptive Card of the caller's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnCard {
    /// The card.
    pub card: Value,
    /// What the toast and the feed show; the card's `fallbackText` when absent.
    #[serde(default)]
    pub summary: Option<String>,
}

/// The five parts of a good notification. The fifth, how to opt out, comes from the message's topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notification {
    /// What happened.
    pub what_happened: String,
    /// What was the result.
    pub result: String,
    /// Who or what triggered it.
    pub triggered_by: Actor,
    /// What the reader can do; may be empty when there is nothing to do.
    #[serde(default)]
    pub actions: Vec<Action>,
}

/// Who or what triggered something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Actor {
    /// A name.
    Name(String),
    /// A name that leads somewhere.
    Link(ActorLink),
}

/// An actor with a page of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActorLink {
    /// The name.
    pub name: String,
    /// Its page, https.
    pub url: String,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Action {
    /// Opens a page.
    Open(OpenAction),
    /// Comes back to the bot (`Action.Execute`).
    Execute(ExecuteAction),
}

/// A button that opens a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAction {
    /// What the button says.
    pub title: String,
    /// The page, https.
    pub url: String,
}

/// A button that comes back to the bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecuteAction {
    /// What the button says.
    pub title: String,
    /// What it means to the message's owner; names that begin with `pregon.` are Pregón's own.
    pub verb: String,
    /// Comes back with it.
    #[serde(default)]
    pub data: Value,
}

/// The three parts of a good welcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Welcome {
    /// Why the reader receives this: where the app was installed, and by whom.
    pub why: String,
    /// What the bot offers.
    pub offer: String,
    /// What to do next.
    pub next: String,
    /// Language of these texts (BCP 47); the recipient's when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// The two parts of a good scheduled message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheduled {
    /// Why the reader receives this.
    pub why: String,
    /// What the reader can do now.
    pub next: String,
    /// Buttons for it.
    #[serde(default)]
    pub actions: Vec<Action>,
}
