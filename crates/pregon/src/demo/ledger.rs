//! What the story expects of each message, and whether the emulator saw exactly that.

use std::collections::{BTreeMap, BTreeSet};

use pregon_emulator::LoggedMessage;

/// One message of the story.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// What it is, for people.
    pub(crate) title: String,
    /// The server's id for it.
    pub(crate) id: String,
    /// Words found in this message and in no other.
    pub(crate) marker: String,
    /// Object ids of those who must have it, exactly once; `None` when it is not personal.
    pub(crate) people: Option<BTreeSet<String>>,
    /// What the server says of it.
    pub(crate) delivered: u64,
    /// Reasons the server gave for the rest, with counts.
    pub(crate) stopped: BTreeMap<String, u64>,
    /// When it was not to be sent before, milliseconds since 1970.
    pub(crate) not_before_ms: Option<u64>,
}

/// What a look at the emulator's log shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Audit {
    /// Copies beyond the first, and messages to people who should have none.
    pub(crate) duplicates: u64,
    /// Messages that somebody should have and has not.
    pub(crate) lost: u64,
    /// Sentences for people, one for each disagreement.
    pub(crate) complaints: Vec<String>,
}

/// Compares what was expected with what the emulator received.
pub(crate) fn audit(expected: &[Expected], received: &[LoggedMessage]) -> Audit {
    let mut audit = Audit::default();
    for message in expected {
        let copies: Vec<&LoggedMessage> = received.iter().filter(|copy| carries(copy, &message.marker)).collect();
        audit.count(message, &copies);
        audit.time(message, &copies);
    }
    audit
}

/// Whether any version of the message holds the marker.
fn carries(message: &LoggedMessage, marker: &str) -> bool {
    message.written_by.is_none()
        && std::iter::once(&message.activity)
            .chain(&message.earlier)
            .any(|version| version.to_string().contains(marker))
}

impl Audit {
    fn count(&mut self, message: &Expected, copies: &[&LoggedMessage]) {
        let seen = u64::try_from(copies.len()).unwrap_or(u64::MAX);
        if seen != message.delivered {
            let (title, said) = (&message.title, message.delivered);
            self.complaints.push(format!("{title}: the server says {said} delivered, the emulator received {seen}"));
        }
        let Some(people) = &message.people else {
            self.duplicates += seen.saturating_sub(1);
            self.lost += u64::from(seen == 0);
            return;
        };
        let mut by_person: BTreeMap<&str, u64> = BTreeMap::new();
        for copy in copies {
            *by_person.entry(copy.person.as_deref().unwrap_or("a channel")).or_default() += 1;
        }
        for (person, count) in &by_person {
            let allowed = u64::from(people.contains(*person));
            if *count > allowed {
                self.duplicates += count - allowed;
                self.complaints.push(format!("{}: {person} has {count} copies instead of {allowed}", message.title));
            }
        }
        for person in people.iter().filter(|person| !by_person.contains_key(person.as_str())) {
            self.lost += 1;
            self.complaints.push(format!("{}: {person} has none", message.title));
        }
    }

    fn time(&mut self, message: &Expected, copies: &[&LoggedMessage]) {
        let Some(not_before) = message.not_before_ms else { return };
        for copy in copies.iter().filter(|copy| copy.at_ms < not_before) {
            let early = not_before - copy.at_ms;
            self.complaints.push(format!("{}: sent {early} ms before its time", message.title));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn copy(person: &str, text: &str) -> LoggedMessage {
        LoggedMessage {
            seq: 1,
            conversation_id: String::new(),
            id: String::new(),
            app_id: String::new(),
            tenant_id: String::new(),
            person: Some(person.to_owned()),
            targeted_to: None,
            written_by: None,
            thread_root: None,
            reply_to_id: None,
            at_ms: 1_000,
            activity: json!({"text": text}),
            earlier: Vec::new(),
            deleted: false,
            reactions: BTreeMap::new(),
        }
    }

    fn to(people: &[&str], delivered: u64) -> Expected {
        Expected {
            title: "first".into(),
            id: String::new(),
            marker: "no. 1".into(),
            people: Some(people.iter().map(|&person| person.to_owned()).collect()),
            delivered,
            stopped: BTreeMap::new(),
            not_before_ms: None,
        }
    }

    #[test]
    fn what_everybody_has_once_is_in_order() {
        let received = [copy("ada", "no. 1"), copy("bo", "no. 1"), copy("ada", "no. 2")];
        assert_eq!(audit(&[to(&["ada", "bo"], 2)], &received), Audit::default());
    }

    #[test]
    fn a_second_copy_a_missing_one_and_a_stranger_are_found() {
        let twice = audit(&[to(&["ada"], 2)], &[copy("ada", "no. 1"), copy("ada", "no. 1")]);
        assert_eq!((twice.duplicates, twice.lost), (1, 0));
        let missing = audit(&[to(&["ada", "bo"], 2)], &[copy("ada", "no. 1")]);
        assert_eq!((missing.duplicates, missing.lost, missing.complaints.len()), (0, 1, 2));
        let stranger = audit(&[to(&["ada"], 2)], &[copy("ada", "no. 1"), copy("eve", "no. 1")]);
        assert_eq!(stranger.duplicates, 1);
    }

    #[test]
    fn a_message_before_its_time_is_found() {
        let early = Expected { not_before_ms: Some(1_500), ..to(&["ada"], 1) };
        assert_eq!(audit(&[early], &[copy("ada", "no. 1")]).complaints.len(), 1);
    }
}
