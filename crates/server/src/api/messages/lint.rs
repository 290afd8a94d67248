//! What a card may not hold, whoever it is rendered for.

use pregon_domain::content::{Action, Actor, Content};
use serde_json::Value;
use url::{Host, Url};

use crate::api::Problem;
use crate::api::fields::pointer;

/// Verbs with this beginning are Pregón's own.
const OWN_VERBS: &str = "pregon.";

/// Refuses addresses a person should not be sent to, and verbs that would be taken for Pregón's own.
pub(super) fn lint(content: &Content) -> Result<(), Problem> {
    match content {
        Content::Text(_) | Content::Welcome(_) => Ok(()),
        Content::Card(own) => walk(&own.card, "/card"),
        Content::Notification(it) => {
            if let Actor::Link(link) = &it.triggered_by {
                check_url(&link.url, "/notification/triggered_by/url")?;
            }
            actions(&it.actions, "/notification/actions")
        }
        Content::Scheduled(it) => actions(&it.actions, "/scheduled/actions"),
    }
}

fn actions(actions: &[Action], at: &str) -> Result<(), Problem> {
    for (index, action) in actions.iter().enumerate() {
        match action {
            Action::Open(open) => check_url(&open.url, &format!("{at}/{index}/url"))?,
            Action::Execute(own) => check_verb(&own.verb, &format!("{at}/{index}/verb"))?,
        }
    }
    Ok(())
}

/// Looks at every action of a card, wherever it stands. JSON of a request is at most 128 levels deep.
fn walk(value: &Value, at: &str) -> Result<(), Problem> {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().try_for_each(|(index, item)| walk(item, &format!("{at}/{index}")))
        }
        Value::Object(members) => {
            let text = |name: &str| members.get(name).and_then(Value::as_str);
            match text("type") {
                Some("Action.OpenUrl") => check_url(text("url").unwrap_or_default(), &format!("{at}/url"))?,
                Some("Action.Execute") => check_verb(text("verb").unwrap_or_default(), &format!("{at}/verb"))?,
                _ => {}
            }
            // Clients without Action.Execute send the verb in the data of a plain submit.
            if let Some(verb) = members.get("data").and_then(|data| data.get("verb")).and_then(Value::as_str) {
                check_verb(verb, &format!("{at}/data/verb"))?;
            }
            members.iter().try_for_each(|(name, member)| walk(member, &format!("{at}{}", pointer(name))))
        }
        _ => Ok(()),
    }
}

fn check_verb(verb: &str, at: &str) -> Result<(), Problem> {
    if verb.trim_start().starts_with(OWN_VERBS) {
        let detail = "Verbs that begin with \"pregon.\" are the server's own.";
        return Err(Problem::field("reserved_verb", at, detail).remedy("Give the button a verb of your own."));
    }
    Ok(())
}

fn check_url(url: &str, at: &str) -> Result<(), Problem> {
    let fits = match Url::parse(url) {
        Ok(parsed) if parsed.scheme() == "https" => parsed.has_host(),
        Ok(parsed) if parsed.scheme() == "http" => is_loopback(&parsed),
        // An address that is filled in for each recipient must at least begin as one.
        _ => url.starts_with("https://") && url.contains("{{"),
    };
    // A whole address from the data cannot be judged before it is rendered.
    if fits || url.trim().starts_with("{{") {
        return Ok(());
    }
    Err(Problem::field("invalid_url", at, "A button opens https addresses only (http: this machine only).")
        .remedy("Write an absolute https:// address."))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_open() {
        for good in [
            "https://ci.example/12",
            "http://127.0.0.1:3979/x",
            "http://localhost/x",
            "https://ci.example/{{ data.build }}",
            "https://{{ data.host }}/x",
            "{{ data.url }}",
        ] {
            assert!(check_url(good, "").is_ok(), "{good}");
        }
        for bad in ["", "ci.example", "http://ci.example", "javascript:alert(1)", "file:///etc", "https://", "x{{ y }}"]
        {
            assert!(check_url(bad, "").is_err(), "{bad}");
        }
    }
}
