//! Tokens that Entra issued: of the emulator and of other bots.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use pregon_auth::{
    AllowedTenants, Caller, Endpoints, EntraCallers, InboundAuth, InboundValidator, SigningKeys, Vouched,
};
use pregon_model::{Activity, AppId, ServiceUrl, TenantId};
use serde_json::{Value, json};

use crate::service::EPOCH;
use crate::signer::Signer;
use crate::world::{APP, World};

const HOME: &str = "5A9E4C17-83b2-4d6f-a1c0-72f8e3d4b596";
const V1: &str = "https://sts.windows.net/5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596/";
const V2: &str = "https://login.microsoftonline.com/5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596/v2.0";
const OTHER_TENANT: &str = "7e2b9d40-1c3a-4f58-9d6e-2a8b5c7f0e13";
const PARENT: &str = "9f1b2c3d-4e5f-4061-8273-94a5b6c7d8e9";

/// The world of the bot service, and an Entra with keys of its own.
struct Login {
    world: World,
    entra: Signer,
    unpublished: Signer,
    personal: Signer,
}

impl Login {
    async fn start() -> Self {
        let world = World::start().await;
        let (entra, unpublished, personal) = (Signer::new("entra-1"), Signer::new("entra-2"), Signer::new("entra-3"));
        let key = |signer: &Signer, issuer: &str| {
            let mut key = signer.jwk(&[]);
            key.as_object_mut().unwrap().remove("endorsements");
            key["issuer"] = json!(issuer);
            key
        };
        let any_tenant = "https://login.microsoftonline.com/{tenantid}/v2.0";
        world.service.publish_of_entra(&[
            key(&entra, any_tenant),
            key(&personal, &any_tenant.replace("{tenantid}", "9188040d-6c67-4c5b-b112-36a304b66dad")),
        ]);
        Self { world, entra, unpublished, personal }
    }

    /// The bot's validator with these callers.
    fn validator(&self, callers: EntraCallers) -> InboundValidator {
        let service = &self.world.service;
        let keys = SigningKeys::of_entra(service.http(), &service.endpoints()).with_clock(service.clock.clone());
        self.world.validator.clone().with_entra(Arc::new(keys), callers)
    }

    fn v1(&self, app_id: &str) -> Value {
        let mut claims = self.world.claims_with("serviceurl", Value::Null);
        claims["iss"] = json!(V1);
        claims["ver"] = json!("1.0");
        claims["appid"] = json!(app_id);
        claims["tid"] = json!(HOME);
        claims
    }

    fn v2(&self, app_id: &str) -> Value {
        let mut claims = self.v1(app_id);
        claims["iss"] = json!(V2);
        claims["ver"] = json!("2.0");
        claims["azp"] = claims.as_object_mut().unwrap().remove("appid").unwrap();
        claims
    }

    async fn check(&self, validator: &InboundValidator, claims: &Value) -> Result<Vouched, &'static str> {
        self.check_activity(validator, &self.entra.token(claims), &self.world.activity()).await
    }

    async fn check_activity(
        &self,
        validator: &InboundValidator,
        token: &str,
        activity: &Activity,
    ) -> Result<Vouched, &'static str> {
        let result = validator.validate(Some(&format!("Bearer {token}")), activity).await;
        result.map_err(|rejected| {
            assert_eq!(rejected.status(), 401);
            rejected.code()
        })
    }
}

fn of_home() -> EntraCallers {
    EntraCallers::of([TenantId::new(HOME)])
}

fn with(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    match value {
        Value::Null => claims.as_object_mut().unwrap().remove(name),
        value => claims.as_object_mut().unwrap().insert(name.to_owned(), value),
    };
    claims
}

#[tokio::test]
async fn tokens_of_entra_are_refused_unless_their_callers_are_named() {
    let login = Login::start().await;
    for claims in [login.v1(APP), login.v2(APP), login.v1(PARENT), login.v2(PARENT)] {
        assert_eq!(login.check(&login.world.validator, &claims).await, Err("wrong_issuer"));
        let nobody = login.validator(of_home());
        assert_eq!(login.check(&nobody, &claims).await, Err("caller_not_allowed"));
    }
    assert_eq!(
        login.check(&login.validator(of_home().with_emulator()), &login.v1(PARENT)).await,
        Err("caller_not_allowed")
    );
    let bots = of_home().with_bots([AppId::new(PARENT)]);
    assert_eq!(login.check(&login.validator(bots), &login.v1(APP)).await, Err("caller_not_allowed"));
}

#[tokio::test]
async fn a_named_caller_is_told_from_teams() {
    let login = Login::start().await;
    let validator = login.validator(of_home().with_emulator().with_bots([AppId::new(PARENT)]));
    let caller = async |claims: &Value| login.check(&validator, claims).await.map(|vouched| vouched.caller);
    let parent = Caller::Bot(AppId::new(PARENT));
    assert_eq!(caller(&login.v1(APP)).await, Ok(Caller::Emulator));
    assert_eq!(caller(&login.v2(&APP.to_uppercase())).await, Ok(Caller::Emulator));
    assert_eq!(caller(&login.v1(PARENT)).await, Ok(parent.clone()));
    assert_eq!(caller(&login.v2(&PARENT.to_uppercase())).await, Ok(parent.clone()));
    assert_eq!(caller(&with(&login.v1(PARENT), "ver", Value::Null)).await, Ok(parent.clone()));
    assert_eq!(caller(&with(&login.v1(PARENT), "tid", Value::Null)).await, Ok(parent));
    let of_teams = login.world.signer.token(&login.world.claims());
    let vouched = login.check_activity(&validator, &of_teams, &login.world.activity()).await.unwrap();
    assert_eq!(vouched.caller, Caller::Channel);
    assert_eq!(login.world.service.desk.entra_fetches.load(SeqCst), 1);
}

#[tokio::test]
async fn each_hostile_token_of_entra_is_refused_for_its_own_reason() {
    let login = Login::start().await;
    let validator = login.validator(of_home().with_emulator().with_bots([AppId::new(PARENT)]));
    let (v1, v2) = (login.v1(PARENT), login.v2(PARENT));
    let other = |issuer: &str| json!(issuer.replace("5a9e4c17-83b2-4d6f-a1c0-72f8e3d4b596", OTHER_TENANT));
    let foreign = Signer::new("entra-1");
    let signed = |claims: &Value| login.entra.token(claims);
    let cases = [
        ("another tenant's issuer", "wrong_issuer", signed(&with(&v1, "iss", other(V1)))),
        ("another tenant's issuer, v2", "wrong_issuer", signed(&with(&v2, "iss", other(V2)))),
        (
            "another tenant's issuer, believing its own word",
            "wrong_issuer",
            signed(&with(&with(&v1, "iss", other(V1)), "tid", json!(OTHER_TENANT))),
        ),
        ("a pinned issuer, another tenant's word", "wrong_issuer", signed(&with(&v1, "tid", json!(OTHER_TENANT)))),
        ("issuer in upper case", "wrong_issuer", signed(&with(&v1, "iss", json!(V1.to_uppercase())))),
        ("issuer without its slash", "wrong_issuer", signed(&with(&v1, "iss", json!(V1.trim_end_matches('/'))))),
        ("issuer with more behind it", "wrong_issuer", signed(&with(&v1, "iss", json!(format!("{V1}v2.0"))))),
        ("issuer of any tenant", "wrong_issuer", signed(&with(&v1, "iss", json!("https://sts.windows.net/common/")))),
        (
            "issuer on another host",
            "wrong_issuer",
            signed(&with(&v1, "iss", json!(V1.replace("windows.net", "windows.net.evil.example")))),
        ),
        ("issuer of another cloud", "wrong_issuer", signed(&with(&v2, "iss", json!(V2.replace(".com", ".us"))))),
        ("issuer missing", "wrong_issuer", signed(&with(&v1, "iss", Value::Null))),
        ("key of personal accounts", "wrong_issuer", login.personal.token(&v1)),
        ("v1 under a v2 issuer", "wrong_version", signed(&with(&v1, "iss", json!(V2)))),
        ("v2 under a v1 issuer", "wrong_version", signed(&with(&v2, "iss", json!(V1)))),
        ("version unknown", "wrong_version", signed(&with(&v1, "ver", json!("3.0")))),
        ("version a number", "malformed_token", signed(&with(&v1, "ver", json!(1.0)))),
        (
            "v1 with the claim of v2",
            "caller_missing",
            signed(&with(&with(&v1, "appid", Value::Null), "azp", json!(PARENT))),
        ),
        (
            "v2 with the claim of v1",
            "caller_missing",
            signed(&with(&with(&v2, "azp", Value::Null), "appid", json!(PARENT))),
        ),
        ("no caller", "caller_missing", signed(&with(&v1, "appid", Value::Null))),
        ("an unknown caller", "caller_not_allowed", signed(&login.v1("00000000-0000-0000-0000-000000000000"))),
        ("an empty caller", "caller_not_allowed", signed(&login.v2(""))),
        ("audience the Connector", "wrong_audience", signed(&with(&v1, "aud", json!("https://api.botframework.com")))),
        ("audience Graph", "wrong_audience", signed(&with(&v1, "aud", json!("https://graph.microsoft.com")))),
        ("audience another bot", "wrong_audience", signed(&with(&v1, "aud", json!(PARENT)))),
        ("expired", "expired", signed(&with(&v1, "exp", json!(EPOCH - 300)))),
        ("not yet valid", "not_yet_valid", signed(&with(&v1, "nbf", json!(EPOCH + 301)))),
        ("a key of the bot service", "unknown_key", login.world.signer.token(&v1)),
        ("a key of Entra for the bot service", "unknown_key", signed(&login.world.claims())),
        ("an unpublished key", "unknown_key", login.unpublished.token(&v1)),
        ("a foreign key under a known name", "bad_signature", foreign.token(&v1)),
    ];
    for (attack, code, token) in cases {
        let result = login.check_activity(&validator, &token, &login.world.activity()).await;
        assert_eq!(result, Err(code), "{attack}");
    }
}

#[tokio::test]
async fn a_callers_service_url_is_its_word_and_must_be_allowed() {
    let login = Login::start().await;
    let validator = login.validator(of_home().with_emulator().with_bots([AppId::new(PARENT)]));
    let check = async |app_id: &str, service_url: Option<&str>| {
        let mut activity = login.world.activity();
        activity.recipient = None;
        activity.channel_id = Some("emulator".to_owned());
        activity.service_url = service_url.map(ServiceUrl::new);
        let token = login.entra.token(&login.v1(app_id));
        let vouched = login.check_activity(&validator, &token, &activity).await;
        vouched.map(|vouched| vouched.service_url.service_url().as_str().to_owned())
    };
    let allowed = login.world.service_url();
    let local = "http://localhost:56789";
    assert_eq!(check(PARENT, Some(&allowed)).await, Ok(allowed.clone()));
    assert_eq!(check(APP, Some(&allowed)).await, Ok(allowed));
    assert_eq!(check(APP, Some(local)).await, Ok(local.to_owned()));
    assert_eq!(check(PARENT, Some(local)).await, Err("untrusted_host"));
    for app_id in [APP, PARENT] {
        assert_eq!(check(app_id, Some("https://evil.example/")).await, Err("untrusted_host"));
        assert_eq!(check(app_id, None).await, Err("service_url_missing"));
    }
}

#[tokio::test]
async fn every_cloud_believes_its_own_issuers_and_no_others() {
    let login = Login::start().await;
    let service = &login.world.service;
    let mut entra_key = login.entra.jwk(&[]);
    entra_key.as_object_mut().unwrap().remove("endorsements");
    service.publish_of_entra(&[entra_key]);
    let clouds = [Endpoints::public(), Endpoints::gcc(), Endpoints::gcc_high(), Endpoints::dod(), Endpoints::china()];
    let validators = clouds.clone().map(|cloud| {
        let endpoints = Arc::new(cloud.with_login(service.base.clone()).unwrap());
        let keys = |keys: SigningKeys| Arc::new(keys.with_clock(service.clock.clone()));
        let of_teams = keys(SigningKeys::new(service.http(), &endpoints));
        let of_entra = keys(SigningKeys::of_entra(service.http(), &endpoints));
        InboundValidator::new(of_teams, endpoints, AppId::new(APP)).with_entra(of_entra, of_home().with_emulator())
    });
    let issuers = clouds.map(|cloud| cloud.entra_issuers(&TenantId::new(HOME)));
    let mut activity = login.world.activity();
    activity.service_url = Some(ServiceUrl::new("http://localhost:56789"));
    for (validator, own) in validators.iter().zip(&issuers) {
        for issuer in issuers.iter().flatten() {
            let claims = if issuer.ends_with("/v2.0") { login.v2(APP) } else { login.v1(APP) };
            let token = login.entra.token(&with(&claims, "iss", json!(issuer)));
            let result = login.check_activity(validator, &token, &activity).await;
            let want = if own.contains(issuer) { Ok(Caller::Emulator) } else { Err("wrong_issuer") };
            assert_eq!(result.map(|vouched| vouched.caller), want, "{issuer}");
        }
    }
}

#[tokio::test]
async fn strangers_tokens_cause_no_fetch_of_keys() {
    let login = Login::start().await;
    let validator = login.validator(of_home().with_emulator());
    let stranger = with(&login.v1(APP), "iss", json!(format!("https://sts.windows.net/{OTHER_TENANT}/")));
    assert_eq!(login.check(&validator, &stranger).await, Err("wrong_issuer"));
    assert_eq!(login.world.service.desk.entra_fetches.load(SeqCst), 0);
    assert_eq!(login.world.service.desk.metadata_fetches.load(SeqCst), 0);
}

#[tokio::test]
async fn an_activity_of_the_emulator_need_not_name_a_tenant() {
    let login = Login::start().await;
    let validator = login.validator(of_home().with_emulator());
    let auth = InboundAuth::new(validator, AllowedTenants::one(TenantId::new(HOME)));
    let code = async |claims: &Value, signer: &Signer, tenant: Option<&str>| {
        let mut headers = axum::http::HeaderMap::new();
        headers.insert("authorization", format!("Bearer {}", signer.token(claims)).parse().unwrap());
        let mut activity = serde_json::to_value(login.world.activity()).unwrap();
        if let Some(tenant) = tenant {
            activity["channelData"] = json!({"tenant": {"id": tenant}});
        }
        let result = auth.authenticate(&headers, activity.to_string().as_bytes()).await;
        result.map_or_else(|error| error.code(), |_| "accepted")
    };
    assert_eq!(code(&login.v1(APP), &login.entra, None).await, "accepted");
    assert_eq!(code(&login.v1(APP), &login.entra, Some(HOME)).await, "accepted");
    assert_eq!(code(&login.v1(APP), &login.entra, Some(OTHER_TENANT)).await, "tenant_not_allowed");
    assert_eq!(code(&login.world.claims(), &login.world.signer, None).await, "tenant_not_allowed");
}
