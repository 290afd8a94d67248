use std::error::Error;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use pregon_auth::{
    AccessToken, BotTokens, ClientCertificate, Clock as _, Credential, FederatedToken, LONGEST_RETRY_AFTER,
    ManagedIdentity, Secret, TokenError, TokenFor, TokenSource as _,
};
use pregon_model::AppId;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use serde_json::Value;
use url::Url;

use crate::service::{Fixed, Service};

/// In every secret of the bot, and in those that the corpus has answered. It holds a character that no
/// code of an error does.
pub(super) const MARK: &str = "hunter2~";

/// Longest answer read, bytes.
const LIMIT: usize = 64 * 1024;

/// Asks twice, so that what the first answer left behind is met.
pub(super) async fn ask(service: &Service, letter: u8) {
    let bodies = service.script.bodies();
    // No second attempt: the pause before it is real time.
    let tokens =
        BotTokens::new(service.http.clone(), Arc::clone(&service.endpoints), app(), credential(service, letter))
            .with_clock(Arc::new(Fixed))
            .with_retries(0, Duration::ZERO);
    for _ in 0..2 {
        let result = tokens.token(&TokenFor::Connector).await;
        let shown = format!("{result:?} {tokens:?}");
        assert!(!shown.contains(MARK), "a secret is shown: {shown}");
        match result {
            Ok(token) => assert!(bodies.iter().any(|body| holds(body, &token)), "a token out of thin air"),
            Err(error) => told(&error, &bodies),
        }
    }
}

fn app() -> AppId {
    AppId::new("3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10")
}

fn secret() -> Secret {
    Secret::new(format!("{MARK}of-the-bot"))
}

fn credential(service: &Service, letter: u8) -> Credential {
    match letter {
        b'c' => CERTIFICATE.clone().into(),
        b'i' => at(&service.base).into(),
        b'a' => {
            let of_app = ManagedIdentity::of_app_service(app().as_str(), service.base.clone(), secret());
            of_app.expect("it may be on loopback").into()
        }
        b'f' => FederatedToken::ManagedIdentity(at(&service.base)).into(),
        _ => secret().into(),
    }
}

fn at(base: &Url) -> ManagedIdentity {
    MACHINE.clone().at(base.clone()).expect("it may be on loopback")
}

/// Made once: it has an HTTP client of its own.
static MACHINE: LazyLock<ManagedIdentity> =
    LazyLock::new(|| ManagedIdentity::of_machine(app().as_str()).expect("a client can be made"));

static CERTIFICATE: LazyLock<ClientCertificate> = LazyLock::new(|| {
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key can be made");
    let certificate = CertificateParams::default().self_signed(&key).expect("it signs itself");
    let (certificate, key) = (certificate.pem(), key.serialize_pem());
    ClientCertificate::from_pem(certificate.as_bytes(), key.as_bytes(), Fixed.now()).expect("they belong together")
});

/// Whether a token is what this answer names as one.
fn holds(body: &[u8], token: &AccessToken) -> bool {
    body.len() <= LIMIT && text(body, "access_token").is_some_and(|text| text == token.expose())
}

fn text(body: &[u8], name: &str) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    Some(body.get(name)?.as_str()?.to_owned())
}

/// What every error must hold.
fn told(error: &TokenError, bodies: &[Vec<u8>]) {
    let mut source: Option<&dyn Error> = Some(error);
    while let Some(error) = source {
        let text = error.to_string();
        assert!(!text.is_empty() && !text.contains(MARK), "{error:?} says {text:?}");
        assert!(!text.chars().any(char::is_control), "{text:?} forges a log line");
        source = error.source();
    }
    assert!(error.is_transient() || error.to_string().contains(": "), "{error} does not say what to do");
    assert!(error.retry_after().is_none_or(|wait| wait <= LONGEST_RETRY_AFTER), "{error:?}");
    if let (TokenError::Refused { refusal }, [body]) = (error, bodies) {
        let described = text(body, "error_description").and_then(|text| numbered(&text));
        assert!(described.is_none() || refusal.aadsts.is_some(), "the reason is lost: {refusal:?}");
    }
}

/// The number Entra puts before its reason.
fn numbered(description: &str) -> Option<u32> {
    let rest = description.strip_prefix("AADSTS")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
