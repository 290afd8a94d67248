use futures_util::TryStreamExt as _;
use pregon_connector::ConnectorError;
use pregon_connector::graph::{DeltaError, DeltaLink, PageLink};
use serde_json::json;

use super::{Desk, ok};
use crate::service::Service;

#[tokio::test]
async fn a_link_that_leads_away_is_refused_and_no_token_follows_it() {
    let elsewhere = Service::start().await;
    let desk = Desk::answering([]).await;
    let host = desk.service.base.host_str().unwrap().to_owned();
    let port = desk.service.base.port().unwrap();
    let foreign = [
        format!("{}v1.0/users?$skiptoken=secret", elsewhere.base),
        format!("https://{host}:{port}/v1.0/users?$skiptoken=secret"),
        format!("http://localhost:{port}/v1.0/users?$skiptoken=secret"),
        format!("http://{host}:{port}@evil.example/v1.0/users?$skiptoken=secret"),
        format!("http://user:secret@{host}:{port}/v1.0/users"),
        "https://graph.microsoft.com.evil.example/v1.0/users?secret".to_owned(),
        "//evil.example/secret".to_owned(),
        "/v1.0/users?secret".to_owned(),
        "data:text/plain,secret".to_owned(),
        String::new(),
    ];
    for link in foreign {
        let errors = [
            desk.graph().users().after(&PageLink::new(&link)).await.unwrap_err(),
            match desk.graph().user_changes().since(&DeltaLink::new(&link)).await {
                Err(DeltaError::Call(error)) => error,
                other => panic!("{other:?}"),
            },
        ];
        for error in errors {
            assert!(matches!(error, ConnectorError::Untrusted(_)), "{link:?}: {error}");
            assert!(!error.to_string().contains("secret"), "{error}");
            assert!(error.to_string().contains(&format!("must lead to http://{host}:{port}")), "{error}");
        }
    }
    assert!(desk.calls().is_empty() && elsewhere.asked().is_empty());
    assert!(desk.service.tokens.targets.lock().unwrap().is_empty(), "not even a token was asked for");
}

#[tokio::test]
async fn a_page_is_given_before_its_foreign_link_is_refused() {
    let elsewhere = Service::start().await;
    let link = format!("{}v1.0/users?$skiptoken=2", elsewhere.base);
    let desk = Desk::answering([ok(&json!({"value": [{"id": "a"}], "@odata.nextLink": link}))]).await;
    let mut items = Box::pin(desk.graph().users().items());
    assert_eq!(items.try_next().await.unwrap().unwrap().id.as_str(), "a");
    assert!(matches!(items.try_next().await, Err(ConnectorError::Untrusted(_))));
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn an_empty_link_is_none() {
    let desk = Desk::answering([]).await;
    let done = desk.link("users/delta?$deltatoken=1");
    desk.service.answers([
        ok(&json!({"value": [], "@odata.nextLink": ""})),
        ok(&json!({"value": [], "@odata.nextLink": "", "@odata.deltaLink": done})),
        ok(&json!({"value": [], "@odata.deltaLink": ""})),
    ]);
    assert_eq!(desk.graph().users().await.unwrap().next, None);
    let page = desk.graph().user_changes().await.unwrap();
    assert_eq!((page.link.as_str(), page.complete), (done.as_str(), true), "it hides no other");
    let error = desk.graph().user_changes().await.unwrap_err();
    assert!(matches!(error, DeltaError::Call(ConnectorError::Unreadable { .. })), "{error}");
}
