//! Tokens for a federated token: from a file, and from a managed identity.

use std::time::Duration;

use pregon_auth::{BadFederatedToken, BotTokens, FederatedToken, ManagedIdentity, TokenError, TokenFor, TokenSource};
use pregon_model::AppId;
use serde_json::json;

use crate::service::Service;

fn tokens(service: &Service, credential: FederatedToken) -> BotTokens {
    BotTokens::new(service.http(), service.endpoints(), AppId::new("app"), credential)
        .with_clock(service.clock.clone())
        .with_retries(1, Duration::from_millis(1))
}

/// The assertions that the login service was shown.
fn shown(service: &Service) -> Vec<String> {
    let asked = service.desk.token_requests.lock().unwrap();
    let assertion = |form: &[(String, String)]| {
        let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        assert_eq!(field("client_assertion_type").unwrap(), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        assert_eq!(field("client_secret"), None);
        field("client_assertion").unwrap()
    };
    asked.iter().map(|(_, form)| assertion(form)).collect()
}

#[tokio::test]
async fn the_file_is_read_again_for_every_renewal() {
    let service = Service::start().await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    std::fs::write(&file, "first.token.text\n").unwrap();
    let tokens = tokens(&service, FederatedToken::File(file.clone()));
    tokens.token(&TokenFor::Connector).await.unwrap();
    tokens.token(&TokenFor::Connector).await.unwrap();
    std::fs::write(&file, "second.token.text").unwrap();
    service.clock.advance(Duration::from_hours(1));
    tokens.token(&TokenFor::Connector).await.unwrap();
    assert_eq!(shown(&service), ["first.token.text", "second.token.text"]);
}

#[tokio::test]
async fn a_file_that_holds_no_token_is_named_in_the_error() {
    let service = Service::start().await;
    let dir = tempfile::tempdir().unwrap();
    for (name, content, says) in [
        ("missing", None, "is the token mounted there?"),
        ("empty", Some(Vec::new()), "is empty"),
        ("blank", Some(b" \n".to_vec()), "is empty"),
        ("too-large", Some(vec![b'A'; 64 * 1024 + 1]), "holds no token"),
        ("words", Some(b"no token here".to_vec()), "holds no token"),
        ("not-utf8", Some(vec![0xff; 9]), "holds no token"),
    ] {
        let file = dir.path().join(name);
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let tokens = tokens(&service, FederatedToken::File(file));
        let error = tokens.token(&TokenFor::Connector).await.unwrap_err();
        assert!(matches!(error, TokenError::FederatedToken(_)) && !error.is_transient());
        let error = error.to_string();
        assert!(error.contains(says) && error.contains(name), "{error}");
    }
    let directory = tokens(&service, FederatedToken::File(dir.path().to_owned()));
    let error = directory.token(&TokenFor::Connector).await.unwrap_err();
    assert!(matches!(error, TokenError::FederatedToken(BadFederatedToken::Unreadable { .. })), "{error}");
    assert_eq!(service.desk.tokens_asked(), 0);
}

#[tokio::test]
async fn the_largest_token_a_file_may_hold_is_taken() {
    let service = Service::start().await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    std::fs::write(&file, vec![b'A'; 64 * 1024]).unwrap();
    tokens(&service, FederatedToken::File(file)).token(&TokenFor::Connector).await.unwrap();
}

#[tokio::test]
async fn the_token_of_a_managed_identity_is_exchanged_for_one_of_the_app() {
    let service = Service::start().await;
    let identity = ManagedIdentity::of_machine("identity").unwrap();
    let identity = identity.at(service.base.join("metadata/identity/oauth2/token").unwrap()).unwrap();
    service.desk.identity_script.lock().unwrap().push_back((429, json!({})));
    let tokens = tokens(&service, FederatedToken::ManagedIdentity(identity));
    tokens.token(&TokenFor::Connector).await.unwrap();
    assert_eq!(shown(&service), ["identity-token"]);
    let asked = service.desk.identity_requests.lock().unwrap();
    assert_eq!(asked.len(), 2, "a transient failure of the identity endpoint is tried again");
    let field = |name: &str| asked[1].2.iter().find(|(key, _)| key == name).unwrap().1.as_str();
    assert_eq!((field("resource"), field("client_id")), ("api://AzureADTokenExchange", "identity"));
}
