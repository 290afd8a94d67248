use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;

/// Longest token looked at, bytes. Entra's have one or two thousand.
const TOKEN_LIMIT: usize = 16 * 1024;

/// What our own token says of itself. Read for a diagnosis only; no other crate and no log sees it.
#[derive(Deserialize)]
pub(super) struct Claims {
    aud: Option<Value>,
    pub(super) iss: Option<String>,
    pub(super) tid: Option<String>,
    /// The app, in a version 1 token.
    appid: Option<String>,
    /// The app, in a version 2 token.
    azp: Option<String>,
    /// Seconds since 1970.
    pub(super) exp: Option<f64>,
    pub(super) nbf: Option<f64>,
}

impl Claims {
    /// The claims, if the token is a JWT.
    pub(super) fn of(token: &str) -> Option<Self> {
        let [_, claims, _] = token.split('.').collect::<Vec<_>>()[..] else { return None };
        let short = claims.len() <= TOKEN_LIMIT;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(short.then_some(claims)?).ok()?).ok()
    }

    pub(super) fn audience(&self) -> Option<&str> {
        self.aud.as_ref().and_then(Value::as_str)
    }

    pub(super) fn app(&self) -> Option<&str> {
        self.appid.as_deref().or(self.azp.as_deref())
    }
}
