//! How a bot proves itself: exactly one of several ways, made from files and ids of the configuration.

use std::path::Path;
use std::time::SystemTime;

use jiff::tz::TimeZone;
use pregon_auth::{ClientCertificate, ClientSecret, Credential, FederatedToken, ManagedIdentity, Secret};
use pregon_model::is_guid;

use super::{BotConfig, CloudName};

/// A credential of the configuration cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} {what}")]
pub(crate) struct BadCredential {
    /// The key of the bot's section.
    pub(crate) key: &'static str,
    /// What is wrong with it and what to do.
    pub(crate) what: String,
}

fn bad(key: &'static str, what: impl Into<String>) -> BadCredential {
    BadCredential { key, what: what.into() }
}

impl BotConfig {
    /// The bot's credential, from files where they are named; certificates must be valid at `now`.
    pub(crate) fn credential(&self, now: SystemTime) -> Result<Credential, BadCredential> {
        self.only_credential()?;
        if let Some(path) = &self.certificate_file {
            return self.certificate(path, now);
        }
        if let Some(path) = &self.federated_token_file {
            read("federated_token_file", path)?;
            return Ok(FederatedToken::File(path.clone()).into());
        }
        match &self.managed_identity {
            Some(client_id) => self.managed_identity(client_id),
            None => self.client_secret(),
        }
    }

    /// The one key that names a credential, and no key of another kind beside it.
    fn only_credential(&self) -> Result<&'static str, BadCredential> {
        let keys = [
            ("secret", self.secret.is_some()),
            ("secret_file", self.secret_file.is_some()),
            ("certificate_file", self.certificate_file.is_some()),
            ("federated_token_file", self.federated_token_file.is_some()),
            ("managed_identity", self.managed_identity.is_some()),
        ];
        let mut set = keys.into_iter().filter_map(|(key, set)| set.then_some(key));
        let missing = "is missing: set it by the environment, secret_file or here; or set certificate_file, \
                       federated_token_file or managed_identity";
        let only = set.next().ok_or_else(|| bad("secret", missing))?;
        if let Some(second) = set.next() {
            return Err(bad(second, format!("and {only} are both set: keep one")));
        }
        let of_secret = matches!(only, "secret" | "secret_file");
        for (key, set, fits, needs) in [
            ("secret_expires", self.secret_expires.is_some(), of_secret, "secret or secret_file"),
            (
                "certificate_key_file",
                self.certificate_key_file.is_some(),
                only == "certificate_file",
                "certificate_file",
            ),
            ("certificate_chain", self.certificate_chain, only == "certificate_file", "certificate_file"),
        ] {
            if set && !fits {
                return Err(bad(key, format!("needs {needs}")));
            }
        }
        if self.cloud == CloudName::Emulator && !of_secret {
            return Err(bad(only, "is not known to the emulator: give its bots a secret"));
        }
        Ok(only)
    }

    /// Checks the credential, and takes the secret from its file.
    pub(super) fn check_credential(&mut self, now: SystemTime) -> Result<(), BadCredential> {
        self.only_credential()?;
        if let Some(path) = self.secret_file.take() {
            let text = String::from_utf8(read("secret_file", &path)?)
                .map_err(|_| bad("secret_file", format!("{} is no text", path.display())))?;
            self.secret = Some(Secret::new(text.trim_end_matches(['\r', '\n'])));
        }
        self.credential(now).map(|_| ())
    }

    fn client_secret(&self) -> Result<Credential, BadCredential> {
        let text = self.secret.clone().filter(|secret| !secret.expose().is_empty());
        let secret = ClientSecret::new(text.ok_or_else(|| bad("secret", "is empty"))?);
        let Some(day) = self.secret_expires else { return Ok(secret.into()) };
        let ends = day.to_zoned(TimeZone::UTC).map_err(|error| bad("secret_expires", error.to_string()))?;
        Ok(secret.expiring(ends.timestamp().into()).into())
    }

    fn certificate(&self, path: &Path, now: SystemTime) -> Result<Credential, BadCredential> {
        let (key, key_path) = match &self.certificate_key_file {
            Some(path) => ("certificate_key_file", path.as_path()),
            None => ("certificate_file", path),
        };
        let certificates = read("certificate_file", path)?;
        let certificate = ClientCertificate::from_pem(&certificates, &read(key, key_path)?, now).map_err(|error| {
            let (key, path) = if error.is_of_key() { (key, key_path) } else { ("certificate_file", path) };
            bad(key, format!("{}: {error}", path.display()))
        })?;
        Ok(if self.certificate_chain { certificate.with_chain() } else { certificate }.into())
    }

    fn managed_identity(&self, client_id: &str) -> Result<Credential, BadCredential> {
        let wrong = |what: String| bad("managed_identity", what);
        if !is_guid(client_id) {
            return Err(wrong(format!("{client_id:?} is no id: write the identity's client id, a GUID")));
        }
        let identity = ManagedIdentity::from_env(client_id, |name| std::env::var(name).ok())
            .map_err(|error| wrong(format!("cannot be used: {error}")))?;
        if !client_id.eq_ignore_ascii_case(&self.app_id) {
            return Ok(FederatedToken::ManagedIdentity(identity).into());
        }
        if self.multi_tenant {
            return Err(wrong("is the app id, and such a bot is single-tenant: set tenant, not multi_tenant".into()));
        }
        Ok(identity.into())
    }
}

/// A file that must be there when the server starts.
fn read(key: &'static str, path: &Path) -> Result<Vec<u8>, BadCredential> {
    std::fs::read(path).map_err(|error| bad(key, format!("{} cannot be read: {error}", path.display())))
}
