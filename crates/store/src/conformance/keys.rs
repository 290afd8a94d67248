//! API keys.

use pregon_domain::ports::{ApiKey, Store};
use pregon_domain::{Chance, KeyId};

use super::scene::START;

/// Keys are found by hash, listed in order of age, and removed once.
pub async fn a_key_is_found_by_its_hash_until_it_is_removed(store: &dyn Store) {
    let chance = Chance::new(3);
    let key = |name: &str, millis: i64| ApiKey {
        id: KeyId::from_uuid(chance.uuid(super::scene::at(millis))),
        name: name.to_owned(),
        hash: name.as_bytes().repeat(8),
        created_at: START,
    };
    let (one, two) = (key("one", 0), key("two", 1));
    store.add_key(&two).await.unwrap();
    store.add_key(&one).await.unwrap();
    assert!(store.add_key(&one).await.is_err());
    assert_eq!(store.keys().await.unwrap(), [one.clone(), two.clone()]);
    assert_eq!(store.key_by_hash(&two.hash).await.unwrap(), Some(two));
    assert!(store.remove_key(one.id).await.unwrap());
    assert!(!store.remove_key(one.id).await.unwrap());
    assert_eq!(store.key_by_hash(&one.hash).await.unwrap(), None);
}
