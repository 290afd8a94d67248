//! From what a message says to the activity one recipient gets.
//!
//! Texts and the strings of cards may hold minijinja expressions: `{{ recipient.name }}`,
//! `{{ data.build }}`. In a card a string that is exactly one expression keeps its type
//! (`"isVisible": "{{ data.urgent }}"` becomes a boolean); values never become card structure. Where
//! Teams reads Markdown, inserted values are escaped, so a name cannot turn into a link.

use minijinja::{AutoEscape, Environment, UndefinedBehavior, value::Serde};
use pregon_model::{Activity, Attachment, NotificationInfo, TeamsChannelData, TextFormat};
use serde::Serialize;
use serde_json::Value;

use crate::card::{self, Card};
use crate::content::{Content, Format};
use crate::directory::Scope;
use crate::language::Language;
use crate::message::{Message, Target};

/// Steps one rendering may take; a loop over a thousand items needs about ten thousand.
const FUEL: u64 = 100_000;

/// A message could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {why}")]
pub struct RenderError {
    /// Which part, as a JSON pointer into the content.
    pub at: String,
    /// What is wrong with it.
    pub why: String,
}

/// Whom a message is rendered for, as templates see it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Recipient {
    /// Name of the person, team or channel; empty when unknown.
    pub name: String,
    /// E-mail address of the person; empty when unknown.
    pub email: String,
    /// Entra object id of the person; empty when unknown.
    pub object_id: String,
    /// Language of the person's client; empty when unknown.
    pub locale: String,
}

impl Recipient {
    /// The recipient behind a delivery's target.
    pub fn of(target: &Target) -> Self {
        let person = target.person.clone().unwrap_or_default();
        Self {
            name: person.name.or_else(|| target.name.clone()).unwrap_or_default(),
            email: person.email.unwrap_or_default(),
            object_id: person.object_id.map(|id| id.to_string()).unwrap_or_default(),
            locale: person.locale.unwrap_or_default(),
        }
    }
}

#[derive(Serialize)]
struct Context<'a> {
    recipient: &'a Recipient,
    data: &'a Value,
}

/// Renders `message` for a recipient in a conversation of `scope`. A deletion renders to nothing.
pub fn render(message: &Message, recipient: &Recipient, scope: Scope) -> Result<Option<Activity>, RenderError> {
    let Some(content) = &message.content else { return Ok(None) };
    let language = Language::of(Some(&recipient.locale));
    let personal_topic = message.topic.as_deref().filter(|_| !message.mandatory && scope == Scope::Personal);
    let variables = minijinja::Value::from(Serde(&Context { recipient, data: &message.data }));
    let mut activity = match content {
        Content::Text(text) => {
            let (format, escape) = match text.format {
                Format::Markdown => (TextFormat::Markdown, Escape::Markdown),
                Format::Plain => (TextFormat::Plain, Escape::Nothing),
            };
            Activity::text(expand_text(&text.text, &variables, escape, "/text")?, format)
        }
        Content::Card(own) => {
            let summary = own.summary.clone().or_else(|| own.card.get("fallbackText")?.as_str().map(str::to_owned));
            let card = Card { card: own.card.clone(), summary: summary.unwrap_or_default() };
            from_card(card, &variables, "/card")?
        }
        Content::Notification(it) => {
            from_card(card::notification(it, personal_topic, language), &variables, "/notification")?
        }
        Content::Welcome(it) => {
            let language = it.locale.as_deref().map_or(language, |locale| Language::of(Some(locale)));
            from_card(card::welcome(it, language), &variables, "/welcome")?
        }
        Content::Scheduled(it) => from_card(card::scheduled(it, personal_topic, language), &variables, "/scheduled")?,
    };
    if message.alert {
        let alert = NotificationInfo { alert: Some(true), ..NotificationInfo::default() };
        activity.channel_data = Some(TeamsChannelData { notification: Some(alert), ..TeamsChannelData::default() });
    }
    Ok(Some(activity))
}

/// Renders a message for a made-up recipient: what shows before it is accepted whether it can be sent.
pub fn sample(message: &Message) -> Result<Option<Activity>, RenderError> {
    let ada = Recipient {
        name: "Ada Lovelace".into(),
        email: "ada@example.com".into(),
        object_id: "00000000-0000-0000-0000-000000000000".into(),
        locale: "en-US".into(),
    };
    render(message, &ada, Scope::Personal)
}

fn from_card(card: Card, variables: &minijinja::Value, at: &str) -> Result<Activity, RenderError> {
    let summary = expand_text(&card.summary, variables, Escape::Nothing, &format!("{at}/summary"))?;
    let mut activity = Activity::adaptive_card(expand_json(card.card, variables, Escape::Nothing, at)?, summary);
    if activity.summary.as_deref() == Some("") {
        activity.summary = None;
    }
    debug_assert_eq!(activity.attachments[0].content_type, Attachment::ADAPTIVE_CARD);
    Ok(activity)
}

/// What is done to values inserted in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    Nothing,
    Markdown,
}

fn expand_json(value: Value, variables: &minijinja::Value, escape: Escape, at: &str) -> Result<Value, RenderError> {
    match value {
        Value::String(text) => expand_string(&text, variables, escape, at),
        Value::Array(items) => {
            let each = items.into_iter().enumerate();
            each.map(|(place, item)| expand_json(item, variables, escape, &format!("{at}/{place}"))).collect()
        }
        Value::Object(members) => {
            let in_facts = at.rsplit('/').nth(1) == Some("facts");
            let each = members.into_iter().map(|(key, member)| {
                // Teams reads Markdown in the text of blocks and in the facts of a fact set.
                let escape = if key == "text" || in_facts { Escape::Markdown } else { escape };
                let member = expand_json(member, variables, escape, &format!("{at}/{key}"))?;
                Ok((key, member))
            });
            each.collect::<Result<_, RenderError>>().map(Value::Object)
        }
        other => Ok(other),
    }
}

fn expand_string(text: &str, variables: &minijinja::Value, escape: Escape, at: &str) -> Result<Value, RenderError> {
    let Some(expression) = single_expression(text).filter(|_| escape == Escape::Nothing) else {
        return expand_text(text, variables, escape, at).map(Value::String);
    };
    let environment = environment(escape);
    let compiled = environment.compile_expression(expression).map_err(|error| failure(at, &error))?;
    let value = compiled.eval(variables.clone()).map_err(|error| failure(at, &error))?;
    if value.is_undefined() {
        return Err(RenderError { at: at.to_owned(), why: format!("{} is not defined", expression.trim()) });
    }
    serde_json::to_value(&value).map_err(|error| RenderError { at: at.to_owned(), why: error.to_string() })
}

/// The expression of a string that is exactly one, `{{ … }}`.
fn single_expression(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    (!inner.contains("}}") && !inner.contains("{{")).then_some(inner)
}

fn expand_text(text: &str, variables: &minijinja::Value, escape: Escape, at: &str) -> Result<String, RenderError> {
    if !text.contains("{{") && !text.contains("{%") && !text.contains("{#") {
        return Ok(text.to_owned());
    }
    environment(escape).render_str(text, variables.clone()).map_err(|error| failure(at, &error))
}

fn failure(at: &str, error: &minijinja::Error) -> RenderError {
    let why = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{} ({detail})", error.kind()));
    RenderError { at: at.to_owned(), why }
}

fn environment(escape: Escape) -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    if escape == Escape::Markdown {
        environment.set_formatter(|out, _, value| {
            if value.is_undefined() {
                return Err(minijinja::ErrorKind::UndefinedError.into());
            }
            out.write_str(&escape_markdown(&value.to_string())).map_err(minijinja::Error::from)
        });
    }
    environment
}

/// Text that Teams' Markdown shows as it is: marks lose their meaning and tags cannot begin.
pub fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '~' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::content::{OwnCard, Text};
    use crate::{BotName, MessageId, Timestamp};

    fn message(content: Content, data: Value) -> Message {
        let (id, epoch) = (MessageId::from_uuid(Uuid::nil()), Timestamp::default());
        Message { data, ..Message::send(id, BotName::new("main"), content, epoch, epoch) }
    }

    fn named(name: &str) -> Recipient {
        Recipient { name: name.into(), ..Recipient::default() }
    }

    fn text(text: &str, format: Format, name: &str) -> Result<String, RenderError> {
        let message = message(Content::Text(Text { text: text.into(), format }), json!({"n": 3}));
        Ok(render(&message, &named(name), Scope::Personal)?.unwrap().text.unwrap())
    }

    #[test]
    fn a_text_names_its_recipient_and_a_name_is_no_markup() {
        assert_eq!(text("Hi {{ recipient.name }}, {{ data.n + 1 }}", Format::Plain, "Zoë").unwrap(), "Hi Zoë, 4");
        let evil = text("Hi {{ recipient.name }}", Format::Markdown, "[x](http://evil) <at>a</at>").unwrap();
        assert_eq!(evil, r"Hi \[x\]\(http://evil\) &lt;at>a&lt;/at>");
        assert_eq!(text("{{ '*' * 3 }} {{ recipient.name }}", Format::Plain, "*").unwrap(), "*** *");
    }

    #[test]
    fn what_is_missing_or_endless_is_an_error_that_names_its_place() {
        let error = text("{{ data.missing }}", Format::Plain, "").unwrap_err();
        assert_eq!(error.at, "/text");
        assert!(text("{{ data.missing.deeper }}", Format::Markdown, "").is_err());
        assert!(
            text("{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}", Format::Plain, "")
                .is_err()
        );
        assert!(text("{{ unclosed", Format::Plain, "").is_err());
    }

    #[test]
    fn values_in_a_card_keep_their_type_and_never_become_structure() {
        let card = json!({"type": "AdaptiveCard", "body": [
            {"type": "TextBlock", "text": "Hi {{ recipient.name }}", "isVisible": "{{ data.n > 2 }}", "maxLines": "{{ data.n }}"},
        ]});
        let content = Content::Card(OwnCard { card, summary: Some("For {{ recipient.name }}".into()) });
        let name = r#"","type":"Action.OpenUrl"} *bold*"#;
        let activity = render(&message(content, json!({"n": 3})), &named(name), Scope::Personal).unwrap().unwrap();
        let block = &activity.attachments[0].content.as_ref().unwrap()["body"][0];
        assert_eq!(block["isVisible"], json!(true));
        assert_eq!(block["maxLines"], json!(3));
        assert_eq!(block["text"], format!("Hi {}", escape_markdown(name)));
        assert_eq!(block.as_object().unwrap().len(), 4);
        assert_eq!(activity.summary.unwrap(), format!("For {name}"));
    }

    #[test]
    fn a_bad_expression_in_a_card_is_found_where_it_stands() {
        let content = Content::Card(OwnCard { card: json!({"body": [{"url": "{{ data.u }}"}]}), summary: None });
        assert_eq!(sample(&message(content, json!({}))).unwrap_err().at, "/card/body/0/url");
    }
}
