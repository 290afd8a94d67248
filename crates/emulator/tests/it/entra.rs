use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use pregon_emulator::{Emulator, EmulatorConfig, Issuer, StartError, WorldSpec};
use serde_json::{Value, json};

use crate::setup::{BOT_SCOPE, GRAPH_SCOPE, Setup, refusal};

#[tokio::test]
async fn each_mistake_in_a_token_request_has_its_number() {
    let setup = Setup::start().await;
    let (id, secret) = (setup.app.app_id.clone(), setup.app.secret.clone());
    let tenant = setup.tenant.clone();
    let grant = "client_credentials";
    let cases = [
        (tenant.as_str(), grant, id.as_str(), "wrong", BOT_SCOPE, 401, "invalid_client", 7_000_215),
        (&tenant, grant, &id, "", BOT_SCOPE, 401, "invalid_client", 7_000_216),
        (&tenant, grant, "nobody", &secret, BOT_SCOPE, 400, "unauthorized_client", 700_016),
        ("nowhere", grant, &id, &secret, BOT_SCOPE, 400, "invalid_request", 90_002),
        (&tenant, grant, &id, &secret, "https://api.botframework.com", 400, "invalid_scope", 1_002_012),
        (&tenant, grant, &id, &secret, "", 400, "invalid_request", 900_144),
        (&tenant, "password", &id, &secret, BOT_SCOPE, 400, "unsupported_grant_type", 70_003),
        ("botframework.com", grant, &id, &secret, GRAPH_SCOPE, 400, "invalid_resource", 500_011),
    ];
    for (tenant, grant, id, secret, scope, status, error, number) in cases {
        let form = [("grant_type", grant), ("client_id", id), ("client_secret", secret), ("scope", scope)];
        let answer = setup.token_answer(tenant, &form).await;
        assert_eq!(answer.status(), status, "{number}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"], error);
        assert_eq!(body["error_codes"][0], number);
        assert!(body["error_description"].as_str().unwrap().starts_with(&format!("AADSTS{number}: ")));
    }
}

#[tokio::test]
async fn a_connector_token_has_the_claims_of_version_one_and_a_published_key() {
    let setup = Setup::start().await;
    let token = setup.token_for(&setup.tenant, BOT_SCOPE).await;
    let url = format!("{}/{}/discovery/v2.0/keys", setup.emulator.base_url(), setup.tenant);
    let claims = verified(&setup, &url, &token, "https://api.botframework.com").await;
    assert_eq!(claims["iss"], format!("https://sts.windows.net/{}/", setup.tenant));
    assert_eq!(claims["appid"], setup.app.app_id);
    assert_eq!(claims["ver"], "1.0");
    assert_eq!(claims["tid"], setup.tenant);
}

/// The claims of a token, checked with an independent implementation against the served keys.
pub(crate) async fn verified(setup: &Setup, jwks_url: &str, token: &str, audience: &str) -> Value {
    let keys: Value = setup.client.get(jwks_url).send().await.unwrap().json().await.unwrap();
    let header = jsonwebtoken::decode_header(token).unwrap();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == *header.kid.as_ref().unwrap()).unwrap();
    let key = jsonwebtoken::DecodingKey::from_rsa_components(key["n"].as_str().unwrap(), key["e"].as_str().unwrap());
    let mut checks = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
    checks.set_audience(&[audience]);
    jsonwebtoken::decode::<Value>(token, &key.unwrap(), &checks).unwrap().claims
}

#[tokio::test]
async fn the_two_issuers_have_different_keys_and_only_one_endorses_channels() {
    let setup = Setup::start().await;
    let keys = async |path: &str| -> Value {
        let url = format!("{}{path}", setup.emulator.base_url());
        setup.client.get(url).send().await.unwrap().json().await.unwrap()
    };
    let metadata = keys("/v1/.well-known/openidconfiguration").await;
    assert_eq!(metadata["issuer"], "https://api.botframework.com");
    assert_eq!(metadata["jwks_uri"], format!("{}/v1/.well-known/keys", setup.emulator.base_url()));
    let bot_framework = keys("/v1/.well-known/keys").await;
    let entra = keys("/common/discovery/v2.0/keys").await;
    assert_eq!(bot_framework["keys"][0]["endorsements"][0], "msteams");
    assert!(entra["keys"][0].get("endorsements").is_none());
    assert_ne!(bot_framework["keys"][0]["n"], entra["keys"][0]["n"]);
    let openid = keys("/botframework.com/v2.0/.well-known/openid-configuration").await;
    assert!(openid["token_endpoint"].as_str().unwrap().ends_with("/botframework.com/oauth2/v2.0/token"));
}

#[tokio::test]
async fn a_token_for_one_service_is_refused_by_the_other() {
    let mut setup = Setup::start().await;
    std::mem::swap(&mut setup.token, &mut setup.graph_token);
    let connector = setup.get(&format!("teams/{}", setup.team().id)).await;
    assert_eq!(refusal(connector).await, (401, "AuthorizationError".to_owned()));
    let graph = setup.graph(reqwest::Method::GET, "users").send().await.unwrap();
    assert_eq!(refusal(graph).await, (401, "InvalidAuthenticationToken".to_owned()));
}

#[tokio::test]
async fn a_forged_token_is_refused() {
    let mut setup = Setup::start().await;
    let (signed, _) = setup.token.rsplit_once('.').unwrap();
    setup.token = format!("{signed}.{}", "A".repeat(342));
    assert_eq!(setup.get("conversations").await.status(), 401);
    setup.token = "nonsense".to_owned();
    assert_eq!(setup.get("conversations").await.status(), 401);
}

#[tokio::test]
async fn a_token_signed_before_a_key_rotation_is_still_good() {
    let setup = Setup::installed().await;
    setup.emulator.rotate_keys(Issuer::Entra).await.unwrap();
    let team = setup.team().id;
    assert_eq!(setup.get(&format!("teams/{team}")).await.status(), 200);
    let url = format!("{}/common/discovery/v2.0/keys", setup.emulator.base_url());
    let new = setup.token_for(&setup.tenant, BOT_SCOPE).await;
    verified(&setup, &url, &new, "https://api.botframework.com").await;
    verified(&setup, &url, &setup.token, "https://api.botframework.com").await;

    setup.emulator.rotate_keys(Issuer::Entra).await.unwrap();
    assert_eq!(setup.get(&format!("teams/{team}")).await.status(), 401);
}

#[tokio::test]
async fn a_port_in_use_is_said_in_one_sentence() {
    let first = Emulator::start(EmulatorConfig::new(WorldSpec::demo(1, 3))).await.unwrap();
    let config = EmulatorConfig { listen: first.address(), ..EmulatorConfig::new(WorldSpec::demo(1, 3)) };
    let error = Emulator::start(config).await.unwrap_err();
    assert!(matches!(error, StartError::PortInUse(address) if address == first.address()));
    assert!(error.to_string().contains("in use by another program"));
}

/// An assertion with these claims and no signature worth the name.
fn assertion(claims: &Value) -> String {
    let encode = |part: &Value| BASE64_URL_SAFE_NO_PAD.encode(part.to_string());
    format!("{}.{}.c2ln", encode(&json!({"alg": "PS256", "typ": "JWT"})), encode(claims))
}

#[tokio::test]
async fn an_assertion_stands_in_for_a_secret() {
    let setup = Setup::start().await;
    let id = setup.app.app_id.clone();
    let endpoint = format!("{}/{}/oauth2/v2.0/token", setup.emulator.base_url(), setup.tenant);
    let ask = async |assertion: &str, kind: &str| {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", id.as_str()),
            ("client_assertion_type", kind),
            ("client_assertion", assertion),
            ("scope", BOT_SCOPE),
        ];
        let answer = setup.token_answer(&setup.tenant, &form).await;
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap();
        (status, body["error_codes"][0].as_u64().unwrap_or_default())
    };
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    let far = 4_000_000_000_u64;
    let own = json!({"iss": id, "sub": id, "aud": endpoint, "exp": far});
    let foreign = json!({"iss": "https://ci.example", "sub": "repo", "aud": "api://AzureADTokenExchange", "exp": far});
    let with = |claims: &Value, name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        assertion(&claims)
    };
    for (assertion, kind, expected) in [
        (assertion(&own), kind, (200, 0)),
        (assertion(&foreign), kind, (200, 0)),
        (assertion(&own), "saml", (401, 700_027)),
        (assertion(&own), "", (400, 900_144)),
        ("no.token".to_owned(), kind, (401, 50_027)),
        (with(&own, "exp", json!(1)), kind, (401, 700_024)),
        (with(&own, "nbf", json!(far)), kind, (401, 700_024)),
        (with(&own, "sub", json!("other")), kind, (401, 700_023)),
        (with(&own, "aud", json!("elsewhere")), kind, (401, 700_023)),
        (with(&foreign, "aud", json!(endpoint)), kind, (401, 700_212)),
    ] {
        assert_eq!(ask(&assertion, kind).await, expected, "{assertion}");
    }
}

#[tokio::test]
async fn a_managed_identity_gets_a_token_by_itself_or_to_exchange() {
    let mut setup = Setup::installed().await;
    let url = format!("{}/metadata/identity/oauth2/token", setup.emulator.base_url());
    let ask = async |client: &str, resource: &str, header: &str| -> (u16, Value) {
        let query = [("api-version", "2018-02-01"), ("resource", resource), ("client_id", client)];
        let answer = setup.client.get(&url).query(&query).header(header, "true").send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    };
    let id = setup.app.app_id.clone();
    let (status, token) = ask(&id, "https://api.botframework.com", "Metadata").await;
    assert_eq!((status, &token["expires_in"]), (200, &json!("3599")));
    assert!(token["expires_on"].as_str().unwrap().parse::<u64>().is_ok());
    let (_, exchange) = ask("an-identity", "api://AzureADTokenExchange", "X-IDENTITY-HEADER").await;
    for (client, resource, header, error) in [
        ("nobody", "https://api.botframework.com", "Metadata", "invalid_request"),
        (&id, "https://elsewhere.example", "Metadata", "invalid_resource"),
        (&id, "https://api.botframework.com", "Accept", "bad_request_102"),
    ] {
        let (status, refused) = ask(client, resource, header).await;
        assert_eq!((status, &refused["error"]), (400, &json!(error)));
    }
    setup.token = token["access_token"].as_str().unwrap().to_owned();
    setup.say(&setup.team().id, "without a secret").await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id.as_str()),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", exchange["access_token"].as_str().unwrap()),
        ("scope", BOT_SCOPE),
    ];
    let exchanged: Value = setup.token_answer("botframework.com", &form).await.json().await.unwrap();
    setup.token = exchanged["access_token"].as_str().unwrap().to_owned();
    setup.say(&setup.team().id, "nor with one exchanged").await;
    setup.token = exchange["access_token"].as_str().unwrap().to_owned();
    assert_eq!(setup.get("conversations").await.status(), 401, "it is for Entra alone");
}
