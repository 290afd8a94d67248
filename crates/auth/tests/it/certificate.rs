//! Tokens for a certificate: what is signed, and which certificates are taken.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use pregon_auth::{BadCertificate, BotTokens, ClientCertificate, Credential, TokenError, TokenFor, TokenSource};
use pregon_model::{AppId, TenantId};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, PublicKeyData as _, date_time_ymd};
use serde_json::{Value, json};

use crate::service::{EPOCH, Fixed, Service};

const APP: &str = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";

/// A key and a self-signed certificate that is valid in 2026, when the tests play.
struct Own {
    key: KeyPair,
    certificate: rcgen::Certificate,
}

impl Own {
    fn new() -> Self {
        Self::valid((2026, 1), (2027, 3))
    }

    fn valid(from: (i32, u8), until: (i32, u8)) -> Self {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let mut params = CertificateParams::default();
        params.not_before = date_time_ymd(from.0, from.1, 1);
        params.not_after = date_time_ymd(until.0, until.1, 1);
        let certificate = params.self_signed(&key).unwrap();
        Self { key, certificate }
    }

    fn read(&self) -> Result<ClientCertificate, BadCertificate> {
        read(&self.certificate.pem(), &self.key.serialize_pem())
    }

    fn verifies(&self, algorithm: &'static dyn VerificationAlgorithm, assertion: &str) {
        let (message, signature) = assertion.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let key = UnparsedPublicKey::new(algorithm, self.key.subject_public_key_info());
        key.verify(message.as_bytes(), &signature).expect("signed with the certificate's key");
    }
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(EPOCH)
}

fn read(certificates: &str, key: &str) -> Result<ClientCertificate, BadCertificate> {
    ClientCertificate::from_pem(certificates.as_bytes(), key.as_bytes(), now())
}

fn tokens(service: &Service, certificate: ClientCertificate) -> BotTokens {
    BotTokens::new(service.http(), service.endpoints(), AppId::new(APP), certificate)
        .single_tenant(TenantId::new("home.example"))
        .with_clock(service.clock.clone())
        .with_chance(Arc::new(Fixed(0xABC)))
        .with_retries(1, Duration::from_millis(1))
}

/// Header and claims of the assertion in the request number `at`.
fn assertion(service: &Service, at: usize) -> (Value, Value, String) {
    let asked = service.desk.token_requests.lock().unwrap();
    let field = |name: &str| asked[at].1.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    assert_eq!(field("client_assertion_type").unwrap(), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    assert_eq!(field("client_secret"), None);
    let text = field("client_assertion").unwrap();
    let part = |at| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text.split('.').nth(at).unwrap()).unwrap()).unwrap();
    (part(0), part(1), text)
}

#[tokio::test]
async fn the_assertion_is_for_this_login_service_for_ten_minutes_and_signed_by_the_certificate() {
    let service = Service::start().await;
    let own = Own::new();
    tokens(&service, own.read().unwrap()).token(&TokenFor::Connector).await.unwrap();
    let (header, claims, text) = assertion(&service, 0);
    let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA256, own.certificate.der()));
    assert_eq!(header, json!({"typ": "JWT", "alg": "PS256", "x5t#S256": thumbprint}));
    let audience = format!("{}home.example/oauth2/v2.0/token", service.base);
    let id = "00000000000000000000000000000abc";
    let want = json!({"iss": APP, "sub": APP, "aud": audience, "jti": id, "nbf": EPOCH, "exp": EPOCH + 600});
    assert_eq!(claims, want);
    own.verifies(&RSA_PSS_2048_8192_SHA256, &text);
}

#[tokio::test]
async fn the_chain_is_sent_along_and_rs256_is_used_when_wanted() {
    let service = Service::start().await;
    let (own, issuer) = (Own::new(), Own::new());
    let chain = format!("{}{}", own.certificate.pem(), issuer.certificate.pem());
    let certificate = read(&chain, &own.key.serialize_pem()).unwrap().with_chain().with_rs256();
    tokens(&service, certificate).token(&TokenFor::Connector).await.unwrap();
    let (header, _, text) = assertion(&service, 0);
    assert_eq!(header["alg"], "RS256");
    let der = |own: &Own| STANDARD.encode(own.certificate.der());
    assert_eq!(header["x5c"], json!([der(&own), der(&issuer)]));
    own.verifies(&RSA_PKCS1_2048_8192_SHA256, &text);
}

#[tokio::test]
async fn each_request_has_an_assertion_of_its_own() {
    let service = Service::start().await;
    let certificate = Own::new().read().unwrap();
    let tokens = BotTokens::new(service.http(), service.endpoints(), AppId::new(APP), certificate)
        .with_clock(service.clock.clone())
        .with_retries(1, Duration::from_millis(1));
    service.desk.script.lock().unwrap().push_back((503, json!({})));
    tokens.token(&TokenFor::Connector).await.unwrap();
    let id = |at| assertion(&service, at).1["jti"].clone();
    assert_ne!(id(0), id(1), "also when it is tried again");
}

#[test]
fn the_end_of_a_certificate_can_be_read() {
    let credential = Credential::from(Own::new().read().unwrap());
    let first_of_march_2027 = UNIX_EPOCH + Duration::from_hours(24 * (57 * 365 + 14 + 31 + 28));
    assert_eq!(credential.expires_at(), Some(first_of_march_2027));
    let shown = format!("{credential:?}");
    assert!(shown.contains("2027-03-01T00:00:00Z") && !shown.contains("key"), "{shown}");
}

#[tokio::test]
async fn a_certificate_that_expires_while_the_bot_runs_is_not_shown_to_the_login_service() {
    let service = Service::start().await;
    let tokens = tokens(&service, Own::new().read().unwrap());
    tokens.token(&TokenFor::Connector).await.unwrap();
    service.clock.advance(Duration::from_hours(24 * 365));
    let error = tokens.token(&TokenFor::Connector).await.unwrap_err();
    assert!(matches!(&error, TokenError::Certificate(BadCertificate::Expired { .. })), "{error}");
    assert!(error.to_string().contains("2027-03-01T00:00:00Z: register a new one"), "{error}");
    assert_eq!(service.desk.tokens_asked(), 1);
}

#[test]
fn keys_are_read_in_both_forms_and_from_the_certificates_file() {
    let own = Own::new();
    let (certificate, key) = (own.certificate.pem(), own.key.serialize_pem());
    let both = format!("{key}{certificate}");
    assert!(read(&both, &both).is_ok());
    // What PKCS #8 wraps is PKCS #1: 26 bytes of wrapping for a key of 2048 bits.
    let pkcs1 = STANDARD.encode(&own.key.serialize_der()[26..]);
    let pkcs1 = format!("-----BEGIN RSA PRIVATE KEY-----\n{pkcs1}\n-----END RSA PRIVATE KEY-----\n");
    assert_eq!(read(&certificate, &pkcs1).err(), None);
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_at_once() {
    let own = Own::new();
    let (certificate, key) = (own.certificate.pem(), own.key.serialize_pem());
    let other = Own::new().key.serialize_pem();
    let elliptic = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap().serialize_pem();
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let damaged = certificate.replacen("MII", "AAA", 1);
    let cut = certificate.replace("-----END", "");
    for (what, certificate, key, says) in [
        ("nothing", "", "", "there is no certificate"),
        ("a key for a certificate", &key, &key, "there is no certificate"),
        ("no key", &certificate, "", "there is no private key"),
        ("a certificate for a key", &certificate, &certificate, "there is no private key"),
        ("a damaged certificate", &damaged, &key, "the PEM file whole"),
        ("half a certificate", &cut, &key, "the PEM file whole"),
        ("another key", &certificate, &other, "not that of the certificate"),
        ("an elliptic key", &certificate, &elliptic, "not an RSA key"),
        ("an encrypted key", &certificate, &encrypted, "openssl pkey"),
    ] {
        let error = read(certificate, key).unwrap_err().to_string();
        assert!(error.contains(says), "{what}: {error}");
    }
    let later = Own::valid((2026, 10), (2027, 1)).read().unwrap_err();
    assert_eq!(later, BadCertificate::NotYetValid { from: "2026-10-01T00:00:00Z".to_owned() });
    let earlier = Own::valid((2025, 1), (2026, 9)).read().unwrap_err();
    assert_eq!(earlier, BadCertificate::Expired { at: "2026-09-01T00:00:00Z".to_owned() });
}
