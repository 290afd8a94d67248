use std::collections::HashMap;
use std::time::SystemTime;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::part::Outcome;
use crate::ConnectorError;
use crate::classify::{Failure, classify};
use crate::transport::{Answer, Call};

#[derive(Serialize)]
pub(super) struct BatchRequest {
    requests: Vec<Entry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    id: String,
    method: String,
    url: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    headers: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    depends_on: Option<[String; 1]>,
}

/// The calls with their places as ids; addresses go without `base`, the path of all calls.
pub(super) fn write_request(
    base: &str,
    calls: &[(usize, &Call)],
    after: impl Fn(usize) -> Option<usize>,
) -> BatchRequest {
    let entry = |&(index, call): &(usize, &Call)| Entry {
        id: index.to_string(),
        method: call.method.to_string(),
        url: relative(base, call),
        headers: headers(call),
        body: call.body.as_deref().and_then(|body| serde_json::from_slice(body).ok()),
        depends_on: after(index).map(|before| [before.to_string()]),
    };
    BatchRequest { requests: calls.iter().map(entry).collect() }
}

fn relative(base: &str, call: &Call) -> String {
    let path = call.url.path();
    let path = path.strip_prefix(base).unwrap_or(path);
    match call.url.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

fn headers(call: &Call) -> Map<String, Value> {
    let own = call.headers.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())));
    let of_body = call.body.as_ref().map(|_| ("Content-Type".to_owned(), Value::from("application/json")));
    own.chain(of_body).collect()
}

#[derive(Deserialize)]
struct BatchResponse {
    responses: Vec<Value>,
}

#[derive(Deserialize)]
struct Response {
    id: String,
    status: u16,
    headers: Option<HashMap<String, Value>>,
    body: Option<Value>,
}

/// The outcomes of these calls by their places, in whatever order they came.
pub(super) fn read_answers(
    answer: Answer,
    calls: &[(usize, &Call)],
) -> Result<HashMap<usize, Outcome>, ConnectorError> {
    let now = answer.now;
    let BatchResponse { responses } = answer.json()?;
    // One that is not understood is a missing one, not the end of the others.
    let responses = responses.into_iter().filter_map(|response| serde_json::from_value::<Response>(response).ok());
    let outcomes = responses.filter_map(|response| {
        let (index, call) = calls.iter().find(|(index, _)| index.to_string() == response.id)?;
        Some((*index, outcome(call, response, now)))
    });
    Ok(outcomes.collect())
}

/// The same as if the call had been made alone.
fn outcome(call: &Call, response: Response, now: SystemTime) -> Outcome {
    let headers = header_map(response.headers.unwrap_or_default());
    let body = bytes(response.body, &headers);
    let status = response.status;
    if (200..300).contains(&status) {
        return Ok(Answer { status, headers, now, body: Ok(body) });
    }
    Err(classify(&Failure { call, token: "", status, headers: &headers, body: &body, now }))
}

fn header_map(headers: HashMap<String, Value>) -> HeaderMap {
    let texts = headers.into_iter().filter_map(|(name, value)| {
        let value = if let Value::String(text) = value { text } else { value.to_string() };
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_str(&value).ok()?))
    });
    texts.collect()
}

/// JSON comes as itself, text as a JSON string.
fn bytes(body: Option<Value>, headers: &HeaderMap) -> Vec<u8> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match body {
        None => Vec::new(),
        Some(Value::String(text)) if kind.starts_with("text/") => text.into_bytes(),
        Some(body) => body.to_string().into_bytes(),
    }
}
