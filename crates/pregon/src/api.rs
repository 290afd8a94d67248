//! A small client of the server's own API, for the commands.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

use crate::args::Remote;

/// Longest wait for what changes something: a million deliveries are decided anew in one request.
const PATIENCE: Duration = Duration::from_mins(10);

/// A server and a key to it.
#[derive(Clone)]
pub(crate) struct Api {
    http: reqwest::Client,
    base: String,
    key: String,
}

impl Api {
    /// The server at `base`. Its address is loopback or a name the operator gave: no proxy for the former.
    pub(crate) fn new(base: &str, key: &str) -> anyhow::Result<Self> {
        let url = reqwest::Url::parse(base).with_context(|| format!("--server {base:?} is not a URL"))?;
        if !matches!(url.scheme(), "http" | "https") {
            bail!("--server {base:?} is neither http nor https");
        }
        let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let builder = reqwest::Client::builder().timeout(Duration::from_secs(30));
        let builder = if loopback { builder.no_proxy() } else { builder };
        Ok(Self { http: builder.build()?, base: base.trim_end_matches('/').to_owned(), key: key.to_owned() })
    }

    /// The server of the command line, with the key given there or the one `pregon init` wrote.
    pub(crate) fn of(remote: &Remote) -> anyhow::Result<Self> {
        let key = match &remote.key {
            Some(key) => key.clone(),
            None => std::fs::read_to_string("pregon.key")
                .map(|key| key.trim().to_owned())
                .context("no API key: give --key, set PREGON_KEY, or run where `pregon init` wrote pregon.key")?,
        };
        ensure!(
            key.bytes().all(|byte| byte.is_ascii_graphic()),
            "the API key holds a space, a line break or another character that no key has: give it as it was shown"
        );
        Self::new(&remote.server, &key)
    }

    /// `GET /api/v1{path}`
    pub(crate) async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.find(path, &[]).await
    }

    /// `GET /api/v1{path}` with the parameters that are there.
    pub(crate) async fn find(&self, path: &str, query: &[(&str, Option<&str>)]) -> anyhow::Result<Value> {
        let query: Vec<_> = query.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
        self.call(self.request(Method::GET, path).query(&query)).await
    }

    /// `POST /api/v1{path}`
    pub(crate) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.call(self.request(Method::POST, path).timeout(PATIENCE).json(body)).await
    }

    /// Every row of a list, page by page.
    pub(crate) async fn all(&self, path: &str) -> anyhow::Result<Vec<Value>> {
        let mut rows = Vec::new();
        let mut cursor = String::new();
        loop {
            let mark = if path.contains('?') { '&' } else { '?' };
            let page = self.get(&format!("{path}{mark}limit=500{cursor}")).await?;
            rows.extend(page["data"].as_array().cloned().unwrap_or_default());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(rows),
            }
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1{path}", self.base)).bearer_auth(&self.key)
    }

    async fn call(&self, request: RequestBuilder) -> anyhow::Result<Value> {
        let response = request.send().await.map_err(|error| {
            if error.is_connect() {
                anyhow::anyhow!(
                    "no server answers at {}: start one with `pregon serve`, or name another with --server",
                    self.base
                )
            } else {
                anyhow::Error::new(error)
            }
        })?;
        let status = response.status();
        let bytes = response.bytes().await?;
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(answer);
        }
        if status == StatusCode::UNAUTHORIZED {
            bail!("the server does not know this API key: give one with --key or PREGON_KEY");
        }
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let said = [text("detail"), text("remedy")].into_iter().filter(|part| !part.is_empty());
        let mut sentence = said.collect::<Vec<_>>().join(" ");
        if sentence.is_empty() {
            sentence = format!("{} is no Pregón server: look at --server", self.base);
        }
        if let Some(field) = answer["field"].as_str() {
            sentence = format!("{field}: {sentence}");
        }
        bail!("{sentence} (HTTP {status})")
    }
}
