use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api::Problem;

/// Entries of a page when the caller does not say.
const DEFAULT: usize = 50;
/// Most entries of a page.
const MOST: usize = 500;

/// One page of a list. `next_cursor` asks for the next one, and is `null` on the last.
#[derive(Debug, Serialize)]
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    pub(crate) next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page of a list that has no entries.
    pub(crate) fn empty() -> Self {
        Self { data: Vec::new(), next_cursor: None }
    }

    /// A page of what was read with [`Limit::and_one`]; `id` names an entry for the cursor.
    pub(crate) fn new<R>(mut rows: Vec<R>, limit: Limit, id: impl Fn(&R) -> String, view: impl Fn(R) -> T) -> Self {
        let more = rows.len() > limit.0;
        rows.truncate(limit.0);
        let next_cursor = rows.last().filter(|_| more).map(id);
        Self { data: rows.into_iter().map(view).collect(), next_cursor }
    }
}

/// How many entries a page has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit(usize);

impl Limit {
    pub(crate) fn read(text: Option<&str>) -> Result<Self, Problem> {
        let Some(text) = text else { return Ok(Self(DEFAULT)) };
        match text.parse() {
            Ok(limit @ 1..=MOST) => Ok(Self(limit)),
            _ => Err(bad_query("limit", format!("limit is a number from 1 to {MOST}."))),
        }
    }

    /// One more than a page has: whether there is another page.
    pub(crate) fn and_one(self) -> usize {
        self.0 + 1
    }
}

/// Reads a parameter that stands for one of our values: a cursor, a state, a scope.
pub(crate) fn parameter<T>(
    name: &str,
    text: Option<&str>,
    read: impl Fn(&str) -> Option<T>,
    expected: &str,
) -> Result<Option<T>, Problem> {
    let Some(text) = text else { return Ok(None) };
    read(text).map(Some).ok_or_else(|| bad_query(name, format!("{name} is {expected}.")))
}

/// Reads a cursor, which is the id of the last entry seen.
pub(crate) fn cursor<T: FromStr>(text: Option<&str>) -> Result<Option<T>, Problem> {
    parameter("cursor", text, |text| text.parse().ok(), "the next_cursor of an earlier answer")
}

/// 400: a parameter of the query is wrong.
pub(crate) fn bad_query(name: &str, detail: String) -> Problem {
    Problem::field("invalid_parameter", name, detail).status(StatusCode::BAD_REQUEST)
}

/// The parameters of a query; unknown ones are refused by the type's own `deny_unknown_fields`.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Self(parameters)),
            Err(error) => {
                Err(Problem::new(StatusCode::BAD_REQUEST, "invalid_parameter", format!("{}.", error.body_text())))
            }
        }
    }
}
