use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use pregon_auth::{AccessToken, BotTokens, Refusal, Secret, TokenError, TokenFor, TokenSource};
use pregon_model::{AppId, TenantId};
use serde_json::json;

use crate::service::{Fixed, Service};

const SECRET: &str = "hunter2-hunter2";

fn credentials(service: &Service) -> BotTokens {
    BotTokens::new(service.http(), service.endpoints(), AppId::new("app"), Secret::new(SECRET))
        .with_clock(service.clock.clone())
        .with_chance(Arc::new(Fixed(0)))
        .with_retries(2, Duration::from_millis(1))
}

fn token(text: &str) -> AccessToken {
    AccessToken::new(text)
}

fn wrong_secret() -> (u16, serde_json::Value) {
    let description = format!("AADSTS7000215: Invalid client secret provided: {SECRET}.\r\nTrace ID: abc");
    (
        401,
        json!({"error": "invalid_client", "error_description": description, "error_codes": [7_000_215], "trace_id": "trace-1"}),
    )
}

#[tokio::test]
async fn each_target_is_asked_for_at_its_own_tenant_with_its_own_scope() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    let graph = TokenFor::Graph(TenantId::new("customer"));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-1"));
    assert_eq!(tokens.token(&graph).await.unwrap(), token("token-2"));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-1"));
    let single = credentials(&service).single_tenant(TenantId::new("home.example"));
    single.token(&TokenFor::Connector).await.unwrap();

    let asked = service.desk.token_requests.lock().unwrap().clone();
    let field = |at: usize, name: &str| asked[at].1.iter().find(|(key, _)| key == name).unwrap().1.clone();
    let tenants: Vec<_> = asked.iter().map(|(tenant, _)| tenant.as_str()).collect();
    assert_eq!(tenants, ["botframework.com", "customer", "home.example"]);
    assert_eq!(field(0, "scope"), "https://api.botframework.com/.default");
    assert_eq!(field(1, "scope"), "https://graph.microsoft.com/.default");
    assert_eq!(field(0, "grant_type"), "client_credentials");
    assert_eq!((field(0, "client_id").as_str(), field(0, "client_secret").as_str()), ("app", SECRET));
}

#[tokio::test]
async fn callers_without_a_token_share_one_request() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    let results = join_all((0..50).map(|_| tokens.token(&TokenFor::Connector))).await;
    assert!(results.into_iter().all(|result| result.unwrap() == token("token-1")));
    assert_eq!(service.desk.tokens_asked(), 1);
}

#[tokio::test]
async fn callers_share_a_failure_too() {
    let service = Service::start().await;
    let tokens = credentials(&service).with_retries(0, Duration::ZERO);
    service.desk.script.lock().unwrap().push_back((503, json!({})));
    let results = join_all((0..20).map(|_| tokens.token(&TokenFor::Connector))).await;
    assert!(results.iter().all(|result| matches!(result, Err(TokenError::Unavailable { status: 503, .. }))));
    assert_eq!(service.desk.tokens_asked(), 1);
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-2"), "a transient failure is not kept");
}

#[tokio::test]
async fn a_token_is_renewed_when_less_than_five_minutes_remain() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    tokens.token(&TokenFor::Connector).await.unwrap();
    service.clock.advance(Duration::from_secs(3599 - 301));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-1"));
    service.clock.advance(Duration::from_secs(2));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-2"));
}

#[tokio::test]
async fn bots_that_start_together_renew_at_moments_of_their_own() {
    let service = Service::start().await;
    for (draw, used_for) in [(0, 3299), (u128::MAX / 2, 3149), (u128::MAX, 2999)] {
        let tokens = credentials(&service).with_chance(Arc::new(Fixed(draw)));
        let first = tokens.token(&TokenFor::Connector).await.unwrap();
        service.clock.advance(Duration::from_secs(used_for - 1));
        assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), first, "{used_for}");
        service.clock.advance(Duration::from_secs(2));
        assert_ne!(tokens.token(&TokenFor::Connector).await.unwrap(), first, "{used_for}");
    }
}

#[tokio::test]
async fn a_short_lived_token_is_used_for_half_its_life() {
    let service = Service::start().await;
    *service.desk.expires_in.lock().unwrap() = json!("60");
    let tokens = credentials(&service);
    tokens.token(&TokenFor::Connector).await.unwrap();
    service.clock.advance(Duration::from_secs(29));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-1"));
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-2"));
}

#[tokio::test]
async fn a_renewal_that_fails_keeps_the_valid_token() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    tokens.token(&TokenFor::Connector).await.unwrap();
    service.clock.advance(Duration::from_secs(3599 - 60));
    service.desk.script.lock().unwrap().push_back(wrong_secret());
    for _ in 0..10 {
        assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-1"));
    }
    assert_eq!(service.desk.tokens_asked(), 2, "the failure is left alone for a while");
    service.clock.advance(Duration::from_secs(61));
    service.desk.script.lock().unwrap().push_back(wrong_secret());
    assert!(tokens.token(&TokenFor::Connector).await.is_err(), "an expired token is not kept");
}

#[tokio::test]
async fn nobody_waits_for_a_renewal_while_the_token_is_valid() {
    let service = Service::start().await;
    let tokens = Arc::new(credentials(&service));
    tokens.token(&TokenFor::Connector).await.unwrap();
    service.desk.arrived.notified().await;
    service.clock.advance(Duration::from_secs(3599 - 60));
    let gate = service.desk.token_gate.acquire_many(100_000).await.unwrap();
    let renewal = tokio::spawn({
        let tokens = Arc::clone(&tokens);
        async move { tokens.token(&TokenFor::Connector).await }
    });
    service.desk.arrived.notified().await;
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-1"));
    drop(gate);
    assert_eq!(renewal.await.unwrap().unwrap(), token("token-2"));
}

#[tokio::test]
async fn a_caller_that_gives_up_leaves_the_request_to_the_next() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    let gate = service.desk.token_gate.acquire_many(100_000).await.unwrap();
    tokio::select! {
        result = tokens.token(&TokenFor::Connector) => panic!("the gate is closed: {result:?}"),
        () = service.desk.arrived.notified() => (),
    }
    drop(gate);
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-2"));
}

#[tokio::test]
async fn a_refused_token_is_forgotten_once() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    let first = tokens.token(&TokenFor::Connector).await.unwrap();
    tokens.invalidate(&TokenFor::Connector, &first);
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-2"));
    tokens.invalidate(&TokenFor::Connector, &first);
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-2"), "the newer token stays");
}

#[tokio::test]
async fn a_refusal_names_the_code_and_the_remedy_and_no_secret() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    service.desk.script.lock().unwrap().push_back(wrong_secret());
    let error = tokens.token(&TokenFor::Connector).await.unwrap_err();
    let text = error.to_string();
    for part in ["AADSTS7000215", "the secret's value, not its id", "trace-1"] {
        assert!(text.contains(part), "{text}");
    }
    let shown = format!("{text} {error:?} {tokens:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(!error.is_transient());
    tokens.token(&TokenFor::Connector).await.unwrap_err();
    assert_eq!(service.desk.tokens_asked(), 1, "a refusal is not asked for again at once");
}

#[tokio::test]
async fn an_odd_field_of_a_refusal_hides_no_other() {
    let described = json!("AADSTS7000222: The provided client secret keys are expired.");
    for odd in [
        json!({"error_description": described, "error_codes": ["7000222"]}),
        json!({"error_description": described, "error_codes": null}),
        json!({"error_description": described, "error_codes": 7_000_222, "trace_id": 1}),
        json!({"error_description": described, "error": {"code": "invalid_client"}}),
        json!({"error_codes": [7_000_222], "error_description": ["expired"]}),
    ] {
        let service = Service::start().await;
        service.desk.script.lock().unwrap().push_back((401, odd.clone()));
        let error = credentials(&service).token(&TokenFor::Connector).await.unwrap_err();
        assert!(error.to_string().contains("the client secret has expired"), "{odd}: {error}");
    }
}

#[tokio::test]
async fn only_transient_failures_are_tried_again_and_not_for_ever() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    let busy = (400, json!({"error": "temporarily_unavailable"}));
    service.desk.script.lock().unwrap().extend([(503, json!({})), busy]);
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-3"));
    let graph = TokenFor::Graph(TenantId::new("customer"));
    service.desk.script.lock().unwrap().extend((0..3).map(|_| (429, json!({}))));
    let error = tokens.token(&graph).await.unwrap_err();
    assert!(matches!(error, TokenError::Unavailable { status: 429, .. }) && error.is_transient());
    assert_eq!(service.desk.tokens_asked(), 6);
}

#[tokio::test]
async fn a_wait_that_the_login_service_asks_for_is_kept() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    *service.desk.retry_after.lock().unwrap() = Some("120");
    service.desk.script.lock().unwrap().push_back((429, json!({})));
    let error = tokens.token(&TokenFor::Connector).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_mins(2)), "too long to wait within the call");
    service.clock.advance(Duration::from_secs(119));
    let error = tokens.token(&TokenFor::Connector).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(1)), "what is left of it");
    assert_eq!(service.desk.tokens_asked(), 1);
    service.clock.advance(Duration::from_secs(1));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), token("token-2"));
}

#[test]
fn every_documented_refusal_has_a_remedy_of_its_own() {
    let general = Refusal::default().remedy();
    for aadsts in [
        7_000_215, 7_000_222, 7_000_216, 7_000_218, 7_000_232, 7_000_112, 700_025, 700_027, 700_030, 700_024, 500_133,
        700_021, 700_023, 50_048, 70_025, 70_021, 700_211, 700_212, 700_213, 7_002_138, 700_222, 50_027, 700_016,
        7_000_229, 90_002, 900_023, 70_011, 1_002_012, 500_011, 900_144, 50_196,
    ] {
        let refusal = Refusal { aadsts: Some(aadsts), ..Refusal::default() };
        assert_ne!(refusal.remedy(), general, "{aadsts}");
        assert!(refusal.to_string().contains(&format!("AADSTS{aadsts}")));
    }
}

#[tokio::test]
async fn an_answer_without_a_usable_token_is_an_error_of_its_own() {
    let service = Service::start().await;
    let tokens = credentials(&service);
    for body in [
        json!({}),
        json!({"access_token": "a\r\nb", "expires_in": 1}),
        json!({"access_token": "", "expires_in": 1}),
        json!(["token", 1, null]),
    ] {
        service.desk.script.lock().unwrap().push_back((200, body));
    }
    for tenant in ["a", "b", "c", "d"] {
        let error = tokens.token(&TokenFor::Graph(TenantId::new(tenant))).await.unwrap_err();
        assert!(matches!(error, TokenError::Unusable), "{error}");
    }
    let error = tokens.token(&TokenFor::Graph(TenantId::new("../evil"))).await.unwrap_err();
    assert!(matches!(error, TokenError::BadTenant(_)));
}

#[tokio::test]
async fn a_login_service_that_is_not_there_is_unreachable() {
    let service = Service::start().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let login = format!("http://{closed}/").parse().unwrap();
    let endpoints = service.endpoints().as_ref().clone().with_login(login).unwrap();
    let tokens = BotTokens::new(service.http(), Arc::new(endpoints), AppId::new("app"), Secret::new(SECRET))
        .with_retries(1, Duration::from_millis(1));
    let error = tokens.token(&TokenFor::Connector).await.unwrap_err();
    assert!(matches!(error, TokenError::Unreachable(_)) && error.is_transient(), "{error}");
}
