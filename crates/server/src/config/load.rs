//! Layers: the file, the environment, flags.

use std::collections::BTreeMap;

use serde::Deserialize as _;
use toml::{Table, Value};

use super::keys::{self, KEYS, Key, Kind};
use super::{Config, ConfigError, check};

/// Begins the name of every variable that sets a key.
const PREFIX: &str = "PREGON_";

/// A key set from outside the file: by a flag or, in here, by the environment.
#[derive(Clone)]
pub struct Override {
    /// The flag or variable, for messages: `--listen`.
    pub place: String,
    /// The key: `server.listen`, `bots.0.secret`.
    pub key: String,
    /// The value as text; lists are separated by commas.
    pub value: String,
}

impl std::fmt::Debug for Override {
    /// Not the value: it may be a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Override").field("place", &self.place).field("key", &self.key).finish_non_exhaustive()
    }
}

pub(super) fn load(
    file: &str,
    text: &str,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: &[Override],
) -> Result<Config, ConfigError> {
    let mut table: Table = text.parse().map_err(|error| syntax(file, &error))?;
    known(file, "", &table, KEYS)?;
    // In the order of names, so that bots are added one after the other.
    let variables: BTreeMap<_, _> = environment.into_iter().filter(|(name, _)| is_ours(name)).collect();
    for (name, value) in variables {
        let key = name[PREFIX.len()..].to_lowercase().replace("__", ".");
        apply(&mut table, &Override { place: name, key, value })?;
    }
    for flag in flags {
        apply(&mut table, flag)?;
    }
    let mut config = read(file, &table)?;
    check::check(file, &mut config)?;
    Ok(config)
}

fn is_ours(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|rest| rest.contains("__"))
}

/// The parser's sentence without its picture of the line, which could show a secret.
fn syntax(file: &str, error: &toml::de::Error) -> ConfigError {
    ConfigError::new(file, "", format!("is no valid TOML: {}", error.message()))
}

/// Refuses keys there are not, and values of the wrong kind.
fn known(place: &str, parent: &str, table: &Table, keys: &'static [Key]) -> Result<(), ConfigError> {
    for (name, value) in table {
        let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
        let kind = keys::find(keys, name).ok_or_else(|| unknown(place, &path, name, keys))?;
        if !kind.takes(value) {
            return Err(ConfigError::new(place, &path, format!("{path} must be {}", kind.expects())));
        }
        match (kind, value) {
            (Kind::Table(below), Value::Table(table)) => known(place, &path, table, below)?,
            (Kind::Tables(below), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let Value::Table(table) = item else { continue };
                    known(place, &format!("{path}.{index}"), table, below)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn unknown(place: &str, path: &str, name: &str, keys: &'static [Key]) -> ConfigError {
    let names = || keys.iter().map(|(name, _)| *name);
    let hint = match keys::nearest(name, names()) {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
    };
    ConfigError::new(place, path, format!("there is no key {path}; {hint}"))
}

/// Sets one key from outside the file.
fn apply(table: &mut Table, set: &Override) -> Result<(), ConfigError> {
    apply_below(table, KEYS, set, "", &set.key)
}

fn apply_below(
    table: &mut Table,
    keys: &'static [Key],
    set: &Override,
    parent: &str,
    rest: &str,
) -> Result<(), ConfigError> {
    let (name, below) = rest.split_once('.').map_or((rest, None), |(name, below)| (name, Some(below)));
    let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
    let kind = keys::find(keys, name).ok_or_else(|| unknown(&set.place, &path, name, keys))?;
    let wrong = |what: String| ConfigError::new(&set.place, &path, what);
    match (kind, below) {
        (Kind::Table(keys), Some(below)) => {
            let slot = table.entry(name).or_insert_with(|| Value::Table(Table::new()));
            let Value::Table(inner) = slot else { return Err(wrong(format!("{path} is no section"))) };
            apply_below(inner, keys, set, &path, below)
        }
        (Kind::Tables(keys), Some(below)) => {
            let (index, below) = below.split_once('.').unwrap_or((below, ""));
            let slot = table.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            let Value::Array(items) = slot else { return Err(wrong(format!("{path} is no list of sections"))) };
            let count = items.len();
            let index: usize = index.parse().ok().filter(|&index| index <= count).ok_or_else(|| {
                wrong(format!("{path} are counted from 0; the next one not configured yet is {count}"))
            })?;
            if index == count {
                items.push(Value::Table(Table::new()));
            }
            let Value::Table(inner) = &mut items[index] else { return Err(wrong(format!("{path} are sections"))) };
            apply_below(inner, keys, set, &format!("{path}.{index}"), below)
        }
        (Kind::Table(_) | Kind::Tables(_), None) | (_, Some(_)) => Err(unknown(&set.place, &set.key, name, keys)),
        (kind, None) => {
            let value = kind.read(&set.value);
            // Not the value: it may be a secret.
            let value = value.ok_or_else(|| wrong(format!("{path} must be {}", kind.expects())))?;
            table.insert(name.to_owned(), value);
            Ok(())
        }
    }
}

/// Reads section by section, so that a wrong value is told with its key.
fn read(file: &str, table: &Table) -> Result<Config, ConfigError> {
    Config::deserialize(Value::Table(table.clone())).map_err(|error| {
        let found = culprit("", table, KEYS);
        let key = found.unwrap_or_default();
        let what = error.message().trim_end().replace('\n', " ");
        ConfigError::new(file, &key, format!("{key}: {what}"))
    })
}

/// The first key whose value alone makes the configuration unreadable.
fn culprit(parent: &str, table: &Table, keys: &'static [Key]) -> Option<String> {
    table.iter().find_map(|(name, value)| {
        let path = if parent.is_empty() { name.clone() } else { format!("{parent}.{name}") };
        match (keys::find(keys, name)?, value) {
            (Kind::Table(below), Value::Table(table)) => culprit(&path, table, below),
            (Kind::Tables(below), Value::Array(items)) => items.iter().enumerate().find_map(|(index, item)| {
                let Value::Table(table) = item else { return None };
                culprit(&format!("{path}.{index}"), table, below)
            }),
            _ => (!alone_is_readable(&path, value)).then_some(path),
        }
    })
}

fn alone_is_readable(path: &str, value: &Value) -> bool {
    let nested = path.split('.').rev().fold(value.clone(), |inner, name| match name.parse::<usize>() {
        Ok(_) => Value::Array(vec![inner]),
        Err(_) => Value::Table(Table::from_iter([(name.to_owned(), inner)])),
    });
    Config::deserialize(nested).is_ok()
}
