//! Tokens of a managed identity.

use std::process::Command;
use std::time::Duration;

use pregon_auth::{
    AccessToken, BotTokens, ManagedIdentity, ManagedIdentityError, Secret, TokenError, TokenFor, TokenSource,
};
use pregon_model::{AppId, TenantId};
use serde_json::{Value, json};

use crate::service::{EPOCH, Service};

const CLIENT: &str = "3c1f0a52-7d4e-4b1a-9f36-0b7a2e5d9c10";

fn machine(service: &Service) -> ManagedIdentity {
    let url = service.base.join("metadata/identity/oauth2/token").unwrap();
    ManagedIdentity::of_machine(CLIENT).unwrap().at(url).unwrap()
}

fn app_service(service: &Service) -> ManagedIdentity {
    let endpoint = service.base.join("msi/token").unwrap();
    ManagedIdentity::of_app_service(CLIENT, endpoint, Secret::new("hunter2")).unwrap()
}

fn tokens(service: &Service, identity: ManagedIdentity) -> BotTokens {
    BotTokens::new(service.http(), service.endpoints(), AppId::new(CLIENT), identity)
        .single_tenant(TenantId::new("home"))
        .with_clock(service.clock.clone())
        .with_retries(1, Duration::from_millis(1))
}

#[tokio::test]
async fn a_machine_is_asked_for_the_service_by_name_and_with_its_header() {
    let service = Service::start().await;
    let tokens = tokens(&service, machine(&service));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), AccessToken::new("identity-token"));
    let home = TokenFor::Graph(TenantId::new("HOME"));
    tokens.token(&home).await.unwrap();
    let asked = service.desk.identity_requests.lock().unwrap();
    let query = |resource: &str| {
        [("api-version", "2018-02-01"), ("resource", resource), ("client_id", CLIENT)]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .to_vec()
    };
    for (at, resource) in ["https://api.botframework.com", "https://graph.microsoft.com"].into_iter().enumerate() {
        let (path, headers, asked) = &asked[at];
        assert_eq!(path, "/metadata/identity/oauth2/token");
        assert_eq!(*asked, query(resource));
        assert_eq!(headers["metadata"], "true");
        for name in ["authorization", "cookie", "x-identity-header"] {
            assert!(headers.get(name).is_none(), "{name}");
        }
    }
    assert_eq!(service.desk.tokens_asked(), 0, "the login service is not asked");
}

#[tokio::test]
async fn an_app_service_is_asked_at_its_address_with_its_secret() {
    let service = Service::start().await;
    let expires_on = (EPOCH + 7200).to_string();
    let body = json!({"access_token": "a", "expires_on": expires_on, "resource": "x", "token_type": "Bearer"});
    service.desk.identity_script.lock().unwrap().push_back((200, body));
    let tokens = tokens(&service, app_service(&service));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), AccessToken::new("a"));
    {
        let asked = service.desk.identity_requests.lock().unwrap();
        let (path, headers, query) = &asked[0];
        assert_eq!((path.as_str(), &headers["x-identity-header"]), ("/msi/token", &"hunter2".parse().unwrap()));
        assert!(headers.get("metadata").is_none());
        assert!(query.contains(&("api-version".to_owned(), "2019-08-01".to_owned())));
    }
    service.clock.advance(Duration::from_secs(7200 - 601));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), AccessToken::new("a"));
    service.clock.advance(Duration::from_secs(301));
    assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), AccessToken::new("identity-token"));
    let shown = format!("{tokens:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn an_endpoint_that_is_being_updated_or_busy_is_asked_again() {
    for status in [404, 410, 429, 500, 503] {
        let service = Service::start().await;
        let tokens = tokens(&service, machine(&service));
        service.desk.identity_script.lock().unwrap().push_back((status, json!({"error": "x"})));
        assert_eq!(tokens.token(&TokenFor::Connector).await.unwrap(), AccessToken::new("identity-token"), "{status}");
        service.clock.advance(Duration::from_hours(25));
        service.desk.identity_script.lock().unwrap().extend([(status, json!({})), (status, json!({}))]);
        let error = tokens.token(&TokenFor::Connector).await.unwrap_err();
        assert!(matches!(error, TokenError::Unavailable { status: got, .. } if got == status), "{error}");
    }
}

#[tokio::test]
async fn an_identity_that_is_not_assigned_is_told_with_its_remedy() {
    let service = Service::start().await;
    let tokens = tokens(&service, machine(&service));
    let body = json!({"error": "invalid_request", "error_description": "Identity not found"});
    service.desk.identity_script.lock().unwrap().push_back((400, body));
    let error = tokens.token(&TokenFor::Connector).await.unwrap_err();
    assert!(!error.is_transient());
    let error = error.to_string();
    for part in ["the machine's identity endpoint refused", "invalid_request", "assign the user-assigned identity"] {
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test]
async fn answers_without_an_end_or_a_token_are_unusable() {
    let service = Service::start().await;
    let past = json!({"access_token": "a", "expires_on": (EPOCH - 1).to_string()});
    for (body, usable) in [
        (json!({"access_token": "a"}), false),
        (json!({"access_token": "a", "expires_on": "09/14/2026 00:00:00"}), false),
        (json!({"expires_in": "3599"}), false),
        (Value::Null, false),
        (json!({"access_token": "a", "expires_in": 3599}), true),
        (past, true),
    ] {
        service.desk.identity_script.lock().unwrap().push_back((200, body.clone()));
        let tokens = tokens(&service, machine(&service));
        let result = tokens.token(&TokenFor::Connector).await;
        assert_eq!(result.is_ok(), usable, "{body}");
        assert!(usable || matches!(result, Err(TokenError::Unusable)));
    }
}

#[tokio::test]
async fn an_identity_reaches_its_own_tenant_only() {
    let service = Service::start().await;
    let tokens = tokens(&service, machine(&service));
    let error = tokens.token(&TokenFor::Graph(TenantId::new("customer"))).await.unwrap_err();
    assert!(matches!(error, TokenError::OtherTenant(_)), "{error}");
    assert!(service.desk.identity_requests.lock().unwrap().is_empty());
}

#[tokio::test]
async fn where_there_is_no_identity_the_error_asks_for_azure() {
    let service = Service::start().await;
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let identity = machine(&service).at(format!("http://{closed}/").parse().unwrap()).unwrap();
    let error = tokens(&service, identity).token(&TokenFor::Connector).await.unwrap_err();
    assert!(error.is_transient());
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("does this run in Azure?"), "{cause}");
}

#[test]
fn the_environment_tells_which_endpoint_there_is() {
    let from = |endpoint: Option<&str>, header: Option<&str>| {
        ManagedIdentity::from_env(CLIENT, |name| match name {
            "IDENTITY_ENDPOINT" => endpoint.map(str::to_owned),
            "IDENTITY_HEADER" => header.map(str::to_owned),
            other => panic!("{other} is not asked for"),
        })
    };
    assert!(format!("{:?}", from(None, None).unwrap()).contains("169.254.169.254"));
    for endpoint in ["http://169.254.129.5:8081/msi/token", "http://localhost:42356/msi/token"] {
        assert!(format!("{:?}", from(Some(endpoint), Some("x")).unwrap()).contains("msi"), "{endpoint}");
        assert!(matches!(from(Some(endpoint), None), Err(ManagedIdentityError::NoHeader)));
    }
    for endpoint in [
        "http://10.0.0.4/msi/token",
        "https://identity.example/msi/token",
        "http://169.254.169.254.evil.example/",
        "file:///etc/passwd",
        "msi",
        "",
    ] {
        let error = from(Some(endpoint), Some("x")).unwrap_err();
        assert!(error.to_string().starts_with("IDENTITY_ENDPOINT"), "{error}");
    }
}

/// Run again in a process whose environment names a proxy that is not there.
#[test]
fn an_identity_is_asked_without_a_proxy() {
    let test = "identity::a_machine_is_asked_for_the_service_by_name_and_with_its_header";
    let mut again = Command::new(std::env::current_exe().unwrap());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        again.env(name, "http://127.0.0.1:9");
    }
    let output = again.args(["--exact", test]).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    assert!(output.contains("1 passed"), "{output}");
}
