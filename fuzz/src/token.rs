use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pregon_auth::{Clock, Endpoints, InboundValidator, SigningKeys};
use pregon_model::{Activity, AppId};
use serde_json::json;
use tokio::runtime::Runtime;

const APP: &str = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";

/// An `Authorization` header, or the claims of a token that this signs with a known key, so that what
/// stands behind the signature is reached too. The first byte says which.
pub fn token(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let authorization = match kind % 2 {
        0 => String::from_utf8_lossy(rest).into_owned(),
        _ => WORLD.signed(rest),
    };
    let validated = WORLD.validator.validate(Some(&authorization), &WORLD.activity);
    match WORLD.runtime.block_on(validated) {
        Ok(vouched) => assert_eq!(vouched.app_id.as_str(), APP),
        Err(rejected) => assert!(!rejected.code().is_empty() && rejected.status().as_u16() >= 400),
    }
}

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// A bot, and the one key that signs for it.
struct World {
    key: RsaKeyPair,
    validator: InboundValidator,
    activity: Activity,
    runtime: Runtime,
}

impl World {
    fn new() -> Self {
        let key = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key can be made");
        let keys = SigningKeys::fixed(&key_set(&key)).expect("it is a key set").with_clock(Arc::new(Fixed));
        let activity = json!({
            "type": "message", "channelId": "msteams", "recipient": {"id": format!("28:{APP}")},
            "serviceUrl": "https://smba.trafficmanager.net/emea/",
        });
        Self {
            key,
            validator: InboundValidator::new(Arc::new(keys), Arc::new(Endpoints::public()), AppId::new(APP)),
            activity: serde_json::from_value(activity).expect("it is an activity"),
            runtime: tokio::runtime::Builder::new_current_thread().build().expect("a runtime"),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this padding draws nothing; the signature asks for a source")]
    fn signed(&self, claims: &[u8]) -> String {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT","kid":"key-1"}"#);
        let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        let signed = self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature);
        signed.expect("the key signs");
        format!("Bearer {message}.{}", URL_SAFE_NO_PAD.encode(&signature))
    }
}

/// Stands still, so that an input means the same on every day.
#[derive(Debug)]
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_790_000_000)
    }
}

fn key_set(key: &RsaKeyPair) -> Vec<u8> {
    // A 2048-bit RSAPublicKey: sequence, 257-byte integer with a leading zero, 3-byte integer.
    let der = key.public_key().as_ref();
    let (n, e) = (URL_SAFE_NO_PAD.encode(&der[9..265]), URL_SAFE_NO_PAD.encode(&der[267..]));
    let key = json!({"kty": "RSA", "use": "sig", "kid": "key-1", "n": n, "e": e, "endorsements": ["msteams"]});
    json!({"keys": [key]}).to_string().into_bytes()
}
