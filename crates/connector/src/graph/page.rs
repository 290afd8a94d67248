use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::{PageLink, Throttling};
use crate::transport::Answer;
use crate::{BadArgument, ConnectorError};

/// Longest page taken, bytes: 999 people with every property have about 3 MB.
pub(super) const PAGE_LIMIT: usize = 8 * 1024 * 1024;

/// Most items a page may be asked to hold: what the directory allows; other lists have less and shorten it.
const MOST_ITEMS: u16 = 999;

/// A page size as text, if Graph takes it.
pub(super) fn page_size(items: u16) -> Result<String, BadArgument> {
    if (1..=MOST_ITEMS).contains(&items) {
        Ok(items.to_string())
    } else {
        Err(BadArgument::new("page_size", "must be 1 to 999"))
    }
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// What is on it; may be empty though others follow.
    pub items: Vec<T>,
    /// Where the next page is; `None` on the last.
    pub next: Option<PageLink>,
    /// How many items the whole list has; on the first page, and only when asked for.
    pub count: Option<u64>,
    /// What the page cost, if Graph says so.
    pub throttling: Throttling,
}

#[derive(Deserialize)]
struct Wire<T> {
    #[serde(deserialize_with = "null_as_empty", bound(deserialize = "T: Deserialize<'de>"))]
    value: Vec<T>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<PageLink>,
    #[serde(rename = "@odata.count")]
    count: Option<u64>,
}

impl<T: DeserializeOwned> Page<T> {
    pub(super) fn read(answer: Result<Answer, ConnectorError>) -> Result<Self, ConnectorError> {
        let answer = answer?;
        let throttling = Throttling::in_headers(&answer.headers);
        let Wire { value, next, count } = answer.json()?;
        // An empty link leads nowhere: this is the last page.
        let next = next.filter(|link| !link.as_str().is_empty());
        Ok(Self { items: value, next, count, throttling })
    }

    pub(super) fn read_first(answer: Result<Answer, ConnectorError>) -> Result<Option<T>, ConnectorError> {
        Ok(Self::read(answer)?.items.into_iter().next())
    }

    pub(super) fn read_items(answer: Result<Answer, ConnectorError>) -> Result<Vec<T>, ConnectorError> {
        Ok(Self::read(answer)?.items)
    }
}

impl<T> crate::pages::Page for Page<T> {
    fn continuation(&self) -> Option<&str> {
        self.next.as_ref().map(PageLink::as_str)
    }
}

/// `value` must be there, for a page without it is no page; a `null` is an empty one.
fn null_as_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
