use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::{BoxError, Endpoints, ManagedIdentity, Secret, TokenError};

/// Longest token read from a file, bytes.
const FILE_LIMIT: u64 = 64 * 1024;

/// A token of an issuer that the app registration trusts, exchanged for one of Entra.
///
/// Source: Microsoft Learn, "Workload identity federation" and "Configure an application to trust a
/// managed identity".
///
/// ```
/// use pregon_auth::{Credential, FederatedToken};
///
/// // Azure's webhook in Kubernetes mounts it and names it in AZURE_FEDERATED_TOKEN_FILE.
/// let file = "/var/run/secrets/azure/tokens/azure-identity-token";
/// let credential = Credential::from(FederatedToken::File(file.into()));
/// assert_eq!(credential.expires_at(), None);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FederatedToken {
    /// A file that the platform keeps fresh; it is read again for every renewal.
    File(PathBuf),
    /// The token of a managed identity that the app trusts.
    ManagedIdentity(ManagedIdentity),
}

/// Why a federated token cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadFederatedToken {
    /// There is no such file, or it may not be read.
    #[error("the federated token file {} cannot be read: is the token mounted there?", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: BoxError,
    },
    /// The file holds nothing.
    #[error("the federated token file {} is empty: does its issuer keep it fresh?", .path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file holds something else.
    #[error("the file {} holds no token: is this the right file?", .path.display())]
    NotAToken {
        /// The file.
        path: PathBuf,
    },
}

impl FederatedToken {
    /// The token as it is now.
    pub(super) async fn read(&self, endpoints: &Endpoints, now: SystemTime) -> Result<Secret, TokenError> {
        match self {
            Self::File(path) => Ok(read_file(path).await?),
            Self::ManagedIdentity(identity) => {
                let grant = identity.request(endpoints.token_exchange(), now).await?;
                Ok(Secret::new(grant.token.expose()))
            }
        }
    }
}

async fn read_file(path: &Path) -> Result<Secret, BadFederatedToken> {
    let unreadable =
        |error: io::Error| BadFederatedToken::Unreadable { path: path.to_owned(), source: Arc::new(error) };
    let file = path.to_owned();
    // The file may be on a network: no other task waits for it.
    let read = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        // One byte more than allowed tells a file that is too long.
        File::open(file)?.take(FILE_LIMIT + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    let bytes = read.await.map_err(|error| unreadable(error.into()))?.map_err(unreadable)?;
    let token = bytes.trim_ascii();
    if token.is_empty() {
        return Err(BadFederatedToken::Empty { path: path.to_owned() });
    }
    let plain = token.iter().all(u8::is_ascii_graphic) && bytes.len() as u64 <= FILE_LIMIT;
    let text = std::str::from_utf8(token).ok().filter(|_| plain);
    text.map(Secret::new).ok_or_else(|| BadFederatedToken::NotAToken { path: path.to_owned() })
}
