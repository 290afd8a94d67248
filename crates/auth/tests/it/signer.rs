//! Signs tokens as the bot service does, and as it never would.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

pub(crate) struct Signer {
    pub(crate) kid: &'static str,
    key: RsaKeyPair,
}

impl Signer {
    pub(crate) fn new(kid: &'static str) -> Self {
        Self { kid, key: RsaKeyPair::generate(KeySize::Rsa2048).unwrap() }
    }

    /// The public key as DER (`RSAPublicKey`).
    pub(crate) fn public_der(&self) -> &[u8] {
        self.key.public_key().as_ref()
    }

    pub(crate) fn jwk(&self, endorsements: &[&str]) -> Value {
        // A 2048-bit RSAPublicKey: sequence, 257-byte integer with a leading zero, 3-byte integer.
        let der = self.public_der();
        assert_eq!((der.len(), &der[4..9]), (270, &[2, 0x82, 1, 1, 0][..]));
        let (n, e) = (encode(&der[9..265]), encode(&der[267..]));
        json!({"kty": "RSA", "use": "sig", "kid": self.kid, "n": n, "e": e, "endorsements": endorsements})
    }

    pub(crate) fn header(&self) -> Value {
        json!({"alg": "RS256", "typ": "JWT", "kid": self.kid})
    }

    pub(crate) fn token(&self, claims: &Value) -> String {
        self.sign(&self.header(), claims)
    }

    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_parts(&RSA_PKCS1_SHA256, &part(header), &part(claims))
    }

    pub(crate) fn sign_sha512(&self, header: &Value, claims: &Value) -> String {
        self.sign_parts(&RSA_PKCS1_SHA512, &part(header), &part(claims))
    }

    pub(crate) fn sign_text(&self, header: &str, claims: &str) -> String {
        self.sign_parts(&RSA_PKCS1_SHA256, header, claims)
    }

    #[expect(clippy::disallowed_methods, reason = "this padding draws nothing; the signature asks for a source")]
    fn sign_parts(&self, encoding: &'static dyn RsaEncoding, header: &str, claims: &str) -> String {
        let message = format!("{header}.{claims}");
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
        format!("{message}.{}", encode(&signature))
    }
}

/// The classic confusion: the public key, which everybody has, used as a shared secret.
pub(crate) fn sign_hmac(secret: &[u8], header: &Value, claims: &Value) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

pub(crate) fn part(value: &Value) -> String {
    encode(value.to_string().as_bytes())
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
