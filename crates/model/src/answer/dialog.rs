use serde_json::{Value, json};

use super::InvokeAnswer;
use crate::Attachment;

/// Answers to `task/fetch` and `task/submit`; [`InvokeAnswer::empty`] closes the dialog.
///
/// Source: Microsoft Learn, "Use dialogs in Microsoft Teams bots".
impl InvokeAnswer {
    /// Opens a dialog, or puts the next one in its place.
    pub fn dialog(dialog: Dialog) -> Self {
        let mut body = json!({"task": {"type": "continue"}});
        body["task"]["value"] = dialog.value;
        Self::json(body)
    }

    /// Shows a line of text in place of the dialog.
    pub fn dialog_message(text: impl Into<String>) -> Self {
        Self::json(json!({"task": {"type": "message", "value": text.into()}}))
    }
}

/// A dialog: a card or a web page in a window of its own.
///
/// ```
/// use pregon_model::{Dialog, DialogSize, InvokeAnswer};
/// use serde_json::json;
///
/// let card = json!({"type": "AdaptiveCard", "version": "1.5", "body": []});
/// let dialog = Dialog::card("Assign", card)
///     .height(DialogSize::Medium)
///     .width(DialogSize::Pixels(480));
/// let body = InvokeAnswer::dialog(dialog).body.unwrap_or_default();
/// assert_eq!(body["task"]["value"]["width"], 480);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dialog {
    value: Value,
}

/// Height or width of a dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DialogSize {
    /// As Teams decides.
    Small,
    /// As Teams decides.
    Medium,
    /// As Teams decides.
    Large,
    /// Pixels of the page.
    Pixels(u32),
}

impl Dialog {
    /// A dialog that is an Adaptive Card.
    pub fn card(title: impl Into<String>, card: impl Into<Value>) -> Self {
        let mut value = json!({"title": title.into(), "card": {"contentType": Attachment::ADAPTIVE_CARD}});
        value["card"]["content"] = card.into();
        Self { value }
    }

    /// A dialog that is a web page: https, on a host of the manifest's `validDomains`.
    pub fn url(title: impl Into<String>, url: impl Into<String>) -> Self {
        Self { value: json!({"title": title.into(), "url": url.into()}) }
    }

    /// Opened in a browser where the client shows no dialogs.
    #[must_use]
    pub fn fallback_url(self, url: impl Into<String>) -> Self {
        self.set("fallbackUrl", Value::String(url.into()))
    }

    /// The bot that gets what is filled in, when it is another one.
    #[must_use]
    pub fn completion_bot(self, app_id: &crate::AppId) -> Self {
        self.set("completionBotId", Value::String(app_id.as_str().to_owned()))
    }

    /// How high it is.
    #[must_use]
    pub fn height(self, size: DialogSize) -> Self {
        self.set("height", size.value())
    }

    /// How wide it is.
    #[must_use]
    pub fn width(self, size: DialogSize) -> Self {
        self.set("width", size.value())
    }

    fn set(mut self, name: &str, value: Value) -> Self {
        self.value[name] = value;
        self
    }
}

impl DialogSize {
    fn value(self) -> Value {
        match self {
            Self::Small => "small".into(),
            Self::Medium => "medium".into(),
            Self::Large => "large".into(),
            Self::Pixels(pixels) => pixels.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_goes_on_says_something_or_closes() {
        let dialog = Dialog::url("Assign", "https://tab.example/").fallback_url("https://web.example/");
        let value = json!({"title": "Assign", "url": "https://tab.example/", "fallbackUrl": "https://web.example/"});
        let expected = json!({"task": {"type": "continue", "value": value}});
        assert_eq!(InvokeAnswer::dialog(dialog), InvokeAnswer::json(expected));
        let said = json!({"task": {"type": "message", "value": "Saved"}});
        assert_eq!(InvokeAnswer::dialog_message("Saved").body, Some(said));
        assert_eq!(InvokeAnswer::empty().body, None);
    }
}
