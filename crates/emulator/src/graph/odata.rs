use axum::{http::StatusCode, response::Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::error;
use crate::{app::App, http::Call};

const DEFAULT_PAGE: usize = 100;
const LARGEST_PAGE: usize = 999;

/// `field eq 'value'`, the only filter understood here; quotes are doubled inside.
pub(super) fn equals(filter: &str) -> Option<(String, String)> {
    let (field, value) = filter.trim().split_once(" eq ")?;
    let value = value.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    Some((field.trim().to_owned(), value.replace("''", "'")))
}

/// One page of a list, with an opaque link to the next.
pub(super) fn page(app: &App, call: &Call, context: &str, total: usize, view: impl FnMut(usize) -> Value) -> Response {
    let bad = |message: &str| error(app, StatusCode::BAD_REQUEST, "BadRequest", message, None);
    let top = match call.query("$top").map(|top| top.parse::<usize>()) {
        None => DEFAULT_PAGE,
        Some(Ok(top @ 1..=LARGEST_PAGE)) => top,
        Some(_) => return bad("Invalid page size specified: '$top' must be between 1 and 999 inclusive."),
    };
    let from = match call.query("$skiptoken") {
        None => 0,
        Some(token) => match read_token(&token) {
            Some(from) => from.min(total),
            None => return bad("The '$skiptoken' is not one of this list."),
        },
    };
    let to = from.saturating_add(top).min(total);
    let mut body = json!({
        "@odata.context": format!("{}/v1.0/$metadata#{context}", app.base_url),
        "value": (from..to).map(view).collect::<Vec<_>>(),
    });
    if call.query("$count").as_deref() == Some("true") {
        body["@odata.count"] = json!(total);
    }
    if to < total {
        body["@odata.nextLink"] = json!(next_link(app, call, to));
    }
    super::ok(&body)
}

fn next_link(app: &App, call: &Call, from: usize) -> String {
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

#[cfg(test)]
mod tests {
    use super::equals;

    #[test]
    fn a_filter_is_a_field_and_a_quoted_value() {
        let pair = |field: &str, value: &str| Some((field.to_owned(), value.to_owned()));
        assert_eq!(equals("externalId eq 'a-b'"), pair("externalId", "a-b"));
        assert_eq!(equals("displayName eq 'O''Shea'"), pair("displayName", "O'Shea"));
        assert_eq!(equals("externalId ne 'a'"), None);
        assert_eq!(equals("externalId eq a"), None);
    }
}
