use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::odata::{Comparison, Filter};
use crate::http::Call;

/// Most objects a delta may be narrowed to.
const MOST_ONLY: usize = 50;

/// How far a caller is in following the directory: what links hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Round {
    /// The last change the caller knows; nothing before its first round.
    pub(super) since: Option<u64>,
    /// The last change this round tells for certain; nothing between rounds.
    upto: Option<u64>,
    pub(super) place: Place,
    /// When the link was written, milliseconds since 1970.
    pub(super) issued_ms: u64,
    pub(super) select: Vec<String>,
    /// The ids it is narrowed to; empty means all.
    only: Vec<String>,
}

/// Where a round goes on: positions that stay, whatever changes meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    /// Position among the objects of the tenant.
    pub(super) object: usize,
    /// Within a group: the last member told.
    pub(super) member: Option<usize>,
}

impl Round {
    /// Reads the parameters of a call; the error is a sentence.
    pub(super) fn read(call: &Call, usual: &[&str], now_ms: u64) -> Result<Self, String> {
        let token = call.query("$deltatoken").filter(|token| token != "latest").or_else(|| call.query("$skiptoken"));
        if let Some(token) = token {
            return Self::parse(&token).ok_or_else(|| "The link is not one of a delta query.".to_owned());
        }
        let names = call.query("$select");
        let select = match &names {
            Some(names) => names.split(',').map(|name| name.trim().to_owned()).collect(),
            None => usual.iter().map(|name| (*name).to_owned()).collect(),
        };
        let only = call.query("$filter").map(|filter| only(&filter)).transpose()?.unwrap_or_default();
        Ok(Self { since: None, upto: None, place: Place::default(), issued_ms: now_ms, select, only })
    }

    /// The round under way, or a new one.
    pub(super) fn begun(self, last_change: u64) -> Self {
        Self { upto: self.upto.or(Some(last_change)), ..self }
    }

    /// The link to the next page.
    pub(super) fn at(&self, place: Place, now_ms: u64) -> Self {
        Self { place, issued_ms: now_ms, ..self.clone() }
    }

    /// The link for the next round.
    pub(super) fn ended(&self, now_ms: u64) -> Self {
        Self { since: self.upto, upto: None, place: Place::default(), issued_ms: now_ms, ..self.clone() }
    }

    /// Whether the round is over, and the link for the next one.
    pub(super) fn is_over(&self) -> bool {
        self.upto.is_none()
    }

    /// Whether something that changed last with this change is news; in a first round everything is.
    pub(super) fn is_news(&self, changed: u64) -> bool {
        self.since.is_none_or(|since| changed > since)
    }

    pub(super) fn wants(&self, id: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only.eq_ignore_ascii_case(id))
    }

    pub(super) fn write(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    fn parse(token: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()
    }
}

/// The ids of a `$filter` like `id eq '…' or id eq '…'`; the error is a sentence.
fn only(filter: &str) -> Result<Vec<String>, String> {
    let filter = Filter::parse(filter).map_err(|problem| format!("Invalid filter clause: {problem}."))?;
    let parts = if let Filter::Or(parts) = filter { parts } else { vec![filter] };
    if parts.len() > MOST_ONLY {
        return Err(format!("A delta query takes at most {MOST_ONLY} ids, not {}.", parts.len()));
    }
    let id = |part: Filter| match part {
        Filter::Compare(name, Comparison::Equal, Value::String(id)) if name == "id" => Ok(id),
        _ => Err("A delta query filters by id only.".to_owned()),
    };
    parts.into_iter().map(id).collect()
}
