//! The two documents in which an issuer publishes its keys.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use jsonwebtoken::DecodingKey;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::read::shortened;
use crate::http::read_bounded;
use crate::{BodyError, HttpClient};

/// Longest wait for one document; Teams gives the whole request 15 s.
const FETCH_TIMEOUT: Duration = Duration::from_secs(5);

/// Bound of a document, bytes; the real key set has about 50 kB.
const BODY_LIMIT: usize = 1024 * 1024;

/// Longest address of a key set, bytes; the real ones have about 60. Errors quote it.
const ADDRESS_LIMIT: usize = 2048;

/// One published key.
#[derive(Debug)]
pub(crate) struct SigningKey {
    pub(crate) decoding: DecodingKey,
    /// Channels the key may sign for; those of Entra have none.
    pub(crate) endorsements: Vec<String>,
    /// Entra's keys name whose tokens they sign; `{tenantid}` stands for any tenant.
    pub(crate) issuer: Option<String>,
}

/// Reads the metadata and the keys it names, by their names.
pub(super) async fn fetch(http: &HttpClient, metadata: &Url) -> Result<HashMap<String, Arc<SigningKey>>, FetchError> {
    let named: Metadata = json(&document(http, metadata).await?)?;
    let keys_url = Url::parse(&named.jwks_uri).ok().filter(|url| may_fetch(metadata, url));
    let keys_url = keys_url.ok_or_else(|| FetchError::BadKeyAddress(shortened(&named.jwks_uri)))?;
    Ok(read(&document(http, &keys_url).await?)?)
}

/// Reads a key set: its keys by their names.
pub(super) fn read(document: &[u8]) -> Result<HashMap<String, Arc<SigningKey>>, ReadError> {
    let set: KeySet = json(document)?;
    // One by one: an entry of another shape must not take the keys beside it along.
    let entries = set.keys.into_iter().filter_map(|entry| serde_json::from_value::<Jwk>(entry).ok());
    let keys: HashMap<_, _> = entries.filter_map(Jwk::into_key).collect();
    if keys.is_empty() { Err(ReadError::NoKeys) } else { Ok(keys) }
}

fn json<T: DeserializeOwned>(document: &[u8]) -> Result<T, ReadError> {
    // The reader quotes what it found, whatever its length.
    serde_json::from_slice(document).map_err(|error| ReadError::Json { why: shortened(&error.to_string()) })
}

async fn document(http: &HttpClient, url: &Url) -> Result<Vec<u8>, FetchError> {
    let response = http.get().get(url.clone()).timeout(FETCH_TIMEOUT).send().await.map_err(FetchError::Http)?;
    // Not only an error: a redirect is none of the documents asked for either.
    if response.status() != StatusCode::OK {
        return Err(FetchError::Status(response.status().as_u16()));
    }
    read_bounded(response, BODY_LIMIT).await.map_err(FetchError::Body)
}

/// Keys come from the metadata's own scheme, host and port, or over https, from an address of usual length.
fn may_fetch(metadata: &Url, keys: &Url) -> bool {
    (keys.scheme() == "https" || keys.origin() == metadata.origin()) && keys.as_str().len() <= ADDRESS_LIMIT
}

#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("no answer")]
    Http(#[source] reqwest::Error),
    #[error("answered HTTP {0}")]
    Status(u16),
    #[error("unreadable answer")]
    Body(#[source] BodyError),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the metadata names keys at {0:?}, neither its own host nor https, or too long")]
    BadKeyAddress(String),
}

#[derive(Debug, thiserror::Error)]
pub(super) enum ReadError {
    #[error("it is not the document expected: {why}")]
    Json { why: String },
    #[error("the key set holds no usable RSA key")]
    NoKeys,
}

#[derive(Deserialize)]
struct Metadata {
    jwks_uri: String,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

/// `endorsements` and `issuer` are Microsoft's own; generic key set types drop them.
#[derive(Deserialize)]
struct Jwk {
    kty: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    kid: Option<String>,
    n: Option<String>,
    e: Option<String>,
    #[serde(default)]
    endorsements: Vec<String>,
    issuer: Option<String>,
}

impl Jwk {
    /// `None` for what is no RSA signing key: other kinds may appear and are none of ours.
    fn into_key(self) -> Option<(String, Arc<SigningKey>)> {
        let signs = self.kty.as_deref() == Some("RSA") && self.usage.as_deref().is_none_or(|usage| usage == "sig");
        if !signs {
            return None;
        }
        let decoding = DecodingKey::from_rsa_components(&self.n?, &self.e?).ok()?;
        let key = SigningKey { decoding, endorsements: self.endorsements, issuer: self.issuer };
        Some((self.kid?, Arc::new(key)))
    }
}
