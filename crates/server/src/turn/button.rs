//! Buttons: Pregón's own opt out and in; all others belong to the message's owner.

use pregon_domain::card::{self, Card, OPT_IN_VERB, OPT_OUT_VERB};
use pregon_domain::content::{Content, OwnCard};
use pregon_domain::ports::StoreError;
use pregon_model::{CardActionInvoke, InvokeAnswer};
use serde_json::Value;

use super::answer_key;
use crate::app::App;
use crate::inbound::{Captured, Event};
use crate::outbox::Saying;
use crate::topic;

/// A button that was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Press {
    /// Opts out of the topic (`out`), or in again.
    Preference {
        /// The topic.
        topic: String,
        /// Out, or in again.
        out: bool,
    },
    /// A button of the message's owner.
    Owners {
        /// Its verb.
        verb: String,
    },
    /// Not understood, and why.
    Bad(&'static str),
}

impl Press {
    /// The press an `adaptiveCard/action` invoke tells of (`Action.Execute`).
    pub(super) fn of_invoke(action: &CardActionInvoke<'_>) -> Self {
        if action.value.get("action").is_none() {
            return Self::Bad("The button says nothing.");
        }
        Self::read(action.verb, action.data)
    }

    /// The press the data of an `Action.Submit` tells of; `None` when it is no press.
    pub(super) fn of_submit(data: &Value) -> Option<Self> {
        let verb = data.as_object()?.get("verb").and_then(Value::as_str);
        Some(Self::read(verb.unwrap_or_default(), data))
    }

    fn read(verb: &str, data: &Value) -> Self {
        let out = match verb {
            OPT_OUT_VERB => true,
            OPT_IN_VERB => false,
            other => return Self::Owners { verb: other.chars().take(100).collect() },
        };
        let topic = data.get("topic").and_then(Value::as_str);
        match topic.map(topic::parse) {
            Some(Ok(topic)) => Self::Preference { topic, out },
            _ => Self::Bad("The button names no topic."),
        }
    }
}

/// Does what the press asks for.
pub(super) async fn record(app: &App, event: &Event<'_>, captured: &Captured, press: &Press) -> Result<(), StoreError> {
    match (press, captured.person) {
        (Press::Preference { topic, out }, Some(person)) => {
            app.store.set_opt_out(person, topic, *out, event.now).await?;
            tracing::info!(reference.id = %person, topic, opted_out = out, "{person} chose for a topic");
        }
        (Press::Owners { verb }, person) => {
            let card = event.activity.reply_to_id.as_ref().map(ToString::to_string);
            let person = person.map(|id| id.to_string());
            tracing::info!(verb, activity.id = card, reference.id = person, "a button was pressed");
        }
        (Press::Preference { .. }, None) | (Press::Bad(_), _) => {
            tracing::info!(bot.name = %event.bot.name, "a button was pressed that is not understood");
        }
    }
    Ok(())
}

/// The answer to the invoke.
pub(super) fn answer(event: &Event<'_>, press: &Press) -> InvokeAnswer {
    match press {
        Press::Preference { topic, out } => {
            InvokeAnswer::card(card::preference_changed(topic, *out, event.language()).card)
        }
        Press::Owners { .. } => InvokeAnswer::toast(event.language().pick("Received.", "Recibido.")),
        Press::Bad(why) => InvokeAnswer::card_refused("BadRequest", why),
    }
}

/// The answer to a submit: a message, for there is no invoke to answer.
pub(super) async fn say(app: &App, event: &Event<'_>, press: &Press) -> Result<(), StoreError> {
    let Press::Preference { topic, out } = press else { return Ok(()) };
    let (Some(conversation), Some(key)) = (event.conversation(), answer_key(event)) else { return Ok(()) };
    // A topic holds no marks a template would read.
    let Card { card, summary } = card::preference_changed(topic, *out, event.language());
    let content = Content::Card(OwnCard { card, summary: Some(summary) });
    let saying = Saying { bot: &event.bot.name, conversation, content, data: Value::Null, send_at: None, key };
    app.outbox.say(saying).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use pregon_model::{Activity, ActivityKind, Event as Told, Invoke};
    use serde_json::json;

    use super::*;

    fn pressed(value: Value) -> Press {
        let invoke = Activity { value: Some(value), ..Activity::new(ActivityKind::Invoke) };
        let invoke = Activity { name: Some("adaptiveCard/action".to_owned()), ..invoke };
        match invoke.event() {
            Told::Invoke(Invoke::CardAction(action)) => Press::of_invoke(&action),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_press_is_read_from_either_kind_of_button() {
        let out = Press::Preference { topic: "deploys".into(), out: true };
        assert_eq!(pressed(json!({"action": {"verb": "pregon.opt_out", "data": {"topic": "deploys"}}})), out);
        assert_eq!(Press::of_submit(&json!({"verb": "pregon.opt_out", "topic": "deploys"})), Some(out));
        assert_eq!(Press::of_submit(&json!("pregon.opt_out")), None);
    }

    #[test]
    fn a_press_that_says_nothing_is_bad_and_never_a_panic() {
        for value in [json!(null), json!(7), json!({"action": 1}), json!({"action": {"verb": "pregon.opt_out"}})] {
            assert!(matches!(pressed(value.clone()), Press::Bad(_) | Press::Owners { .. }), "{value}");
        }
        let evil = json!({"action": {"verb": "pregon.opt_in", "data": {"topic": "{{ data }}"}}});
        assert!(matches!(pressed(evil), Press::Bad(_)));
    }
}
