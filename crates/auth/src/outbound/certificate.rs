use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use x509_cert::Certificate;
use x509_cert::der::{DateTime, Decode as _};

/// A certificate that is registered for the app, and its private key.
///
/// ```no_run
/// use std::time::SystemTime;
/// use pregon_auth::{ClientCertificate, Clock, Credential, SystemClock};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let (certificate, key) = (std::fs::read("bot.crt")?, std::fs::read("bot.key")?);
/// let certificate = ClientCertificate::from_pem(&certificate, &key, SystemClock.now())?;
/// let credential = Credential::from(certificate);
/// println!("to be replaced before {:?}", credential.expires_at());
/// # Ok(())
/// # }
/// ```
///
/// Source: Microsoft Learn, "Microsoft identity platform application authentication certificate
/// credentials".
#[derive(Clone)]
pub struct ClientCertificate {
    pub(super) key: Arc<RsaKeyPair>,
    /// SHA-256 of the certificate, base64url: how Entra finds the registered one.
    pub(super) thumbprint: String,
    /// The certificates as DER, base64, the bot's own first.
    pub(super) chain: Vec<String>,
    starts_at: DateTime,
    ends_at: DateTime,
    /// Whether the certificates are sent along.
    pub(super) sends_chain: bool,
    /// Whether it signs with RS256 instead of PS256.
    pub(super) rs256: bool,
}

/// Why a certificate or its key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadCertificate {
    /// The text holds no certificate.
    #[error("there is no certificate: expected PEM, from -----BEGIN CERTIFICATE----- on")]
    NoCertificate,
    /// It holds one that cannot be read.
    #[error("the certificate cannot be read: is the PEM file whole?")]
    Unreadable,
    /// The text holds no private key.
    #[error("there is no private key: expected PEM, from -----BEGIN PRIVATE KEY----- on")]
    NoKey,
    /// The key is behind a password.
    #[error("the private key is encrypted: decrypt it with `openssl pkey`, and protect the file instead")]
    EncryptedKey,
    /// The key is damaged, too short or of another kind.
    #[error("the private key is not an RSA key of 2048 bits or more: Entra takes no other kind")]
    BadKey,
    /// They do not belong together.
    #[error("the private key is not that of the certificate: put the bot's own certificate first, and check the files")]
    Mismatch,
    /// It is valid later.
    #[error("the certificate is not valid before {from}: is this machine's clock right?")]
    NotYetValid {
        /// Beginning of its life, UTC.
        from: String,
    },
    /// It was valid earlier.
    #[error("the certificate expired at {at}: register a new one for the app and configure it")]
    Expired {
        /// End of its life, UTC.
        at: String,
    },
}

impl BadCertificate {
    /// Whether the private key is at fault; otherwise it is the certificate.
    pub fn is_of_key(&self) -> bool {
        matches!(self, Self::NoKey | Self::EncryptedKey | Self::BadKey | Self::Mismatch)
    }
}

impl ClientCertificate {
    /// Reads a certificate, with those that signed it behind it if wanted, and its private key (PKCS #8
    /// or PKCS #1), both in PEM and possibly in the same text. It must be valid at `now`.
    ///
    /// # Errors
    /// Each one says what to do about the files.
    pub fn from_pem(certificates: &[u8], key: &[u8], now: SystemTime) -> Result<Self, BadCertificate> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<_, _>>()
            .map_err(|_| BadCertificate::Unreadable)?;
        let own = chain.first().ok_or(BadCertificate::NoCertificate)?;
        let parsed = Certificate::from_der(own).map_err(|_| BadCertificate::Unreadable)?;
        let parsed = parsed.tbs_certificate();
        let key = read_key(key)?;
        let public = parsed.subject_public_key_info().subject_public_key.raw_bytes();
        if public != key.public_key().as_ref() {
            return Err(BadCertificate::Mismatch);
        }
        let certificate = Self {
            key: Arc::new(key),
            thumbprint: URL_SAFE_NO_PAD.encode(digest(&SHA256, own)),
            chain: chain.iter().map(|certificate| STANDARD.encode(certificate)).collect(),
            starts_at: parsed.validity().not_before.to_date_time(),
            ends_at: parsed.validity().not_after.to_date_time(),
            sends_chain: false,
            rs256: false,
        };
        certificate.check(now)?;
        Ok(certificate)
    }

    /// Sends the certificates along, for an app that trusts a subject name and issuer instead of one
    /// certificate: then a renewed certificate need not be registered.
    #[must_use]
    pub fn with_chain(self) -> Self {
        Self { sends_chain: true, ..self }
    }

    /// Signs with RS256 instead of PS256, for a login service that does not know the newer.
    #[must_use]
    pub fn with_rs256(self) -> Self {
        Self { rs256: true, ..self }
    }

    /// End of its life: a new one must be registered and configured before.
    pub fn expires_at(&self) -> SystemTime {
        self.ends_at.to_system_time()
    }

    pub(super) fn check(&self, now: SystemTime) -> Result<(), BadCertificate> {
        if now < self.starts_at.to_system_time() {
            return Err(BadCertificate::NotYetValid { from: self.starts_at.to_string() });
        }
        if now >= self.expires_at() {
            return Err(BadCertificate::Expired { at: self.ends_at.to_string() });
        }
        Ok(())
    }
}

fn read_key(pem: &[u8]) -> Result<RsaKeyPair, BadCertificate> {
    let holds = |mark: &[u8]| pem.windows(mark.len()).any(|window| window == mark);
    if holds(b"-----BEGIN ENCRYPTED PRIVATE KEY") || holds(b"Proc-Type: 4,ENCRYPTED") {
        return Err(BadCertificate::EncryptedKey);
    }
    let key = match PrivateKeyDer::from_pem_slice(pem).map_err(|_| BadCertificate::NoKey)? {
        PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).ok(),
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()).ok(),
        _ => None,
    };
    key.ok_or(BadCertificate::BadKey)
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends_at = format_args!("{}", self.ends_at);
        f.debug_struct("ClientCertificate")
            .field("thumbprint", &self.thumbprint)
            .field("ends_at", &ends_at)
            .finish_non_exhaustive()
    }
}
