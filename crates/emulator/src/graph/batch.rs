//! `$batch`: up to twenty calls in one.
//!
//! Source: Microsoft Learn, "Combine multiple HTTP requests using JSON batching".

use std::collections::HashMap;

use axum::{
    body::{Bytes, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Caller,
    error::{bad_request, error},
    ok, route,
};
use crate::{app::App, http::Call, operation::Operation};

/// Most calls in one.
const MOST: usize = 20;
/// Longest answer to one of them, bytes.
const LONGEST_ANSWER: usize = 8 << 20;

#[derive(Deserialize)]
struct Body {
    requests: Vec<Step>,
}

/// One of the calls.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    depends_on: Vec<String>,
}

/// `POST /$batch`.
pub(super) async fn run(app: &App, call: &Call, caller: Caller) -> Response {
    app.count(Operation::GraphBatch);
    let steps = match read(app, call) {
        Ok(steps) => steps,
        Err(answer) => return answer,
    };
    let mut statuses: HashMap<String, StatusCode> = HashMap::new();
    let mut responses = Vec::new();
    for step in &steps {
        let id = step.id.to_lowercase();
        let failed = |on: &String| statuses.get(&on.to_lowercase()).is_none_or(|status| !status.is_success());
        let answer = if step.depends_on.iter().any(failed) {
            let message = "A request this one depends on has failed.";
            error(app, StatusCode::FAILED_DEPENDENCY, "FailedDependency", message, None)
        } else {
            answer(app, call, caller, step).await
        };
        statuses.insert(id, answer.status());
        responses.push(told(&step.id, answer).await);
    }
    ok(&json!({ "responses": responses }))
}

fn read(app: &App, call: &Call) -> Result<Vec<Step>, Response> {
    if call.method != Method::POST {
        return Err(bad_request(app, "A batch is a POST."));
    }
    let body: Body = serde_json::from_slice(&call.body)
        .map_err(|problem| bad_request(app, &format!("Invalid batch payload format: {problem}.")))?;
    let steps = body.requests;
    if steps.len() > MOST {
        let message = format!("Number of batch request steps exceeds the maximum value of {MOST}.");
        return Err(bad_request(app, &message));
    }
    let mut before = Vec::new();
    for step in &steps {
        let id = step.id.to_lowercase();
        if id.is_empty() || before.contains(&id) {
            return Err(bad_request(app, &format!("The id '{}' is not unique in the batch.", step.id)));
        }
        // Calls are made in their order, so what one depends on has to come first.
        if let Some(unknown) = step.depends_on.iter().find(|on| !before.contains(&on.to_lowercase())) {
            return Err(bad_request(
                app,
                &format!("'{}' depends on '{unknown}', which does not come before it.", step.id),
            ));
        }
        before.push(id);
    }
    Ok(steps)
}

async fn answer(app: &App, outer: &Call, caller: Caller, step: &Step) -> Response {
    let inner = match step.call(outer) {
        Ok(inner) => inner,
        Err(problem) => return bad_request(app, &problem),
    };
    let path: Vec<&str> = inner.segments.iter().skip(1).map(String::as_str).collect();
    // A batch cannot hold a batch: `$batch` is no path of `route`.
    route(app, &inner, caller, &path).await
}

impl Step {
    /// The call it stands for; the error says what is wrong with it.
    fn call(&self, outer: &Call) -> Result<Call, String> {
        let method = Method::from_bytes(self.method.to_uppercase().as_bytes());
        let method = method.map_err(|_| format!("'{}' is no method.", self.method))?;
        let (path, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        if path.contains("://") {
            return Err(format!("The url '{path}' must be relative, without version."));
        }
        let decode = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
        // As if it had come by itself: its links name the version.
        let given = path.split('/').filter(|segment| !segment.is_empty()).map(decode);
        let segments = std::iter::once("v1.0".to_owned()).chain(given).collect();
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name = HeaderName::try_from(name.as_str()).map_err(|_| format!("'{name}' is no header."))?;
            let value = HeaderValue::try_from(value.as_str().unwrap_or_default());
            headers.insert(name, value.map_err(|_| "A header's value is none.".to_owned())?);
        }
        if self.body.is_some() && !headers.contains_key(header::CONTENT_TYPE) {
            return Err("A request with a body needs the header Content-Type.".to_owned());
        }
        let body = self.body.as_ref().map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        let (query, arrived, wire) = (query.to_owned(), outer.arrived, outer.wire.clone());
        Ok(Call { method, segments, query, headers, body, arrived, wire })
    }
}

/// One answer within the answer.
async fn told(id: &str, answer: Response) -> Value {
    let (parts, body) = answer.into_parts();
    let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers: Map<String, Value> =
        parts.headers.iter().map(|(name, value)| (title_case(name.as_str()), text(value).into())).collect();
    let mut response = json!({"id": id, "status": parts.status.as_u16(), "headers": headers});
    let bytes = to_bytes(body, LONGEST_ANSWER).await.unwrap_or_default();
    if !bytes.is_empty() {
        // What is no JSON is told as base64.
        let json = serde_json::from_slice(&bytes).unwrap_or_else(|_| BASE64_STANDARD.encode(&bytes).into());
        response["body"] = json;
    }
    response
}

/// `retry-after` as Graph writes it in here: `Retry-After`.
fn title_case(name: &str) -> String {
    let part = |part: &str| {
        let (first, rest) = part.split_at(part.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    };
    if name.starts_with("x-ms-") { name.to_owned() } else { name.split('-').map(part).collect::<Vec<_>>().join("-") }
}
