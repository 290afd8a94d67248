//! Typed messages as Adaptive Cards that Teams shows well on every client.

use serde_json::{Value, json};

use crate::content::{Action, Actor, Notification, Scheduled, Welcome};
use crate::language::Language;

/// Verb of the button by which a person opts out of a topic.
pub const OPT_OUT_VERB: &str = "pregon.opt_out";
/// Verb of the button by which a person opts in again.
pub const OPT_IN_VERB: &str = "pregon.opt_in";

/// A card and what the toast and the feed show of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The Adaptive Card.
    pub card: Value,
    /// Its one-line summary.
    pub summary: String,
}

/// A notification: what happened, the result, who triggered it, what to do, how to opt out.
pub fn notification(content: &Notification, opt_out: Option<&str>, language: Language) -> Card {
    let actor = match &content.triggered_by {
        Actor::Name(name) => name.clone(),
        Actor::Link(link) => format!("[{}]({})", link.name, link.url),
    };
    let body = json!([
        heading(&content.what_happened),
        paragraph(&content.result),
        {"type": "FactSet", "facts": [{"title": language.pick("Triggered by", "Lo causó"), "value": actor}]},
    ]);
    let mut buttons: Vec<Value> = content.actions.iter().map(button).collect();
    if let Some(topic) = opt_out {
        buttons.push(opt_out_button(topic, language));
    }
    finish(&body, buttons, &content.what_happened)
}

/// A welcome: why the reader receives it, what the bot offers, what to do next.
pub fn welcome(content: &Welcome, language: Language) -> Card {
    let body = json!([
        heading(&content.why),
        paragraph(&content.offer),
        labelled(language.pick("What to do next", "Qué hacer ahora"), &content.next),
    ]);
    finish(&body, Vec::new(), &content.why)
}

/// A scheduled message: what the reader can do now, and why they receive it.
pub fn scheduled(content: &Scheduled, opt_out: Option<&str>, language: Language) -> Card {
    let body = json!([
        heading(&content.next),
        labelled(language.pick("Why you receive this", "Por qué recibes esto"), &content.why),
    ]);
    let mut buttons: Vec<Value> = content.actions.iter().map(button).collect();
    buttons.extend(opt_out.map(|topic| opt_out_button(topic, language)));
    finish(&body, buttons, &content.next)
}

/// What a person sees after opting out (`out`) of a topic or in again.
pub fn preference_changed(topic: &str, out: bool, language: Language) -> Card {
    let text = if out {
        language.pick("You will not receive this kind of message any more:", "Ya no recibirás este tipo de mensajes:")
    } else {
        language.pick("You will receive this kind of message again:", "Volverás a recibir este tipo de mensajes:")
    };
    let undo = if out {
        execute(language.pick("Undo", "Deshacer"), OPT_IN_VERB, &json!({"topic": topic}))
    } else {
        opt_out_button(topic, language)
    };
    finish(&json!([paragraph(text), heading(topic)]), vec![undo], text)
}

fn finish(body: &Value, buttons: Vec<Value>, summary: &str) -> Card {
    let mut card = json!({
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        // Bot-sent cards up to 1.5 are shown; 1.4 is the first with Action.Execute.
        "version": "1.4",
        "fallbackText": summary,
        "body": body,
    });
    if !buttons.is_empty() {
        card["actions"] = Value::Array(buttons);
    }
    Card { card, summary: summary.to_owned() }
}

fn heading(text: &str) -> Value {
    json!({"type": "TextBlock", "text": text, "weight": "Bolder", "size": "Medium", "wrap": true})
}

fn paragraph(text: &str) -> Value {
    json!({"type": "TextBlock", "text": text, "wrap": true})
}

fn labelled(label: &str, text: &str) -> Value {
    json!({"type": "Container", "items": [
        {"type": "TextBlock", "text": label, "isSubtle": true, "size": "Small", "wrap": true},
        {"type": "TextBlock", "text": text, "wrap": true, "spacing": "None"},
    ]})
}

fn button(action: &Action) -> Value {
    match action {
        Action::Open(open) => json!({"type": "Action.OpenUrl", "title": open.title, "url": open.url}),
        Action::Execute(own) => execute(&own.title, &own.verb, &own.data),
    }
}

fn opt_out_button(topic: &str, language: Language) -> Value {
    execute(language.pick("Stop these messages", "No recibir más"), OPT_OUT_VERB, &json!({"topic": topic}))
}

/// Clients older than Adaptive Cards 1.4 send the same data as a plain submit.
fn execute(title: &str, verb: &str, data: &Value) -> Value {
    let mut fallback_data = if data.is_object() { data.clone() } else { json!({}) };
    fallback_data["verb"] = Value::from(verb);
    let mut action = json!({
        "type": "Action.Execute", "title": title, "verb": verb,
        "fallback": {"type": "Action.Submit", "title": title, "data": fallback_data},
    });
    if !data.is_null() {
        action["data"] = data.clone();
    }
    action
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::OpenAction;

    fn deploy() -> Notification {
        Notification {
            what_happened: "Deploy 12 failed".into(),
            result: "api-prod is still on 11".into(),
            triggered_by: Actor::Name("CI".into()),
            actions: vec![Action::Open(OpenAction { title: "Open".into(), url: "https://ci.example/12".into() })],
        }
    }

    #[test]
    fn a_notification_shows_its_five_parts() {
        let Card { card, summary } = notification(&deploy(), Some("deploys"), Language::English);
        assert_eq!(summary, "Deploy 12 failed");
        let text = card.to_string();
        for part in ["Deploy 12 failed", "still on 11", "Triggered by", "https://ci.example/12", OPT_OUT_VERB] {
            assert!(text.contains(part), "{part}");
        }
        assert_eq!(card["actions"][1]["data"]["topic"], "deploys");
        assert_eq!(card["actions"][1]["fallback"]["data"]["verb"], OPT_OUT_VERB);
    }

    #[test]
    fn a_mandatory_notification_has_no_opt_out_and_spanish_is_spoken() {
        let card = notification(&deploy(), None, Language::Spanish).card;
        assert_eq!(card["actions"].as_array().unwrap().len(), 1);
        assert!(card.to_string().contains("Lo causó"));
    }
}
