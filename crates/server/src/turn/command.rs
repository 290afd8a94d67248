//! Commands: the few words the bot understands.

use pregon_domain::content::{Content, Format, Text};
use pregon_domain::ports::StoreError;
use serde_json::json;

use super::answer_key;
use super::button::{self, Press};
use crate::app::App;
use crate::inbound::{Captured, Event};
use crate::outbox::Saying;
use crate::topic;

/// A word the bot understands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Command {
    Help,
    Preference(Press),
}

/// Does what the words ask for; what is no command is left to people.
pub(super) async fn take(app: &App, event: &Event<'_>, captured: &Captured) -> Result<(), StoreError> {
    match read(&event.activity.text_without_bot_mention()) {
        Some(Command::Help) => help(app, event).await,
        Some(Command::Preference(press)) => {
            button::record(app, event, captured, &press).await?;
            button::say(app, event, &press).await
        }
        None => Ok(()),
    }
}

fn read(text: &str) -> Option<Command> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let preference = |out| {
        let topic = topic::parse(rest).ok()?;
        Some(Command::Preference(Press::Preference { topic, out }))
    };
    match word.to_lowercase().as_str() {
        "help" | "ayuda" | "?" if rest.trim().is_empty() => Some(Command::Help),
        "stop" | "baja" => preference(true),
        "start" | "alta" => preference(false),
        _ => None,
    }
}

async fn help(app: &App, event: &Event<'_>) -> Result<(), StoreError> {
    let (Some(conversation), Some(key)) = (event.conversation(), answer_key(event)) else { return Ok(()) };
    let text = event.language().pick(
        "{{ data.offer }}\n\n\
         - **help**: this text\n\
         - **stop** and a topic: you receive no more messages of this topic\n\
         - **start** and a topic: you receive them again\n\n\
         To receive nothing at all, uninstall or block the app.",
        "{{ data.offer }}\n\n\
         - **ayuda**: este texto\n\
         - **baja** y un tema: no recibes más mensajes de este tema\n\
         - **alta** y un tema: los recibes otra vez\n\n\
         Para no recibir nada, desinstala o bloquea la aplicación.",
    );
    let offer = event.language().pick(
        "I bring messages from the systems you work with.",
        "Traigo mensajes de los sistemas con los que trabajas.",
    );
    let offer = event.bot.config.welcome.offer.as_deref().unwrap_or(offer);
    let content = Content::Text(Text { text: text.to_owned(), format: Format::Markdown });
    let data = json!({"offer": offer});
    app.outbox.say(Saying { bot: &event.bot.name, conversation, content, data, send_at: None, key }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_its_first_word_in_either_language() {
        for text in ["help", "AYUDA", " ? ".trim()] {
            assert_eq!(read(text), Some(Command::Help), "{text}");
        }
        let press = |out| Some(Command::Preference(Press::Preference { topic: "deploys of api".into(), out }));
        assert_eq!(read("stop deploys of api"), press(true));
        assert_eq!(read("Alta  deploys of api "), press(false));
        for text in ["", "hello", "stop", "help me please", "stop {{x}}"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
