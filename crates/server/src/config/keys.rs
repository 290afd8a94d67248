//! The keys there are, and the nearest one to what was written.

use toml::Value;

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text.
    Text,
    /// A whole number, not negative.
    Number,
    /// `true` or `false`.
    Flag,
    /// A list of texts; in the environment separated by commas.
    List,
    /// A table of its own.
    Table(&'static [Key]),
    /// Several tables, `[[…]]`.
    Tables(&'static [Key]),
}

pub(crate) type Key = (&'static str, Kind);

/// Every key of `pregon.toml`.
pub(crate) const KEYS: &[Key] = &[
    ("server", Kind::Table(&[("listen", Kind::Text)])),
    ("store", Kind::Table(STORE)),
    ("bots", Kind::Tables(BOT)),
    ("emulator", Kind::Table(EMULATOR)),
    (
        "delivery",
        Kind::Table(&[
            ("lane_per_s", Kind::Number),
            ("graph_per_s", Kind::Number),
            ("attempts", Kind::Number),
            ("retry_server_error", Kind::Flag),
            ("request_timeout_s", Kind::Number),
            ("concurrency", Kind::Number),
            ("default_expiry_h", Kind::Number),
            ("retention_days", Kind::Number),
        ]),
    ),
    ("log", Kind::Table(&[("format", Kind::Text), ("level", Kind::Text)])),
];

const STORE: &[Key] =
    &[("dir", Kind::Text), ("url", Kind::Text), ("url_file", Kind::Text), ("connections", Kind::Number)];

const EMULATOR: &[Key] = &[
    ("listen", Kind::Text),
    ("base_url", Kind::Text),
    ("members", Kind::Number),
    ("seed", Kind::Number),
    ("limits", Kind::Text),
    ("keep_messages", Kind::Flag),
];

const BOT: &[Key] = &[
    ("name", Kind::Text),
    ("app_id", Kind::Text),
    ("secret", Kind::Text),
    ("secret_file", Kind::Text),
    ("secret_expires", Kind::Text),
    ("certificate_file", Kind::Text),
    ("certificate_key_file", Kind::Text),
    ("certificate_chain", Kind::Flag),
    ("federated_token_file", Kind::Text),
    ("managed_identity", Kind::Text),
    ("tenant", Kind::Text),
    ("multi_tenant", Kind::Flag),
    ("allowed_tenants", Kind::List),
    ("manifest_id", Kind::Text),
    ("cloud", Kind::Text),
    ("service_hosts", Kind::List),
    ("proactive_install", Kind::Flag),
    ("welcome", Kind::Table(&[("enabled", Kind::Flag), ("offer", Kind::Text), ("next", Kind::Text)])),
];

impl Kind {
    /// What to write, in words.
    pub(crate) fn expects(self) -> &'static str {
        match self {
            Self::Text => "a text in quotes",
            Self::Number => "a whole number, zero or more",
            Self::Flag => "true or false",
            Self::List => "a list of texts",
            Self::Table(_) => "a section, [name]",
            Self::Tables(_) => "sections, [[name]]",
        }
    }

    /// Whether a value of the file is of this kind.
    pub(crate) fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Text, Value::String(_)) | (Self::Flag, Value::Boolean(_)) | (Self::Table(_), Value::Table(_)) => {
                true
            }
            (Self::Number, Value::Integer(number)) => *number >= 0,
            (Self::List, Value::Array(items)) => items.iter().all(Value::is_str),
            (Self::Tables(_), Value::Array(items)) => items.iter().all(Value::is_table),
            _ => false,
        }
    }

    /// Reads a value given as text by the environment or a flag.
    pub(crate) fn read(self, text: &str) -> Option<Value> {
        match self {
            Self::Text => Some(Value::String(text.to_owned())),
            Self::Number => text.trim().parse::<u32>().ok().map(|number| Value::Integer(number.into())),
            Self::Flag => text.trim().parse().ok().map(Value::Boolean),
            Self::List => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                Some(Value::Array(items.map(|item| Value::String(item.to_owned())).collect()))
            }
            Self::Table(_) | Self::Tables(_) => None,
        }
    }
}

/// The key called `name` among `keys`.
pub(crate) fn find(keys: &'static [Key], name: &str) -> Option<Kind> {
    keys.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind)
}

/// The candidate most like `written`, when one is near enough to be what was meant.
pub(crate) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let by_distance = candidates.into_iter().map(|candidate| (distance(written, candidate), candidate));
    let (distance, candidate) = by_distance.min_by_key(|(distance, _)| *distance)?;
    (distance <= (candidate.len() / 3).max(2)).then_some(candidate)
}

/// Levenshtein distance in bytes: keys are ASCII.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, byte_a) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, byte_b) in b.bytes().enumerate() {
            let substituted = diagonal + usize::from(byte_a != byte_b);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_key_is_offered_and_a_far_one_is_not() {
        let keys = ["lane_per_s", "graph_per_s", "attempts"];
        assert_eq!(nearest("lane_pers", keys), Some("lane_per_s"));
        assert_eq!(nearest("atempts", keys), Some("attempts"));
        assert_eq!(nearest("colour", keys), None);
        assert_eq!((distance("", "abc"), distance("kitten", "sitting")), (3, 3));
    }
}
