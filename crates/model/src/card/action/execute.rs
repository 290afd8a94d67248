use serde_json::Value;

use super::Submit;
use crate::Extra;
use crate::card::schema::action;
use crate::card::{ActionFallback, ActionMode, ActionStyle, AssociatedInputs, Requires};

action! {
    /// Asks the bot, which gets an `adaptiveCard/action` invoke and may answer with another card.
    ///
    /// Clients older than 1.4 do not know it; [`or_submit`](Execute::or_submit) gives them a plain submit:
    ///
    /// ```
    /// use pregon_model::card::Execute;
    /// use serde_json::json;
    ///
    /// let button = Execute::new("Confirm", "ack").data(json!({"incident": "INC-77"})).or_submit();
    /// let json = serde_json::to_value(&button)?;
    /// assert_eq!(json["fallback"]["type"], "Action.Submit");
    /// assert_eq!(json["fallback"]["data"]["verb"], "ack");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Source: Microsoft Learn, "Universal Actions for Adaptive Cards".
    Execute = "Action.Execute", V1_4 {
        /// What the bot is asked.
        verb: String = "verb", V1_4;
        /// What the bot gets, besides what was entered; an object, if there are inputs.
        data: Value = "data", V1_4;
        /// Which inputs go with it.
        associated_inputs: AssociatedInputs = "associatedInputs", V1_4;
    }
}

impl Execute {
    /// A button `title` that asks the bot for `verb`.
    pub fn new(title: impl Into<String>, verb: impl Into<String>) -> Self {
        Self { title: Some(title.into()), verb: Some(verb.into()), ..Self::default() }
    }

    /// Gives older clients a submit with the title and data there are now; the verb is in its data,
    /// as `verb`.
    pub fn or_submit(mut self) -> Self {
        let mut data = match &self.data {
            Some(Value::Object(members)) => members.clone(),
            _ => Extra::new(),
        };
        if let Some(verb) = &self.verb {
            data.insert("verb".to_owned(), verb.as_str().into());
        }
        let submit = Submit { title: self.title.clone(), ..Submit::default() }.data(data);
        self.fallback = Some(submit.into());
        self
    }
}
