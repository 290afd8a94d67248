//! What every list of Graph understands: `$filter`, `$select`, `$orderby`, `$search`, `$top`, `$count`,
//! and pages with opaque links.
//!
//! Source: Microsoft Learn, "Use query parameters" and "Advanced query capabilities on Microsoft Entra
//! ID objects".

mod filter;
mod list;
mod parse;
mod query;
mod search;
mod words;

pub(super) use filter::{Comparison, Filter};
pub(super) use list::{Answer, Collection, Kind, count, list, selected};
pub(super) use query::is_eventual;
