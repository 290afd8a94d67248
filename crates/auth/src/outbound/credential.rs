use std::time::SystemTime;

use crate::{ClientCertificate, FederatedToken, ManagedIdentity, Secret};

/// How a bot proves to Entra that it is the bot.
///
/// | kind | needs | take it when |
/// |---|---|---|
/// | [`ManagedIdentity`] | a bot of the kind `UserAssignedMSI`, running in Azure | nothing is to be kept or renewed |
/// | [`FederatedToken`] | a trust set up in the app registration | it runs in Kubernetes, or in Azure as another kind of bot |
/// | [`ClientCertificate`] | a key and a certificate | it runs anywhere else |
/// | [`ClientSecret`] | a text | for development: it is easily copied, and expires unannounced |
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credential {
    /// A text that Entra knows too.
    Secret(ClientSecret),
    /// A private key whose certificate Entra knows.
    Certificate(ClientCertificate),
    /// A token of an issuer that the app registration trusts.
    FederatedToken(FederatedToken),
    /// What Azure vouches for.
    ManagedIdentity(ManagedIdentity),
}

impl Credential {
    /// When it ends and a new one must have been configured; `None` where that is not known, or where
    /// the platform renews it.
    pub fn expires_at(&self) -> Option<SystemTime> {
        match self {
            Self::Secret(secret) => secret.expires_at,
            Self::Certificate(certificate) => Some(certificate.expires_at()),
            Self::FederatedToken(_) | Self::ManagedIdentity(_) => None,
        }
    }
}

/// A client secret, and when it ends if the operator wrote that down.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use pregon_auth::{ClientSecret, Credential, Secret};
///
/// let ends = UNIX_EPOCH + Duration::from_hours(24 * 21_184);
/// let secret = ClientSecret::new(Secret::new("its value, not its id")).expiring(ends);
/// let credential = Credential::from(secret);
/// assert_eq!(credential.expires_at(), Some(ends));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSecret {
    secret: Secret,
    expires_at: Option<SystemTime>,
}

impl ClientSecret {
    /// The secret's value, not its id.
    pub fn new(secret: Secret) -> Self {
        Self { secret, expires_at: None }
    }

    pub(super) fn value(&self) -> &Secret {
        &self.secret
    }

    /// Ends then, as the app registration shows it: Entra does not tell the bot.
    #[must_use]
    pub fn expiring(self, at: SystemTime) -> Self {
        Self { expires_at: Some(at), ..self }
    }
}

impl From<Secret> for Credential {
    fn from(secret: Secret) -> Self {
        Self::Secret(ClientSecret::new(secret))
    }
}

impl From<ClientSecret> for Credential {
    fn from(secret: ClientSecret) -> Self {
        Self::Secret(secret)
    }
}

impl From<ClientCertificate> for Credential {
    fn from(certificate: ClientCertificate) -> Self {
        Self::Certificate(certificate)
    }
}

impl From<FederatedToken> for Credential {
    fn from(token: FederatedToken) -> Self {
        Self::FederatedToken(token)
    }
}

impl From<ManagedIdentity> for Credential {
    fn from(identity: ManagedIdentity) -> Self {
        Self::ManagedIdentity(identity)
    }
}
