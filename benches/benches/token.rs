//! Checking an inbound token: everything a request goes through, against its RS256 signature alone.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use criterion::{Criterion, Throughput};
use pregon_auth::{Clock, Endpoints, InboundValidator, SigningKeys};
use pregon_benches::{criterion, print_ratio};
use pregon_model::{Activity, AppId};
use serde_json::json;

const MESSAGE: &[u8] = include_bytes!("message.json");
const APP: &str = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";
const NOW: u64 = 1_790_000_000;

/// Stands still, so that the token stays valid.
#[derive(Debug)]
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW)
    }
}

fn check(criterion: &mut Criterion) {
    let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key can be made");
    let (signed, signature) = token(&key);
    let authorization = format!("Bearer {signed}.{}", URL_SAFE_NO_PAD.encode(&signature));
    let activity: Activity = serde_json::from_slice(MESSAGE).expect("the message is an activity");
    let endpoints = Arc::new(Endpoints::public());
    let keys = SigningKeys::fixed(&key_set(&key)).expect("the key set is one").with_clock(Arc::new(Fixed));
    let validator = InboundValidator::new(Arc::new(keys), endpoints, AppId::new(APP));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime can be made");
    let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.public_key().as_ref());

    let mut group = criterion.benchmark_group("token");
    group.throughput(Throughput::Elements(1));
    group.bench_function("validate", |b| {
        b.iter(|| {
            let vouched = runtime.block_on(validator.validate(Some(black_box(&authorization)), &activity));
            assert!(vouched.is_ok(), "{vouched:?}");
        });
    });
    group.bench_function("rs256", |b| {
        b.iter(|| public.verify(black_box(signed.as_bytes()), &signature).expect("the signature is right"));
    });
    group.finish();
}

/// A token as Teams sends it: what is signed, and the signature.
#[expect(clippy::disallowed_methods, reason = "this padding draws nothing; the signature asks for a source")]
fn token(key: &RsaKeyPair) -> (String, Vec<u8>) {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(json!({"alg": "RS256", "typ": "JWT", "kid": "key-1", "x5t": "key-1"}));
    let claims = part(json!({
        "iss": "https://api.botframework.com", "aud": APP, "nbf": NOW - 60, "exp": NOW + 3600,
        "serviceurl": "https://smba.trafficmanager.net/emea/",
    }));
    let signed = format!("{header}.{claims}");
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("the key signs");
    (signed, signature)
}

/// The published key set, as the metadata's `jwks_uri` gives it.
fn key_set(key: &RsaKeyPair) -> Vec<u8> {
    // A 2048-bit RSAPublicKey: sequence, 257-byte integer with a leading zero, 3-byte integer.
    let der = key.public_key().as_ref();
    let (n, e) = (URL_SAFE_NO_PAD.encode(&der[9..265]), URL_SAFE_NO_PAD.encode(&der[267..]));
    let key = json!({"kty": "RSA", "use": "sig", "kid": "key-1", "n": n, "e": e, "endorsements": ["msteams"]});
    json!({"keys": [key]}).to_string().into_bytes()
}

fn main() {
    let mut criterion = criterion();
    check(&mut criterion);
    criterion.final_summary();
    print_ratio("token", "validate", "rs256");
}
