use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Rejected;

/// Longest token looked at, bytes. Those of Teams have about a thousand.
const TOKEN_LIMIT: usize = 16 * 1024;

/// A signed token taken apart; nothing in it is believed yet.
#[derive(Debug)]
pub(crate) struct Bearer<'a> {
    /// What was signed: header and claims as they came.
    pub(crate) signed: &'a str,
    /// The signature, base64url.
    pub(crate) signature: &'a str,
    /// Name of the key that signed.
    pub(crate) kid: String,
    /// What it says of itself. Until the signature was found right, good for choosing a key only.
    pub(crate) claims: Claims,
}

/// A key or an address of one in the header (`jwk`, `jku`, `x5c`, `x5u`) is not read: whoever forges a
/// token brings his own.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    /// Kind of the content, where that is another token.
    cty: Option<String>,
    /// Extensions the reader must understand; none are (RFC 7515 §4.1.11).
    crit: Option<Value>,
}

/// The claims of an inbound token.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: Option<String>,
    pub(crate) aud: Option<Value>,
    pub(crate) exp: Option<f64>,
    pub(crate) nbf: Option<f64>,
    /// Lower case on the wire.
    pub(crate) serviceurl: Option<String>,
    /// As the documentation spells it.
    #[serde(rename = "serviceUrl")]
    pub(crate) service_url: Option<String>,
    /// Version of a token of Entra.
    pub(crate) ver: Option<String>,
    /// Its tenant.
    pub(crate) tid: Option<String>,
    /// Its holder, in version 1.0.
    pub(crate) appid: Option<String>,
    /// Its holder, in version 2.0.
    pub(crate) azp: Option<String>,
}

impl<'a> Bearer<'a> {
    /// Takes an `Authorization` header apart.
    pub(crate) fn read(authorization: Option<&'a str>) -> Result<Self, Rejected> {
        let authorization = authorization.ok_or(Rejected::Missing)?;
        let (scheme, token) = authorization.split_once(' ').unwrap_or((authorization, ""));
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Rejected::NotBearer);
        }
        let token = token.trim();
        if token.len() > TOKEN_LIMIT {
            return Err(Rejected::Oversized { limit: TOKEN_LIMIT });
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Rejected::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(Rejected::Malformed)?;
        let header: Header = json(header)?;
        if header.alg != "RS256" {
            return Err(Rejected::Algorithm);
        }
        if header.typ.is_some_and(|typ| !typ.eq_ignore_ascii_case("JWT")) {
            return Err(Rejected::Type);
        }
        if header.cty.is_some() {
            return Err(Rejected::Nested);
        }
        if claims.contains('.') || header.crit.is_some() || URL_SAFE_NO_PAD.decode(signature).is_err() {
            return Err(Rejected::Malformed);
        }
        let kid = header.kid.ok_or(Rejected::UnknownKey)?;
        Ok(Self { signed, signature, kid, claims: json(claims)? })
    }
}

/// Reads one part: base64url without padding, then a JSON object.
fn json<T: DeserializeOwned>(part: &str) -> Result<T, Rejected> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| Rejected::Malformed)?;
    // The reader would also take a list, field by field.
    if !bytes.starts_with(b"{") {
        return Err(Rejected::Malformed);
    }
    serde_json::from_slice(&bytes).map_err(|_| Rejected::Malformed)
}
