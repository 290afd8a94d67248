use axum::response::Response;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{Filter, Kind, search::Search};
use crate::{
    app::App,
    graph::error::{bad_request, unsupported_query},
    http::Call,
};

const DEFAULT_PAGE: usize = 100;
const LARGEST_PAGE: usize = 999;
/// Most alternatives of a condition. Source: Microsoft Learn, "Use the $filter query parameter".
const MOST_ALTERNATIVES: usize = 15;

/// The parameters of a list, checked.
pub(super) struct Query {
    pub(super) filter: Option<Filter>,
    pub(super) search: Option<Search>,
    /// Property, and whether the largest comes first.
    pub(super) order: Option<(String, bool)>,
    pub(super) top: usize,
    /// Position to go on from.
    pub(super) from: usize,
    pub(super) count: bool,
}

/// Whether the caller puts up with answers that lag behind: what advanced queries ask for.
pub(in crate::graph) fn is_eventual(call: &Call) -> bool {
    let level = call.headers.get("consistencylevel").and_then(|level| level.to_str().ok());
    level.is_some_and(|level| level.eq_ignore_ascii_case("eventual"))
}

impl Query {
    /// Reads the parameters of a list; the error is the answer.
    pub(super) fn of_list(app: &App, call: &Call, kind: Kind) -> Result<Self, Response> {
        let query = Self::read(app, call)?;
        let says_so = query.count && is_eventual(call);
        if kind == Kind::Directory && query.is_advanced() && !says_so {
            return Err(unsupported_query(app));
        }
        if query.search.is_some() && !is_eventual(call) {
            return Err(unsupported_query(app));
        }
        Ok(query)
    }

    /// Reads the parameters of a count, which is an advanced query by itself; the error is the answer.
    pub(super) fn of_count(app: &App, call: &Call) -> Result<Self, Response> {
        let query = Self::read(app, call)?;
        if is_eventual(call) { Ok(query) } else { Err(unsupported_query(app)) }
    }

    fn read(app: &App, call: &Call) -> Result<Self, Response> {
        let bad = |message: &str| bad_request(app, message);
        let top = match call.query("$top").map(|top| top.parse::<usize>()) {
            None => DEFAULT_PAGE,
            Some(Ok(top @ 1..=LARGEST_PAGE)) => top,
            Some(_) => return Err(bad("Invalid page size specified: '$top' must be between 1 and 999 inclusive.")),
        };
        let from = match call.query("$skiptoken").map(|token| read_token(&token)) {
            None => 0,
            Some(Some(from)) => from,
            Some(None) => return Err(bad("The '$skiptoken' is not one of this list.")),
        };
        let filter = call.query("$filter").map(|text| Filter::parse(&text)).transpose();
        let filter = filter.map_err(|problem| bad(&format!("Invalid filter clause: {problem}.")))?;
        let alternatives = filter.as_ref().map_or(0, Filter::alternatives);
        if alternatives > MOST_ALTERNATIVES {
            return Err(bad(&format!(
                "Too many child clauses specified in search filter expression: {alternatives}. Max allowed: 15."
            )));
        }
        let search = match call.query("$search").map(|text| Search::parse(&text)) {
            None => None,
            Some(Some(search)) => Some(search),
            Some(None) => return Err(bad("Write '$search' as \"property:text\", in double quotes.")),
        };
        let order = call.query("$orderby").map(|text| read_order(&text));
        let count = call.query("$count").as_deref() == Some("true");
        Ok(Self { filter, search, order, top, from, count })
    }

    fn is_advanced(&self) -> bool {
        let ordered = self.order.is_some() && self.filter.is_some();
        ordered || self.filter.as_ref().is_some_and(Filter::is_advanced)
    }
}

fn read_order(text: &str) -> (String, bool) {
    match text.trim().split_once(' ') {
        Some((property, direction)) => (property.to_owned(), direction.trim().eq_ignore_ascii_case("desc")),
        None => (text.trim().to_owned(), false),
    }
}

pub(super) fn next_link(app: &App, call: &Call, from: usize) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    let kept = url::form_urlencoded::parse(call.query.as_bytes());
    pairs.extend_pairs(kept.filter(|(name, _)| !name.eq_ignore_ascii_case("$skiptoken")));
    pairs.append_pair("$skiptoken", &BASE64_URL_SAFE_NO_PAD.encode(format!("from:{from}")));
    format!("{}{}?{}", app.base_url, call.path(), pairs.finish())
}

fn read_token(token: &str) -> Option<usize> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    text.strip_prefix("from:")?.parse().ok()
}
