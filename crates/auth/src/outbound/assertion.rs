//! What is signed with a certificate's key.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pregon_model::AppId;
use serde_json::{Value, json};
use url::Url;

use crate::chance::system_random;
use crate::{BadCertificate, ClientCertificate, Secret};

/// Life of an assertion: as long as Microsoft's own libraries give it.
const LIFE: Duration = Duration::from_mins(10);

impl ClientCertificate {
    /// A signed statement that the app asks `token_url`; `id` is never used twice.
    pub(super) fn assertion(
        &self,
        app_id: &AppId,
        token_url: &Url,
        now: SystemTime,
        id: u128,
    ) -> Result<Secret, BadCertificate> {
        self.check(now)?;
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut header = json!({
            "typ": "JWT", "alg": if self.rs256 { "RS256" } else { "PS256" }, "x5t#S256": self.thumbprint,
        });
        if self.sends_chain {
            header["x5c"] = json!(self.chain);
        }
        let claims = json!({
            "iss": app_id, "sub": app_id, "aud": token_url.as_str(), "jti": format!("{id:032x}"),
            "nbf": now.as_secs(), "exp": (now + LIFE).as_secs(),
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(&header), part(&claims));
        let signature = URL_SAFE_NO_PAD.encode(self.sign(message.as_bytes()));
        Ok(Secret::new(format!("{message}.{signature}")))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        let encoding: &'static dyn RsaEncoding = if self.rs256 { &RSA_PKCS1_SHA256 } else { &RSA_PSS_SHA256 };
        let signed = self.key.sign(encoding, &system_random(), message, &mut signature);
        signed.expect("the key was read as an RSA key, and the signature is as long as its modulus");
        signature
    }
}
