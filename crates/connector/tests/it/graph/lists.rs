use std::time::Duration;

use futures_util::TryStreamExt as _;
use pregon_connector::ConnectorError;
use pregon_connector::graph::{Filter, PageLink};
use serde_json::{Value, json};

use super::{Desk, ok, page};
use crate::service::Reply;

fn linked(items: &Value, next: &str) -> Reply {
    ok(&json!({"value": items, "@odata.nextLink": next}))
}

#[tokio::test]
async fn a_list_is_read_page_by_page_and_its_links_are_followed_as_they_are() {
    let desk = Desk::answering([]).await;
    let next = desk.link("users?$top=2&$skiptoken=X%27445%27a/b+c=&$select=id");
    let last = desk.link("users?$skiptoken=last");
    desk.service.answers([
        linked(&json!([{"id": "a"}, {"id": "b"}]), &next),
        linked(&json!([]), &last),
        linked(&Value::Null, &desk.link("users?$skiptoken=very%20last")),
        page(&json!([{"id": "c"}])),
    ]);
    let users = desk.graph().users().filter(Filter::is_not("city", "Lima")).page_size(2);
    let people: Vec<_> = users.items().try_collect().await.unwrap();
    let ids: Vec<_> = people.iter().map(|user| user.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"], "empty pages in between are no end");
    let asked = desk.service.asked();
    assert_eq!(asked[1].target, "/v1.0/users?$top=2&$skiptoken=X%27445%27a/b+c=&$select=id");
    assert_eq!(asked[2].target, "/v1.0/users?$skiptoken=last");
    assert!(asked.iter().all(|asked| asked.header("consistencylevel") == "eventual"), "links do not carry headers");
    assert!(asked.iter().all(|asked| asked.header("authorization") == "Bearer token-1"));
}

#[tokio::test]
async fn a_list_goes_on_from_a_stored_link() {
    let desk = Desk::answering([]).await;
    let next = desk.link("users?$skiptoken=2");
    desk.service.answers([
        ok(&json!({"value": [{"id": "a"}], "@odata.nextLink": next, "@odata.count": 2})),
        page(&json!([{"id": "b"}])),
    ]);
    let first = desk.graph().users().count().await.unwrap();
    assert_eq!((first.items.len(), first.count), (1, Some(2)));
    let stored = serde_json::to_string(&first.next.unwrap()).unwrap();
    let link: PageLink = serde_json::from_str(&stored).unwrap();
    let rest = desk.graph().users().after(&link).await.unwrap();
    assert_eq!((rest.items[0].id.as_str(), rest.next, rest.count), ("b", None, None));
    assert_eq!(desk.service.asked()[1].target, "/v1.0/users?$skiptoken=2");
}

#[tokio::test]
async fn links_that_go_in_a_circle_are_an_error_and_no_loop() {
    let desk = Desk::answering([]).await;
    let (one, two) = (desk.link("users?$skiptoken=1"), desk.link("users?$skiptoken=2"));
    desk.service.answers([&one, &two, &one].map(|link| linked(&json!([{"id": "a"}]), link)));
    let error = desk.graph().users().pages().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(matches!(error, ConnectorError::Unreadable { .. }), "{error}");
    assert_eq!(desk.calls().len(), 3);
}

#[tokio::test]
async fn a_list_ends_with_its_first_error() {
    let desk = Desk::answering([]).await;
    let throttled = Reply::error(429, "TooManyRequests").header("retry-after", "3");
    desk.service.answers([linked(&json!([{"id": "a"}]), &desk.link("users?$skiptoken=2")), throttled]);
    let mut items = Box::pin(desk.graph().users().items());
    assert_eq!(items.try_next().await.unwrap().unwrap().id.as_str(), "a");
    let error = items.try_next().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    assert!(items.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn what_is_no_page_is_an_error_and_not_an_empty_list() {
    let desk = Desk::answering([ok(&json!({})), ok(&json!({"value": {}})), Reply::new(200, "<html>")]).await;
    for _ in 0..3 {
        assert!(matches!(desk.graph().users().await, Err(ConnectorError::Unreadable { .. })));
    }
}

#[tokio::test]
async fn a_page_may_have_eight_mebibytes_and_no_more() {
    let padded = |bytes: usize| ok(&json!({"value": [{"id": "a", "x": "y".repeat(bytes)}]}));
    let desk = Desk::answering([padded(7 << 20), padded(8 << 20)]).await;
    assert_eq!(desk.graph().users().await.unwrap().items.len(), 1);
    assert!(matches!(desk.graph().users().await, Err(ConnectorError::Unreadable { .. })));
}

#[tokio::test]
async fn what_is_wrong_with_a_query_is_told_before_anything_is_sent() {
    let desk = Desk::answering([]).await;
    let users = || desk.graph().users();
    let sixteen = Filter::one_of("id", ["x"; 16]);
    let errors = [
        users().page_size(0).await.unwrap_err(),
        users().page_size(1_000).await.unwrap_err(),
        users().filter(sixteen.clone()).await.unwrap_err(),
        users().filter(sixteen).total().await.unwrap_err(),
    ];
    let said = errors.map(|error| error.to_string());
    let (size, values) = ("page_size must be 1 to 999", "values of a filter must be 1 to 15");
    assert_eq!(said, [size, size, values, values]);
    assert!(desk.calls().is_empty());
}

#[tokio::test]
async fn a_list_this_crate_has_no_name_for_is_read_all_the_same() {
    let desk = Desk::answering([]).await;
    desk.service.answers([linked(&json!([{"id": 1}]), &desk.link("x?$skip=1")), page(&json!([{"id": 2}]))]);
    let owners = desk.graph().raw_list::<Value>(&["groups", "a b", "owners"]).filter(Filter::is_not("a", 1));
    let found: Vec<_> = owners.items().try_collect().await.unwrap();
    assert_eq!(found, [json!({"id": 1}), json!({"id": 2})]);
    assert_eq!(desk.calls(), ["GET /groups/a b/owners?$filter=a ne 1", "GET /x?$skip=1"]);
}
