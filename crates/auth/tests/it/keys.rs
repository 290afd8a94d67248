use std::error::Error as _;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use futures_util::future::join_all;
use pregon_auth::{InboundValidator, Rejected, SigningKeys};
use pregon_model::{Activity, ActivityKind, AppId, ServiceUrl};
use serde_json::json;

use crate::service::{EPOCH, Service};
use crate::signer::{Signer, part};

const APP: &str = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";

/// Far beyond any key's life, so that only the keys decide.
const FOREVER: u64 = EPOCH + 1_000_000;

struct World {
    service: Service,
    validator: InboundValidator,
}

impl World {
    async fn start() -> Self {
        let service = Service::start().await;
        let keys = SigningKeys::new(service.http(), &service.endpoints()).with_clock(service.clock.clone());
        Self::with_keys(service, keys)
    }

    fn with_keys(service: Service, keys: SigningKeys) -> Self {
        let validator = InboundValidator::new(Arc::new(keys), service.endpoints(), AppId::new(APP));
        Self { service, validator }
    }

    async fn check(&self, signer: &Signer) -> Result<(), Rejected> {
        let service_url = format!("{}emea/", self.service.base);
        let claims =
            json!({"iss": "https://api.botframework.com", "aud": APP, "serviceurl": service_url, "exp": FOREVER});
        let mut activity = Activity::new(ActivityKind::Message);
        activity.service_url = Some(ServiceUrl::new(service_url));
        let authorization = format!("Bearer {}", signer.token(&claims));
        self.validator.validate(Some(&authorization), &activity).await.map(|_| ())
    }

    fn fetches(&self) -> usize {
        self.service.desk.metadata_fetches.load(SeqCst)
    }
}

#[tokio::test]
async fn invented_key_names_cause_one_fetch_a_minute() {
    let world = World::start().await;
    let (known, invented) = (Signer::new("known"), Signer::new("invented"));
    world.service.publish(&[known.jwk(&["msteams"])]);
    assert_eq!(world.check(&known).await, Ok(()));
    assert_eq!(world.fetches(), 1);
    for _ in 0..50 {
        assert_eq!(world.check(&invented).await, Err(Rejected::UnknownKey));
    }
    assert_eq!(world.fetches(), 1, "the first fetch is less than a minute old");
    world.service.clock.advance(Duration::from_secs(61));
    for _ in 0..50 {
        assert_eq!(world.check(&invented).await, Err(Rejected::UnknownKey));
    }
    assert_eq!(world.fetches(), 2);
}

/// A thousand requests at once, each naming a key of its own invention.
async fn storm(validator: &InboundValidator) -> Vec<Rejected> {
    let attack = |n: u32| {
        let validator = validator.clone();
        tokio::spawn(async move {
            let header = part(&json!({"alg": "RS256", "kid": format!("invented-{n}")}));
            let claims = part(&json!({"iss": "https://api.botframework.com"}));
            let authorization = format!("Bearer {header}.{claims}.AAAA");
            validator.validate(Some(&authorization), &Activity::new(ActivityKind::Message)).await.unwrap_err()
        })
    };
    join_all((0..1000).map(attack)).await.into_iter().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_invented_key_names_at_once_cause_one_fetch() {
    let world = World::start().await;
    let known = Signer::new("known");
    world.service.publish(&[known.jwk(&["msteams"])]);
    assert_eq!(world.check(&known).await, Ok(()));
    world.service.clock.advance(Duration::from_secs(61));
    let (refused, honest) = tokio::join!(storm(&world.validator), world.check(&known));
    assert_eq!((refused, honest), (vec![Rejected::UnknownKey; 1000], Ok(())));
    assert_eq!(world.fetches(), 2);
    assert_eq!(world.service.desk.key_fetches.load(SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_requests_cause_one_fetch_while_the_host_of_the_keys_is_down() {
    let world = World::start().await;
    world.service.desk.keys_down.store(true, SeqCst);
    assert_eq!(storm(&world.validator).await, vec![Rejected::KeysUnavailable; 1000]);
    assert_eq!(world.fetches(), 1);
}

#[tokio::test]
async fn a_new_key_of_the_service_is_learnt_within_a_minute() {
    let world = World::start().await;
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    world.service.publish(&[old.jwk(&["msteams"])]);
    assert_eq!(world.check(&old).await, Ok(()));
    world.service.publish(&[old.jwk(&["msteams"]), new.jwk(&["msteams"])]);
    world.service.clock.advance(Duration::from_mins(1));
    assert_eq!(world.check(&new).await, Ok(()));
    assert_eq!(world.fetches(), 2);
}

#[tokio::test]
async fn callers_of_a_cold_start_share_one_fetch() {
    let world = World::start().await;
    let signer = Signer::new("key");
    world.service.publish(&[signer.jwk(&["msteams"])]);
    for result in join_all((0..20).map(|_| world.check(&signer))).await {
        assert_eq!(result, Ok(()));
    }
    assert_eq!(world.fetches(), 1);
}

#[tokio::test]
async fn known_keys_outlive_an_outage_of_their_host() {
    let world = World::start().await;
    let (signer, other) = (Signer::new("key"), Signer::new("other"));
    world.service.publish(&[signer.jwk(&["msteams"])]);
    assert_eq!(world.check(&signer).await, Ok(()));
    world.service.desk.keys_down.store(true, SeqCst);
    world.service.clock.advance(Duration::from_hours(72));
    assert_eq!(world.check(&signer).await, Ok(()));
    assert_eq!(world.fetches(), 2, "old keys are asked for again");
    assert_eq!(world.check(&other).await, Err(Rejected::UnknownKey));
    // An empty or unreadable document is an outage too.
    world.service.desk.keys_down.store(false, SeqCst);
    world.service.publish(&[]);
    world.service.clock.advance(Duration::from_mins(2));
    assert_eq!(world.check(&signer).await, Ok(()));
}

#[tokio::test]
async fn a_withdrawn_key_is_believed_for_a_day_at_most() {
    let world = World::start().await;
    let (old, new) = (Signer::new("old"), Signer::new("new"));
    world.service.publish(&[old.jwk(&["msteams"])]);
    assert_eq!(world.check(&old).await, Ok(()));
    world.service.publish(&[new.jwk(&["msteams"])]);
    world.service.clock.advance(Duration::from_hours(24));
    assert_eq!(world.check(&old).await, Err(Rejected::UnknownKey));
}

#[tokio::test]
async fn with_no_keys_at_all_the_sender_is_asked_to_come_again() {
    let world = World::start().await;
    let signer = Signer::new("key");
    world.service.publish(&[signer.jwk(&["msteams"])]);
    world.service.desk.keys_down.store(true, SeqCst);
    let rejected = world.check(&signer).await.unwrap_err();
    assert_eq!((rejected.status().as_u16(), rejected.code()), (503, "keys_unavailable"));
    world.service.desk.keys_down.store(false, SeqCst);
    world.service.clock.advance(Duration::from_secs(1));
    assert_eq!(world.check(&signer).await, Ok(()));
}

#[tokio::test]
async fn an_entry_of_another_shape_spoils_no_key_beside_it() {
    for odd in [json!("key"), json!(null), json!({"kty": "EC", "kid": 7}), json!({"kty": "RSA", "endorsements": null})]
    {
        let world = World::start().await;
        let signer = Signer::new("key");
        world.service.publish(&[odd.clone(), signer.jwk(&["msteams"]), odd.clone()]);
        assert_eq!(world.check(&signer).await, Ok(()), "{odd}");
    }
}

#[tokio::test]
async fn keys_are_not_fetched_from_an_absurdly_long_address() {
    let world = World::start().await;
    let signer = Signer::new("key");
    world.service.publish(&[signer.jwk(&["msteams"])]);
    let usual = format!("{}v1/.well-known/keys?", world.service.base);
    *world.service.desk.jwks_uri.lock().unwrap() = format!("{usual}{}", "k".repeat(4096));
    assert_eq!(world.check(&signer).await, Err(Rejected::KeysUnavailable));
    assert_eq!(world.service.desk.key_fetches.load(SeqCst), 0);
}

#[tokio::test]
async fn keys_are_not_fetched_from_another_host_in_clear() {
    let world = World::start().await;
    let elsewhere = Service::start().await;
    let signer = Signer::new("key");
    elsewhere.publish(&[signer.jwk(&["msteams"])]);
    *world.service.desk.jwks_uri.lock().unwrap() = format!("{}v1/.well-known/keys", elsewhere.base);
    assert_eq!(world.check(&signer).await, Err(Rejected::KeysUnavailable));
    assert_eq!(elsewhere.desk.key_fetches.load(SeqCst), 0);
}

#[tokio::test]
async fn a_sender_that_hangs_up_does_not_stop_the_fetch() {
    let world = World::start().await;
    let signer = Signer::new("key");
    world.service.publish(&[signer.jwk(&["msteams"])]);
    let gate = world.service.desk.key_gate.acquire_many(100_000).await.unwrap();
    tokio::select! {
        result = world.check(&signer) => panic!("the gate is closed: {result:?}"),
        () = world.service.desk.arrived.notified() => (),
    }
    drop(gate);
    assert_eq!(world.check(&signer).await, Ok(()));
    assert_eq!(world.fetches(), 1);
}

#[tokio::test]
async fn fixed_keys_are_all_there_is_and_never_fetched() {
    let service = Service::start().await;
    let (known, unknown) = (Signer::new("key-1"), Signer::new("key-2"));
    service.publish(&[unknown.jwk(&["msteams"])]);
    let set = json!({"keys": [known.jwk(&["msteams"])]}).to_string();
    let keys = SigningKeys::fixed(set.as_bytes()).unwrap().with_clock(service.clock.clone());
    let world = World::with_keys(service, keys);
    world.service.clock.advance(Duration::from_hours(48));
    assert_eq!(world.check(&known).await, Ok(()));
    assert_eq!(world.check(&unknown).await, Err(Rejected::UnknownKey));
    assert_eq!(world.fetches(), 0);
    for nothing in ["", "{}", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"EC","kid":"a"}]}"#] {
        assert!(SigningKeys::fixed(nothing.as_bytes()).is_err(), "{nothing}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_key_set_is_said_but_not_quoted_whole() {
    let set = json!({"keys": "k".repeat(100_000)}).to_string();
    let bad = SigningKeys::fixed(set.as_bytes()).unwrap_err();
    let why = bad.source().unwrap().to_string();
    assert!(why.contains("invalid type: string") && why.len() < 300, "{why}");
}
