//! Welcomes: one for each install of a person, team or chat.
//!
//! One install yields two events in either order. Each event captures the install and offers the
//! welcome under a key made of lane, conversation and generation; the store takes one of them.

use pregon_domain::content::{Content, Welcome};
use pregon_domain::directory::{Reference, Scope};
use pregon_domain::ports::StoreError;
use serde_json::json;

use crate::app::App;
use crate::inbound::{Event, Install};
use crate::outbox::Saying;

/// Offers the welcome of an install.
pub(crate) async fn welcome(app: &App, event: &Event<'_>, install: &Install) -> Result<(), StoreError> {
    let config = &event.bot.config.welcome;
    let Some(conversation) = event.conversation().filter(|_| config.is_enabled()) else { return Ok(()) };
    let reference = &install.reference;
    let scope = reference.conversation.as_ref().unwrap_or(conversation);
    let saying = Saying {
        bot: &event.bot.name,
        conversation: &conversation.channel(),
        content: Content::Welcome(words(event, reference)),
        data: json!({
            "installer": installer(app, event).await?.unwrap_or_default(),
            "team": reference.name.clone().unwrap_or_default(),
            "channel": channel(event).unwrap_or_default(),
        }),
        key: format!("welcome:{}:{scope}:{}", event.lane.0, reference.generation),
    };
    if app.outbox.say(saying).await? {
        let (scope, id) = (reference.scope.as_str(), reference.id);
        tracing::info!(reference.id = %id, scope, bot.name = %event.bot.name, "{scope} {id} is welcomed");
    }
    Ok(())
}

/// Names are inserted by the renderer, from the data: they come from outside.
fn words(event: &Event<'_>, reference: &Reference) -> Welcome {
    let language = event.language();
    let config = &event.bot.config.welcome;
    let why = match reference.scope {
        Scope::Personal => language.pick(
            "You receive this because the app was installed for you.",
            "Recibes esto porque se instaló la aplicación para ti.",
        ),
        Scope::GroupChat => language.pick(
            "{% if data.installer %}{{ data.installer }} added{% else %}Somebody added{% endif %} me to this chat.",
            "{% if data.installer %}{{ data.installer }} me añadió{% else %}Alguien me añadió{% endif %} a este chat.",
        ),
        Scope::Team | Scope::Channel => language.pick(
            "{% if data.installer %}{{ data.installer }} added{% else %}Somebody added{% endif %} me to \
             {% if data.team %}the team {{ data.team }}{% else %}this team{% endif %}\
             {% if data.channel %}, in the channel {{ data.channel }}{% endif %}.",
            "{% if data.installer %}{{ data.installer }} me añadió{% else %}Alguien me añadió{% endif %} \
             {% if data.team %}al equipo {{ data.team }}{% else %}a este equipo{% endif %}\
             {% if data.channel %}, en el canal {{ data.channel }}{% endif %}.",
        ),
    };
    let offer = language.pick(
        "I bring messages from the systems you work with: what happened, what it means, and what you can do.",
        "Traigo mensajes de los sistemas con los que trabajas: qué pasó, qué significa y qué puedes hacer.",
    );
    let next = language.pick(
        "Write help to see what I understand. Most messages have a button to stop messages of their kind.",
        "Escribe ayuda para ver lo que entiendo. La mayoría de los mensajes tiene un botón para no recibir más de su clase.",
    );
    Welcome {
        why: why.to_owned(),
        offer: config.offer.clone().unwrap_or_else(|| offer.to_owned()),
        next: config.next.clone().unwrap_or_else(|| next.to_owned()),
    }
}

/// Name of the person who installed it: as the event tells, else as the store knows them.
async fn installer(app: &App, event: &Event<'_>) -> Result<Option<String>, StoreError> {
    let Some(from) = event.activity.from.as_ref().filter(|account| event.is_person(account)) else { return Ok(None) };
    if let Some(name) = from.name.clone().filter(|name| !name.is_empty()) {
        return Ok(Some(name));
    }
    let known = app.store.find_member(&event.bot.name, &from.id).await?;
    Ok(known.and_then(|reference| reference.person?.name))
}

/// Name of the channel the bot was put in; General has none.
fn channel(event: &Event<'_>) -> Option<String> {
    let data = event.activity.channel_data.as_ref();
    let selected = data.and_then(|data| data.settings.as_ref()?.selected_channel.as_ref()?.name.clone());
    let named = selected.or_else(|| data.and_then(|data| data.channel.as_ref()?.name.clone()));
    named.or_else(|| event.activity.conversation.as_ref()?.name.clone()).filter(|name| !name.is_empty())
}
