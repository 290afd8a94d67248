//! Typed messages as Adaptive Cards that Teams shows well on every client.

use pregon_model::card::{self, AdaptiveCard, Container, Execute, FactSet, OpenUrl, Spacing, TextBlock, TextSize};
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
    let card = summarized(&content.what_happened)
        .heading(&content.what_happened)
        .text(&content.result)
        .element(FactSet::new().fact(language.pick("Triggered by", "Lo causó"), actor));
    finish(with_buttons(card, &content.actions, opt_out, language), &content.what_happened)
}

/// A welcome: why the reader receives it, what the bot offers, what to do next.
pub fn welcome(content: &Welcome, language: Language) -> Card {
    let card = summarized(&content.why)
        .heading(&content.why)
        .text(&content.offer)
        .element(labelled(language.pick("What to do next", "Qué hacer ahora"), &content.next));
    finish(card, &content.why)
}

/// A scheduled message: what the reader can do now, and why they receive it.
pub fn scheduled(content: &Scheduled, opt_out: Option<&str>, language: Language) -> Card {
    let card = summarized(&content.next)
        .heading(&content.next)
        .element(labelled(language.pick("Why you receive this", "Por qué recibes esto"), &content.why));
    finish(with_buttons(card, &content.actions, opt_out, language), &content.next)
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
    finish(summarized(text).text(text).heading(topic).action(undo), text)
}

fn summarized(summary: &str) -> AdaptiveCard {
    AdaptiveCard::new().fallback_text(summary)
}

fn finish(card: AdaptiveCard, summary: &str) -> Card {
    Card { card: card.into(), summary: summary.to_owned() }
}

fn labelled(label: &str, text: &str) -> Container {
    Container::new()
        .element(TextBlock::paragraph(label).is_subtle(true).size(TextSize::SMALL))
        .element(TextBlock::paragraph(text).spacing(Spacing::NONE))
}

fn with_buttons(card: AdaptiveCard, actions: &[Action], opt_out: Option<&str>, language: Language) -> AdaptiveCard {
    let own = actions.iter().map(button);
    let last = opt_out.map(|topic| opt_out_button(topic, language).into());
    let buttons: Vec<card::Action> = own.chain(last).collect();
    if buttons.is_empty() { card } else { card.actions(buttons) }
}

fn button(action: &Action) -> card::Action {
    match action {
        Action::Open(open) => OpenUrl::new(&open.title, &open.url).into(),
        Action::Execute(own) => execute(&own.title, &own.verb, &own.data).into(),
    }
}

fn opt_out_button(topic: &str, language: Language) -> Execute {
    execute(language.pick("Stop these messages", "No recibir más"), OPT_OUT_VERB, &json!({"topic": topic}))
}

/// Clients older than Adaptive Cards 1.4 send the same data as a plain submit.
fn execute(title: &str, verb: &str, data: &Value) -> Execute {
    let action = Execute::new(title, verb);
    let action = if data.is_null() { action } else { action.data(data.clone()) };
    action.or_submit()
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

    #[test]
    fn teams_shows_all_of_every_card() {
        let welcome_content =
            Welcome { why: "Ada installed me".into(), offer: "I tell".into(), next: "Write help".into(), locale: None };
        let scheduled_content =
            Scheduled { why: "Monday".into(), next: "Fill it in".into(), actions: deploy().actions };
        let mut linked = deploy();
        linked.triggered_by =
            Actor::Link(crate::content::ActorLink { name: "Ada".into(), url: "https://a.example".into() });
        for language in [Language::English, Language::Spanish] {
            for Card { card, summary } in [
                notification(&linked, Some("deploys"), language),
                notification(&deploy(), None, language),
                welcome(&welcome_content, language),
                scheduled(&scheduled_content, Some("weekly"), language),
                preference_changed("deploys", true, language),
                preference_changed("deploys", false, language),
            ] {
                let message = pregon_model::Activity::adaptive_card(card, summary);
                assert_eq!(card::check_message(&message), [], "{message:?}");
            }
        }
    }

    #[test]
    fn a_card_names_the_lowest_version_that_will_do() {
        let version = |card: Card| card.card["version"].clone();
        assert_eq!(version(notification(&deploy(), Some("deploys"), Language::English)), "1.4");
        assert_eq!(version(notification(&deploy(), None, Language::English)), "1.0");
    }
}
