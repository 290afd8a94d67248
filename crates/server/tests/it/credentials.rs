//! How a bot may prove itself, as the operator writes it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use pregon_domain::Chance;
use pregon_server::{Config, Parts, Server, SystemClock};
use pregon_store::SqliteStore;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, date_time_ymd};
use tempfile::TempDir;

const APP: &str = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";
const OTHER: &str = "7e2b9d40-1c3a-4f58-9d6e-2a8b5c7f0e13";

/// Certificates, keys and a token, as files.
struct Files {
    dir: TempDir,
}

impl Files {
    fn new() -> Self {
        let files = Self { dir: tempfile::tempdir().unwrap() };
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let certificate = |until| {
            let mut params = CertificateParams::default();
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(until, 1, 1);
            params.self_signed(&key).unwrap().pem()
        };
        let (good, old, key_text) = (certificate(2999), certificate(2021), key.serialize_pem());
        let other = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap().serialize_pem();
        for (name, text) in [
            ("bot.crt", good.as_str()),
            ("old.crt", &old),
            ("bot.key", &key_text),
            ("other.key", &other),
            ("both.pem", &format!("{good}{key_text}")),
            ("token", "a.b.c"),
            ("empty", ""),
        ] {
            std::fs::write(files.path(name), text).unwrap();
        }
        files
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// A bot with these lines; `@name` stands for a file.
    fn bot(&self, name: &str, lines: &str) -> String {
        let lines = lines.replace('@', &format!("{}/", self.dir.path().display()));
        format!("[[bots]]\nname = {name:?}\napp_id = {APP:?}\ntenant = {OTHER:?}\n{lines}\n")
    }
}

#[test]
fn each_mistake_with_a_credential_names_its_key_and_what_to_do() {
    let files = Files::new();
    let certificate = "certificate_file = \"@bot.crt\"\n";
    for (lines, key, says) in [
        ("", "secret", "or set certificate_file, federated_token_file or managed_identity"),
        ("secret = \"\"", "secret", "is empty"),
        ("secret = \"x\"\nsecret_file = \"@token\"", "secret_file", "and secret are both set"),
        ("secret = \"x\"\ncertificate_file = \"@bot.crt\"", "certificate_file", "and secret are both set"),
        ("secret_file = \"@empty\"", "secret", "is empty"),
        ("secret_file = \"@none\"", "secret_file", "cannot be read"),
        ("secret_expires = \"2027-03-01\"\nmanaged_identity = \"@\"", "secret_expires", "needs secret"),
        ("secret = \"x\"\nsecret_expires = \"soon\"", "secret_expires", "secret_expires: "),
        ("secret = \"x\"\ncertificate_key_file = \"@bot.key\"", "certificate_key_file", "needs certificate_file"),
        ("secret = \"x\"\ncertificate_chain = true", "certificate_chain", "needs certificate_file"),
        ("certificate_file = \"@none\"", "certificate_file", "cannot be read"),
        ("certificate_file = \"@token\"", "certificate_file", "there is no certificate"),
        ("certificate_file = \"@bot.crt\"", "certificate_file", "there is no private key"),
        (
            "certificate_file = \"@old.crt\"\ncertificate_key_file = \"@bot.key\"",
            "certificate_file",
            "expired at 2021-01-01T00:00:00Z: register a new one",
        ),
        (&format!("{certificate}certificate_key_file = \"@none\""), "certificate_key_file", "cannot be read"),
        (&format!("{certificate}certificate_key_file = \"@token\""), "certificate_key_file", "there is no private key"),
        (
            &format!("{certificate}certificate_key_file = \"@other.key\""),
            "certificate_key_file",
            "not that of the cert",
        ),
        ("federated_token_file = \"@none\"", "federated_token_file", "cannot be read"),
        ("federated_token_file = \"@token\"\nmanaged_identity = \"x\"", "managed_identity", "are both set"),
        ("managed_identity = \"my-identity\"", "managed_identity", "client id, a GUID"),
        (&format!("managed_identity = {APP:?}\nmulti_tenant = true"), "managed_identity", "single-tenant"),
        (&format!("managed_identity = {OTHER:?}\ncloud = \"emulator\""), "managed_identity", "give its bots a secret"),
    ] {
        let error = Config::parse("pregon.toml", &files.bot("main", lines)).unwrap_err();
        let sentence = error.to_string();
        assert_eq!(error.key, format!("bots.0.{key}"), "{sentence}");
        assert!(sentence.contains(says) && sentence.contains(key), "{sentence}");
    }
}

#[tokio::test]
async fn a_bot_starts_with_each_kind_of_credential() {
    let files = Files::new();
    let bots = [
        "secret = \"x\"\nsecret_expires = \"2027-03-01\"",
        "secret_file = \"@token\"",
        "certificate_file = \"@both.pem\"",
        "certificate_file = \"@bot.crt\"\ncertificate_key_file = \"@bot.key\"\ncertificate_chain = true",
        "federated_token_file = \"@token\"",
        &format!("managed_identity = {:?}", APP.to_uppercase()),
        &format!("managed_identity = {OTHER:?}"),
    ];
    let sections = bots.iter().enumerate().map(|(index, lines)| files.bot(&format!("bot-{index}"), lines));
    let text = format!("[server]\nlisten = \"127.0.0.1:0\"\n{}", sections.collect::<String>());
    let config = Config::parse("pregon.toml", &text).unwrap();
    let store = Arc::new(SqliteStore::open(&files.path("pregon.db")).await.unwrap());
    let parts = Parts { store, clock: Arc::new(SystemClock), chance: Arc::new(Chance::new(7)) };
    let server = Server::start(config, parts).await.unwrap();
    assert!(server.stop(Duration::from_secs(10)).await);
}
