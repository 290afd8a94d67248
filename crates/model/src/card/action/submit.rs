use serde_json::{Value, json};

use crate::Extra;
use crate::card::schema::action;
use crate::card::{ActionFallback, ActionMode, ActionStyle, AssociatedInputs, Requires};

action! {
    /// Sends the bot a message whose `value` is `data` with what was entered in the inputs.
    ///
    /// What Teams does besides (writes in the chat, opens a dialog) is told by `data.msteams`:
    ///
    /// ```
    /// use pregon_model::card::Submit;
    /// use serde_json::json;
    ///
    /// let button = Submit::new("Assign").data(json!({"incident": "INC-77"})).task_fetch();
    /// assert_eq!(serde_json::to_value(&button)?["data"]["msteams"]["type"], "task/fetch");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: Microsoft Learn, "Card actions", *Adaptive Cards actions*.
    Submit = "Action.Submit", V1_0 {
        /// What the bot gets, besides what was entered; an object, if there are inputs.
        data: Value = "data", V1_0 [by hand];
        /// Which inputs go with it.
        associated_inputs: AssociatedInputs = "associatedInputs", V1_3;
    }
}

/// `data.msteams`, which says what Teams does with a submit.
const MSTEAMS: &str = "msteams";

impl Submit {
    /// A button `title`.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..Self::default() }
    }

    /// What the bot gets; what Teams does with it stays as it was said.
    pub fn data(mut self, data: impl Into<Value>) -> Self {
        let said = self.data.take().and_then(|mut before| before.get_mut(MSTEAMS).map(Value::take));
        self.data = Some(data.into());
        match said {
            Some(said) => self.teams(said),
            None => self,
        }
    }

    /// Sends a text of the person's to the bot, and shows another in the chat if wanted.
    pub fn message_back(self, message: MessageBack) -> Self {
        self.teams(message.0.into())
    }

    /// Writes `text` in the chat as if the person had: everybody there sees it.
    pub fn im_back(self, text: impl Into<String>) -> Self {
        self.teams(json!({"type": "imBack", "value": text.into()}))
    }

    /// Opens the sign-in page at `url`.
    pub fn sign_in(self, url: impl Into<String>) -> Self {
        self.teams(json!({"type": "signin", "value": url.into()}))
    }

    /// Opens a dialog: the bot gets a `task/fetch` invoke and answers with what it shows.
    pub fn task_fetch(self) -> Self {
        self.teams(json!({"type": "task/fetch"}))
    }

    /// Sends the bot an invoke with this value instead of a message.
    pub fn invoke(self, value: impl Into<Value>) -> Self {
        self.teams(json!({"type": "invoke", "value": value.into()}))
    }

    fn teams(mut self, said: Value) -> Self {
        let mut data = match self.data.take() {
            Some(Value::Object(members)) => members,
            // Beside a text or list there is no room for it.
            _ => Extra::new(),
        };
        data.insert(MSTEAMS.to_owned(), said);
        self.data = Some(data.into());
        self
    }
}

/// A message in the person's name that may differ from what the chat shows.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct MessageBack(Extra);

impl MessageBack {
    /// The bot gets this text; the chat shows nothing.
    pub fn new(text: impl Into<String>) -> Self {
        let members = [("type", "messageBack".into()), ("text", Value::from(text.into()))];
        Self(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The chat shows this.
    pub fn display_text(mut self, text: impl Into<String>) -> Self {
        self.0.insert("displayText".to_owned(), text.into().into());
        self
    }

    /// The bot gets this too, as the activity's `value`.
    pub fn value(mut self, value: impl Into<Value>) -> Self {
        self.0.insert("value".to_owned(), value.into());
        self
    }
}
