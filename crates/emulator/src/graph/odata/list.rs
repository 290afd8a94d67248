use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::query::{Query, next_link};
use crate::{
    app::App,
    graph::{error::bad_request, ok},
    http::Call,
};

/// Whose rules a list follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graph) enum Kind {
    /// People and groups: some queries are advanced, and have to say so.
    Directory,
    /// Teams, channels, apps, chats.
    Teams,
}

/// What a list is made of.
pub(in crate::graph) struct Collection<'a> {
    pub(in crate::graph) kind: Kind,
    /// The end of `@odata.context`.
    pub(in crate::graph) context: &'a str,
    pub(in crate::graph) len: usize,
    /// A property of one of them; null when it has none of that name.
    pub(in crate::graph) property: &'a dyn Fn(usize, &str) -> Value,
    /// The properties conditions and orders may name.
    pub(in crate::graph) known: &'a [&'a str],
    /// What is told of one of them when nothing is selected.
    pub(in crate::graph) usual: &'a dyn Fn(usize) -> &'static [&'static str],
}

/// A way to answer a collection: [`list`] or [`count`].
pub(in crate::graph) type Answer = fn(&App, &Call, &Collection<'_>) -> Response;

/// Answers a list: the page that was asked for, with an opaque link to the next.
pub(in crate::graph) fn list(app: &App, call: &Call, collection: &Collection<'_>) -> Response {
    let query = Query::of_list(app, call, collection.kind).and_then(|query| collection.checked(app, query));
    let query = match query {
        Ok(query) => query,
        Err(answer) => return answer,
    };
    let order = collection.order(&query);
    let fits = |at: usize| collection.fits(&query, order[at]);
    let mut page = Vec::new();
    let mut next = None;
    for at in (query.from..order.len()).filter(|at| fits(*at)) {
        if page.len() == query.top {
            next = Some(at);
            break;
        }
        let nth = order[at];
        page.push(selected(call, (collection.usual)(nth), &|name| (collection.property)(nth, name)));
    }
    let mut body = json!({
        "@odata.context": format!("{}/v1.0/$metadata#{}", app.base_url, collection.context),
        "value": page,
    });
    if query.count {
        body["@odata.count"] = json!((0..order.len()).filter(|at| fits(*at)).count());
    }
    if let Some(next) = next {
        body["@odata.nextLink"] = json!(next_link(app, call, next));
    }
    ok(&body)
}

/// Answers how many there are: a number as text.
pub(in crate::graph) fn count(app: &App, call: &Call, collection: &Collection<'_>) -> Response {
    match Query::of_count(app, call).and_then(|query| collection.checked(app, query)) {
        Ok(query) => {
            let count = (0..collection.len).filter(|nth| collection.fits(&query, *nth)).count();
            count.to_string().into_response()
        }
        Err(answer) => answer,
    }
}

/// An object with the properties `$select` names, or the usual ones. What an object is, is always told.
pub(in crate::graph) fn selected(call: &Call, usual: &[&str], property: &dyn Fn(&str) -> Value) -> Value {
    let select = call.query("$select");
    let wanted: Vec<&str> = match &select {
        Some(names) => names.split(',').map(str::trim).collect(),
        None => usual.to_vec(),
    };
    let expand = call.query("$expand").unwrap_or_default();
    // `appDefinitions($select=…)` says more than is heeded here.
    let expanded = expand.split(',').filter_map(|name| name.split('(').next()).map(str::trim);
    let expanded = expanded.filter(|name| !name.is_empty());
    let mut object: Map<String, Value> =
        wanted.into_iter().chain(expanded).map(|name| (name.to_owned(), property(name))).collect();
    let kind = property("@odata.type");
    if !kind.is_null() {
        object.insert("@odata.type".to_owned(), kind);
    }
    Value::Object(object)
}

impl Collection<'_> {
    fn fits(&self, query: &Query, nth: usize) -> bool {
        let read = |name: &str| (self.property)(nth, name);
        query.search.as_ref().is_none_or(|search| search.fits(&read))
            && query.filter.as_ref().is_none_or(|filter| filter.fits(&read))
    }

    fn order(&self, query: &Query) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len).collect();
        if let Some((property, descending)) = &query.order {
            order.sort_by_cached_key(|nth| (self.property)(*nth, property).as_str().unwrap_or_default().to_lowercase());
            if *descending {
                order.reverse();
            }
        }
        order
    }

    /// The query, unless it names a property that these objects have not; then the error is the answer.
    fn checked(&self, app: &App, query: Query) -> Result<Query, Response> {
        match self.unknown(&query) {
            None => Ok(query),
            Some(unknown) => {
                let message = format!("Invalid filter clause: there is no property '{unknown}' to look at.");
                Err(bad_request(app, &message))
            }
        }
    }

    fn unknown(&self, query: &Query) -> Option<String> {
        let in_filter = query.filter.iter().flat_map(|filter| filter.properties());
        let in_search = query.search.iter().flat_map(|search| search.properties());
        let in_order = query.order.iter().map(|(property, _)| property.as_str());
        let mut named = in_filter.chain(in_search).chain(in_order);
        let first = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
        named.find(|path| !self.known.contains(&first(path).as_str())).map(str::to_owned)
    }
}
