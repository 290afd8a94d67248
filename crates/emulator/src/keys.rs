use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    rsa::{KeyPair, KeySize},
    signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, UnparsedPublicKey},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::lock::lock;

/// No key could be made, or no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CryptoError;

/// One RSA key of an issuer.
pub(crate) struct SigningKey {
    pair: KeyPair,
    id: String,
}

impl SigningKey {
    /// Makes a 2048-bit key: about 100 ms of work.
    pub(crate) fn generate() -> Result<Self, CryptoError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| CryptoError)?;
        let id = BASE64_URL_SAFE_NO_PAD.encode(&digest(&SHA256, pair.public_key().as_ref()).as_ref()[..20]);
        Ok(Self { pair, id })
    }

    /// A compact JWS (RS256) over `claims`.
    #[expect(clippy::disallowed_methods, reason = "this padding draws nothing; the signature asks for a source")]
    fn sign(&self, claims: &Value) -> Result<String, CryptoError> {
        let header = json!({"typ": "JWT", "alg": "RS256", "x5t": self.id, "kid": self.id});
        let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
        let mut token = format!("{}.{}", encode(&header), encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature)
            .map_err(|_| CryptoError)?;
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    fn verifies(&self, signed: &str, signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, self.pair.public_key().as_ref())
            .verify(signed.as_bytes(), signature)
            .is_ok()
    }

    fn jwk(&self) -> Value {
        let public = self.pair.public_key();
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.id, "x5t": self.id,
            "n": BASE64_URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
            "e": BASE64_URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
        })
    }
}

/// The keys of one issuer: the newest signs, all verify and are published.
pub(crate) struct KeyRing(Mutex<Vec<Arc<SigningKey>>>);

impl KeyRing {
    pub(crate) fn new(key: Arc<SigningKey>) -> Self {
        Self(Mutex::new(vec![key]))
    }

    /// Adds a new key, which signs from now on; the last two stay published.
    pub(crate) fn rotate(&self, key: SigningKey) {
        let mut keys = lock(&self.0);
        keys.push(Arc::new(key));
        if keys.len() > 2 {
            keys.remove(0);
        }
    }

    pub(crate) fn sign(&self, claims: &Value) -> Result<String, CryptoError> {
        let newest = lock(&self.0).last().cloned().ok_or(CryptoError)?;
        newest.sign(claims)
    }

    /// The claims of a token one of these keys has signed; says nothing of expiry or audience.
    pub(crate) fn verified_claims(&self, token: &str) -> Option<Value> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header.get("alg").and_then(Value::as_str) != Some("RS256") {
            return None;
        }
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        let keys = lock(&self.0).clone();
        keys.iter().any(|key| key.verifies(signed, &signature)).then_some(())?;
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// The public keys, each with `endorsements` when the issuer has some.
    pub(crate) fn jwks(&self, endorsements: &[&str]) -> Value {
        let keys: Vec<Value> = lock(&self.0)
            .iter()
            .map(|key| {
                let mut jwk = key.jwk();
                if !endorsements.is_empty() {
                    jwk["endorsements"] = json!(endorsements);
                }
                jwk
            })
            .collect();
        json!({ "keys": keys })
    }
}

static ENTRA: OnceLock<Arc<SigningKey>> = OnceLock::new();
static BOT_FRAMEWORK: OnceLock<Arc<SigningKey>> = OnceLock::new();

/// The first keys of both issuers, made once per process, at the same time.
pub(crate) async fn first_keys() -> Result<(Arc<SigningKey>, Arc<SigningKey>), CryptoError> {
    let (entra, bot_framework) =
        (tokio::task::spawn_blocking(|| kept(&ENTRA)), tokio::task::spawn_blocking(|| kept(&BOT_FRAMEWORK)));
    Ok((entra.await.map_err(|_| CryptoError)??, bot_framework.await.map_err(|_| CryptoError)??))
}

fn kept(cell: &OnceLock<Arc<SigningKey>>) -> Result<Arc<SigningKey>, CryptoError> {
    if let Some(key) = cell.get() {
        return Ok(Arc::clone(key));
    }
    let key = Arc::new(SigningKey::generate()?);
    Ok(Arc::clone(cell.get_or_init(|| key)))
}
