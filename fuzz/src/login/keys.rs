use std::sync::Arc;

use pregon_auth::{Caller, EntraCallers, InboundValidator, Rejected, SigningKeys};
use pregon_model::{Activity, AppId, TenantId};
use serde_json::{Value, json};

use crate::service::{Fixed, Service};

const APP: &str = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";

/// Tokens for this bot, of Teams and of Entra, by a key that was thrown away: its public half is in the
/// corpus, and no key set without it makes them believed.
const OF_TEAMS: &str = include_str!("of_teams.jwt");
const OF_ENTRA: &str = include_str!("of_entra.jwt");

/// The beginning of that key's modulus.
const MODULUS: &str = "0a6wl6aMZ5vh6or7KZWxRKCeXymQAgne3mER44aA";

/// Longest key set read, bytes.
const LIMIT: usize = 1024 * 1024;

pub(super) async fn of_teams(service: &Service) {
    let validator = validator(service);
    check(service, &validator, OF_TEAMS, &Caller::Channel).await;
}

pub(super) async fn of_entra(service: &Service) {
    let keys = SigningKeys::of_entra(service.http.clone(), &service.endpoints).with_clock(Arc::new(Fixed));
    let callers = EntraCallers::of([TenantId::new("5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596")]).with_emulator();
    let validator = validator(service).with_entra(Arc::new(keys), callers);
    check(service, &validator, OF_ENTRA, &Caller::Emulator).await;
}

fn validator(service: &Service) -> InboundValidator {
    let keys = SigningKeys::new(service.http.clone(), &service.endpoints).with_clock(Arc::new(Fixed));
    let endpoints = (*service.endpoints).clone().with_service_host("smba.trafficmanager.net");
    InboundValidator::new(Arc::new(keys), Arc::new(endpoints), AppId::new(APP))
}

/// Checks a token twice: what the first fetch left behind decides the second time.
async fn check(service: &Service, validator: &InboundValidator, token: &str, caller: &Caller) {
    let bodies = service.script.bodies();
    let authorization = format!("Bearer {}", token.trim());
    let activity = json!({"type": "message", "serviceUrl": "https://smba.trafficmanager.net/emea/"});
    let activity: Activity = serde_json::from_value(activity).expect("it is an activity");
    let result = validator.validate(Some(&authorization), &activity).await;
    match &result {
        Ok(vouched) => {
            assert_eq!(&vouched.caller, caller);
            assert!(bodies.iter().any(|body| publishes(body)), "a token is believed by a key out of thin air");
        }
        Err(rejected) => {
            assert!(rejected.to_string().contains(' '), "{rejected:?} says nothing");
            assert_eq!(rejected.status().is_server_error(), *rejected == Rejected::KeysUnavailable);
        }
    }
    assert_eq!(validator.validate(Some(&authorization), &activity).await, result, "at the same moment");
}

fn publishes(body: &[u8]) -> bool {
    let set: Value = serde_json::from_slice(body).unwrap_or_default();
    let keys = set.get("keys").and_then(Value::as_array);
    let own = |key: &Value| key["n"].as_str().is_some_and(|modulus| modulus.contains(MODULUS));
    body.len() <= LIMIT && keys.is_some_and(|keys| keys.iter().any(own))
}
