//! What a caller may write in `to`.

use std::fmt;
use std::str::FromStr;

use pregon_model::{ConversationId, MemberId, ObjectId, is_guid};

use crate::MessageId;

/// One entry of a message's audience.
///
/// | written | means |
/// |---|---|
/// | `ana@contoso.com` | the person with this e-mail address or sign-in name |
/// | `d04f7b28-…` (a GUID) | the person with this Entra object id |
/// | `29:…` | the person as the bot knows them |
/// | `team:19:…@thread.tacv2` or `team:<group id>` | every member of the team, each in a personal chat |
/// | `channel:19:…@thread.tacv2` (the prefix may be left out) | a new thread in the channel |
/// | `conversation:a:1…` | a stored conversation |
/// | `thread:msg_…` | a reply in the thread that message began |
/// | `everyone` | every person the bot has captured |
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A person by e-mail address or sign-in name, lower-cased.
    Email(String),
    /// A person by Entra object id.
    Object(ObjectId),
    /// A person by the bot's own id for them.
    Member(MemberId),
    /// The members of a team, by its `19:` id or Microsoft 365 group id.
    Team(String),
    /// A channel, where a new thread begins.
    Channel(ConversationId),
    /// A stored conversation.
    Conversation(ConversationId),
    /// The thread a message began.
    Thread(MessageId),
    /// Every captured person.
    Everyone,
}

/// An entry of `to` was not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} {why}; write an e-mail address, an Entra object id, team:<id>, channel:<id>, \
     conversation:<id>, thread:<message id> or everyone"
)]
pub struct BadAddress {
    text: String,
    why: &'static str,
}

/// Longest address accepted, in bytes: Teams' own ids stay below 300.
const LONGEST: usize = 512;

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(raw: &str) -> Result<Self, BadAddress> {
        let text = raw.trim();
        let bad = |why| BadAddress { text: text.chars().take(80).collect(), why };
        if text.is_empty() {
            return Err(bad("is empty"));
        }
        if text.len() > LONGEST {
            return Err(bad("is longer than 512 bytes"));
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(bad("contains a space or control character"));
        }
        if text.eq_ignore_ascii_case("everyone") {
            return Ok(Self::Everyone);
        }
        match text.split_once(':') {
            Some((_, "")) => Err(bad("names nothing after the colon")),
            Some(("team", id)) if id.starts_with("19:") || is_guid(id) => Ok(Self::Team(id.to_owned())),
            Some(("team", _)) => Err(bad("is neither a 19: team id nor a group id")),
            Some(("channel", id)) if id.starts_with("19:") => Ok(Self::Channel(ConversationId::new(id))),
            Some(("channel", _)) => Err(bad("is not a channel id (19:…@thread.tacv2)")),
            Some(("conversation", id)) => Ok(Self::Conversation(ConversationId::new(id))),
            Some(("thread", id)) => id.parse().map(Self::Thread).map_err(|_| bad("names no message (msg_…)")),
            Some(("19", _)) if text.contains("@thread.") => Ok(Self::Channel(ConversationId::new(text))),
            Some(("29", _)) => Ok(Self::Member(MemberId::new(text))),
            None if is_guid(text) => Ok(Self::Object(ObjectId::new(text.to_ascii_lowercase()))),
            None if is_email(text) => Ok(Self::Email(text.to_lowercase())),
            None if text.contains('@') => Err(bad("is not an e-mail address")),
            _ => Err(bad("is no kind of address")),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(text) => f.write_str(text),
            Self::Object(id) => write!(f, "{id}"),
            Self::Member(id) => write!(f, "{id}"),
            Self::Team(id) => write!(f, "team:{id}"),
            Self::Channel(id) => write!(f, "channel:{id}"),
            Self::Conversation(id) => write!(f, "conversation:{id}"),
            Self::Thread(id) => write!(f, "thread:{id}"),
            Self::Everyone => f.write_str("everyone"),
        }
    }
}

/// One `@` between two non-empty halves, the second with a dot: the rest is the directory's to judge.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && !local.contains('@')
        && host.split('.').count() > 1
        && host.split('.').all(|label| !label.is_empty())
        && !text.contains([',', ';', '<', '>', '(', ')', '"', '\\', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_reads_back_what_it_wrote() {
        for text in [
            "ana@contoso.com",
            "d04f7b28-6e15-4c93-b8a7-1f2e5d6c9038",
            "29:1Synth_Ada",
            "team:19:abc@thread.tacv2",
            "team:9b3e1c64-0f8d-4a72-95e6-d18c7a40f2b5",
            "channel:19:abc@thread.tacv2",
            "conversation:a:1Synth",
            "thread:msg_01h455vb4pex5vsknk084sn02q",
            "everyone",
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        assert_eq!("19:abc@thread.tacv2".parse(), "channel:19:abc@thread.tacv2".parse::<Address>());
        assert_eq!(" Ana@Contoso.com ".parse(), Ok(Address::Email("ana@contoso.com".into())));
        assert_eq!("ana#ext#@contoso.com".parse(), Ok(Address::Email("ana#ext#@contoso.com".into())));
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_forms_that_are() {
        for text in [
            "",
            "ana",
            "ana@",
            "@contoso.com",
            "a@b@c.d",
            "a b@c.d",
            "team:",
            "team:x",
            "channel:ana@c.d",
            "thread:dlv_1",
            "x:y",
            "a@b",
            "<a>@b.c",
        ] {
            let error = text.parse::<Address>().unwrap_err().to_string();
            assert!(error.contains("write an e-mail address"), "{text}: {error}");
        }
    }
}
