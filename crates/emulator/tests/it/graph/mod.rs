mod apps;
mod batch;
mod delta;
mod groups;
mod limits;
mod notify;
mod teams;
mod users;

use reqwest::{Method, Response};
use serde_json::Value;

use crate::setup::Setup;

/// What a `GET` below `/v1.0/` answers.
async fn get(setup: &Setup, path: &str) -> Value {
    setup.graph(Method::GET, path).send().await.unwrap().json().await.unwrap()
}

/// The same as an advanced query.
async fn eventual(setup: &Setup, path: &str) -> Response {
    setup.graph(Method::GET, path).header("ConsistencyLevel", "eventual").send().await.unwrap()
}

/// A property of everything on a page.
fn all(page: &Value, name: &str) -> Vec<String> {
    let items = page["value"].as_array().unwrap_or_else(|| panic!("no list: {page}"));
    items.iter().map(|item| item[name].as_str().unwrap_or_default().to_owned()).collect()
}
