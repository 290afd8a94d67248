//! Welcomes: one for each install of a person, team or chat.
//!
//! One install yields two events in either order. Each event captures the install and offers the
//! welcome under a key made of lane, conversation and generation; the store takes one of them.

use std::time::Duration;

use pregon_domain::content::{Content, Welcome};
use pregon_domain::directory::{Person, Reference, Scope};
use pregon_domain::language::Language;
use pregon_domain::ports::StoreError;
use serde_json::json;

use crate::app::App;
use crate::inbound::{Event, Install};
use crate::outbox::Saying;

/// How long the welcome of a person whose language is not known yet waits for the event that tells it.
const LANGUAGE_COMES: Duration = Duration::from_millis(500);

/// Offers the welcome of an install.
pub(crate) async fn welcome(app: &App, event: &Event<'_>, install: &Install) -> Result<(), StoreError> {
    let Some(conversation) = event.conversation().filter(|_| event.bot.config.welcome.is_enabled()) else {
        return Ok(());
    };
    let reference = &install.reference;
    let installer = installer(app, event).await?;
    let scope = reference.conversation.as_ref().unwrap_or(conversation);
    let saying = Saying {
        bot: &event.bot.name,
        conversation: &conversation.channel(),
        content: Content::Welcome(words(event, reference, &installer)),
        // Names come from outside: as data they are never read as templates.
        data: json!({
            "installer": installer.name.unwrap_or_default(),
            "team": reference.name.clone().unwrap_or_default(),
            "channel": channel(event).unwrap_or_default(),
        }),
        send_at: is_language_unknown(reference).then(|| event.now + LANGUAGE_COMES),
        key: format!("welcome:{}:{scope}:{}", event.lane.0, reference.generation),
    };
    if app.outbox.say(saying).await? {
        let (scope, id) = (reference.scope.as_str(), reference.id);
        tracing::info!(reference.id = %id, scope, bot.name = %event.bot.name, "{scope} {id} is welcomed");
    }
    Ok(())
}

fn is_language_unknown(reference: &Reference) -> bool {
    let person = reference.person.as_ref();
    reference.scope == Scope::Personal && person.is_none_or(|person| person.locale.is_none())
}

fn words(event: &Event<'_>, reference: &Reference, installer: &Person) -> Welcome {
    // A team has no language of its own: that of whoever installed the app is the nearest there is.
    let locale = event.locale().or(installer.locale.as_deref());
    let language = Language::of(locale);
    let say = |words: Words| match reference.scope {
        Scope::Personal => in_language(words),
        _ => language.pick(words.0, words.1).to_owned(),
    };
    let config = &event.bot.config.welcome;
    Welcome {
        why: say(why(reference.scope)),
        offer: config.offer.clone().unwrap_or_else(|| say(OFFER)),
        next: config.next.clone().unwrap_or_else(|| say(NEXT)),
        locale: locale.filter(|_| reference.scope != Scope::Personal).map(str::to_owned),
    }
}

/// The text in the language of the recipient, decided when it is sent.
fn in_language((english, spanish): Words) -> String {
    format!("{{% if recipient.locale[:2] == \"es\" %}}{spanish}{{% else %}}{english}{{% endif %}}")
}

/// The same in English and in Spanish.
type Words = (&'static str, &'static str);

const OFFER: Words = (
    "I bring messages from the systems you work with: what happened, what it means, and what you can do.",
    "Traigo mensajes de los sistemas con los que trabajas: qué pasó, qué significa y qué puedes hacer.",
);
const NEXT: Words = (
    "Write help to see what I understand. Most messages have a button to stop messages of their kind.",
    "Escribe ayuda para ver lo que entiendo. La mayoría de los mensajes tiene un botón para no recibir más de su clase.",
);

/// Why the reader receives it: where the app was installed, and by whom.
fn why(scope: Scope) -> Words {
    match scope {
        Scope::Personal => (
            "You receive this because the app was installed for you.",
            "Recibes esto porque se instaló la aplicación para ti.",
        ),
        Scope::GroupChat => (
            "{% if data.installer %}{{ data.installer }} added{% else %}Somebody added{% endif %} me to this chat.",
            "{% if data.installer %}{{ data.installer }} me añadió{% else %}Alguien me añadió{% endif %} a este chat.",
        ),
        Scope::Team | Scope::Channel => (
            "{% if data.installer %}{{ data.installer }} added{% else %}Somebody added{% endif %} me to \
             {% if data.team %}the team {{ data.team }}{% else %}this team{% endif %}\
             {% if data.channel %}, in the channel {{ data.channel }}{% endif %}.",
            "{% if data.installer %}{{ data.installer }} me añadió{% else %}Alguien me añadió{% endif %} \
             {% if data.team %}al equipo {{ data.team }}{% else %}a este equipo{% endif %}\
             {% if data.channel %}, en el canal {{ data.channel }}{% endif %}.",
        ),
    }
}

/// The person who installed it: as the event tells, and as the store knows them. Names of events win.
async fn installer(app: &App, event: &Event<'_>) -> Result<Person, StoreError> {
    let Some(told) = event.activity.from.as_ref().filter(|account| event.is_person(account)) else {
        return Ok(Person::default());
    };
    let known = app.store.find_member(&event.bot.name, &told.id).await?;
    let known = known.and_then(|reference| reference.person).unwrap_or_default();
    Ok(Person { name: told.name.clone().filter(|name| !name.is_empty()).or(known.name), ..known })
}

/// Name of the channel the bot was put in; General has none.
fn channel(event: &Event<'_>) -> Option<String> {
    let data = event.activity.channel_data.as_ref();
    let selected = data.and_then(|data| data.settings.as_ref()?.selected_channel.as_ref()?.name.clone());
    let named = selected.or_else(|| data.and_then(|data| data.channel.as_ref()?.name.clone()));
    named.or_else(|| event.activity.conversation.as_ref()?.name.clone()).filter(|name| !name.is_empty())
}
