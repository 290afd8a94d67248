//! API keys: `pgk_` and 43 characters, stored as SHA-256.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pregon_auth::Secret;
use pregon_domain::ports::{ApiKey, Store, StoreError};
use pregon_domain::{Chance, Clock, KeyId};

use crate::edge::{self, NoRandomness};

/// Begins every key, so that people and secret scanners recognise one.
const PREFIX: &str = "pgk_";
/// Characters after the prefix: 32 bytes in base64url.
const BODY_CHARS: usize = 43;

/// A key could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BootstrapError {
    /// There is nothing to make it of.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes and stores an API key called `name`; returns its secret, which is not kept anywhere.
pub async fn bootstrap_key(
    store: &dyn Store,
    clock: &dyn Clock,
    chance: &Chance,
    name: &str,
) -> Result<Secret, BootstrapError> {
    let (_, secret) = make(store, clock, chance, name).await?;
    Ok(secret)
}

/// Makes and stores a key; its secret is told this once.
pub(crate) async fn make(
    store: &dyn Store,
    clock: &dyn Clock,
    chance: &Chance,
    name: &str,
) -> Result<(ApiKey, Secret), BootstrapError> {
    let secret = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(edge::random_bytes::<32>()?));
    let now = clock.now();
    let id = KeyId::from_uuid(chance.uuid(now));
    let key = ApiKey { id, name: name.to_owned(), hash: sha256(secret.as_bytes()), created_at: now };
    store.add_key(&key).await?;
    Ok((key, Secret::new(secret)))
}

/// The hash to look a presented key up by; `None` when it has not the form of a key.
///
/// The lookup is by hash, so how long it takes tells nothing about any stored secret.
pub(crate) fn hash_of(presented: &str) -> Option<Vec<u8>> {
    let body = presented.strip_prefix(PREFIX)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (body.len() == BODY_CHARS && body.bytes().all(plain)).then(|| sha256(presented.as_bytes()))
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_the_form_of_a_key_is_looked_up() {
        let key = format!("pgk_{}", "aZ0-_".repeat(9).split_at(43).0);
        assert_eq!(hash_of(&key).unwrap().len(), 32);
        for text in ["", "pgk_", &key[1..], &format!("{key}x"), &key.replace('-', "é")] {
            assert_eq!(hash_of(text), None, "{text}");
        }
    }
}
