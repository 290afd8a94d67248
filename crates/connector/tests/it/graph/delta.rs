use futures_util::TryStreamExt as _;
use pregon_connector::ConnectorError;
use pregon_connector::graph::{Change, DeltaError, DeltaLink, DirectoryObject, Removal};
use pregon_model::{GroupId, ObjectId};
use serde_json::{Value, json};

use super::{Desk, ok};
use crate::service::Reply;

const SELECT: &str = "id,displayName,mail,userPrincipalName,preferredLanguage,userType,accountEnabled";

fn delta(items: &Value, link: (&str, &str)) -> Reply {
    ok(&json!({"@odata.context": "…", "value": items, link.0: link.1}))
}

#[tokio::test]
async fn a_first_round_reads_everything_and_ends_with_a_link_for_the_next() {
    let desk = Desk::answering([]).await;
    let next = desk.link("users/delta?$skiptoken=1");
    let again = desk.link("users/delta?$skiptoken=2");
    let done = desk.link("users/delta?$deltatoken=d%2B1");
    desk.service.answers([
        delta(&json!([{"id": "ada", "displayName": "Ada"}]), ("@odata.nextLink", &next)),
        delta(&json!([]), ("@odata.nextLink", &again)),
        delta(
            &json!([{"id": "bob", "@removed": {"reason": "changed"}}, {"id": "eve", "@removed": {"reason": "deleted"}},
                    {"id": "zoe", "@removed": {"reason": "new reason"}}, {"id": "tom", "@removed": {}},
                    {"id": "ann", "@removed": null}]),
            ("@odata.deltaLink", &done),
        ),
    ]);
    let pages: Vec<_> = desk.graph().user_changes().pages().try_collect().await.unwrap();
    let links: Vec<_> = pages.iter().map(|page| (page.link.as_str(), page.complete)).collect();
    assert_eq!(links, [(next.as_str(), false), (&again, false), (&done, true)]);
    assert!(matches!(&pages[0].changes[0], Change::Present(user) if user.display_name.as_deref() == Some("Ada")));
    let removed: Vec<_> = pages[2]
        .changes
        .iter()
        .map(|change| match change {
            Change::Removed { id, removal } => (id.as_str(), removal.clone()),
            Change::Present(user) => (user.id.as_str(), Removal::Other("present".into())),
        })
        .collect();
    let other = |reason: &str| Removal::Other(reason.into());
    let want = [
        ("bob", Removal::Restorable),
        ("eve", Removal::Final),
        ("zoe", other("new reason")),
        ("tom", other("")),
        ("ann", other("present")),
    ];
    assert_eq!(removed, want);
    let calls = desk.calls();
    assert_eq!(calls[0], format!("GET /users/delta?$select={SELECT}"));
    assert_eq!(desk.service.asked()[2].target, "/v1.0/users/delta?$skiptoken=2");
}

#[tokio::test]
async fn the_next_round_goes_on_from_a_stored_link() {
    let desk = Desk::answering([]).await;
    let (stored, next) = (desk.link("users/delta?$deltatoken=d%2B1"), desk.link("users/delta?$deltatoken=d2"));
    desk.service.answers([delta(&json!([]), ("@odata.deltaLink", &next))]);
    let link: DeltaLink = serde_json::from_value(json!(stored)).unwrap();
    let page = desk.graph().user_changes().since(&link).page_size(50).await.unwrap();
    assert_eq!((page.link, page.complete, page.changes.len()), (DeltaLink::new(next), true, 0));
    let asked = &desk.service.asked()[0];
    assert_eq!(asked.target, "/v1.0/users/delta?$deltatoken=d%2B1", "verbatim");
    assert_eq!(asked.header("prefer"), "odata.maxpagesize=50");
}

#[tokio::test]
async fn a_delta_can_be_narrowed_or_begin_now() {
    let desk = Desk::answering([]).await;
    let link = desk.link("users/delta?$deltatoken=d");
    desk.service.answers((0..2).map(|_| delta(&json!([]), ("@odata.deltaLink", &link))));
    let ids = [ObjectId::new("a'b"), ObjectId::new("c")];
    desk.graph().user_changes().select(&["id", "displayName"]).only(&ids).await.unwrap();
    desk.graph().user_changes().select(&["id"]).latest().await.unwrap();
    let want = [
        "GET /users/delta?$select=id,displayName&$filter=(id eq 'a''b' or id eq 'c')",
        "GET /users/delta?$select=id&$deltatoken=latest",
    ];
    assert_eq!(desk.calls(), want);
    for count in [0, 51] {
        let error = desk.graph().user_changes().only(&vec![ids[0].clone(); count]).await.unwrap_err();
        assert_eq!(error.to_string(), "only takes 1 to 50 ids");
    }
    let error = desk.graph().user_changes().page_size(0).await.unwrap_err();
    assert_eq!(error.to_string(), "page_size must be 1 to 999");
    assert_eq!(desk.calls().len(), 2);
}

#[tokio::test]
async fn a_group_tells_who_came_and_who_left() {
    let desk = Desk::answering([]).await;
    let link = desk.link("groups/delta?$deltatoken=d");
    let group = json!({"id": "g", "displayName": "Releases", "members@delta": [
        {"@odata.type": "#microsoft.graph.user", "id": "ada"},
        {"@odata.type": "#microsoft.graph.user", "id": "bob", "@removed": {"reason": "deleted"}},
        {"@odata.type": "#microsoft.graph.device", "id": "phone"},
    ]});
    let gone = json!({"id": "h", "@removed": {"reason": "deleted"}});
    desk.service.answers([delta(&json!([group, gone]), ("@odata.deltaLink", &link))]);
    let page = desk.graph().group_changes().select(&["displayName"]).with_members().await.unwrap();
    let Change::Present(found) = &page.changes[0] else { panic!("{page:?}") };
    let came: Vec<_> = found.member_changes.iter().map(|change| matches!(change, Change::Present(_))).collect();
    assert_eq!(came, [true, false, true]);
    assert!(
        matches!(&found.member_changes[0], Change::Present(DirectoryObject::User(user)) if user.id.as_str() == "ada")
    );
    assert_eq!(page.changes[1], Change::Removed { id: GroupId::new("h"), removal: Removal::Final });
    assert_eq!(desk.calls(), ["GET /groups/delta?$select=displayName,members"]);
    let again = serde_json::to_value(&page.changes).unwrap();
    assert_eq!(again[1], gone);
    assert_eq!(again[0]["members@delta"][1], json!({"id": "bob", "@removed": {"reason": "deleted"}}));
}

#[tokio::test]
async fn a_link_that_is_no_longer_good_means_starting_over() {
    let desk = Desk::answering([]).await;
    let fresh = desk.link("users/delta?$deltatoken=");
    desk.service.answers([
        Reply::error(410, "anything").header("location", &fresh),
        Reply::error(400, "SyncStateNotFound"),
        Reply::error(404, "resyncRequired"),
        Reply::error(400, "Request_BadRequest"),
        Reply::error(503, "ServiceUnavailable"),
    ]);
    let old = DeltaLink::new(desk.link("users/delta?$deltatoken=old"));
    let read = async || desk.graph().user_changes().since(&old).pages().try_collect::<Vec<_>>().await.unwrap_err();
    let DeltaError::StartOver { from, source } = read().await else { panic!() };
    assert_eq!((from, source.status()), (Some(DeltaLink::new(fresh)), Some(410)));
    for _ in 0..2 {
        assert!(matches!(read().await, DeltaError::StartOver { from: None, .. }));
    }
    assert!(matches!(read().await, DeltaError::Call(ConnectorError::Refused(_))));
    assert!(matches!(read().await, DeltaError::Call(ConnectorError::Transient(_))), "the same link may be tried again");
}

#[tokio::test]
async fn a_page_without_a_way_on_is_an_error() {
    let desk = Desk::answering([ok(&json!({"value": []})), Reply::new(200, "{")]).await;
    let error = desk.graph().user_changes().await.unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("no link to go on with"), "{source}");
    assert!(matches!(desk.graph().user_changes().await, Err(DeltaError::Call(ConnectorError::Unreadable { .. }))));
}

#[tokio::test]
async fn links_that_go_in_a_circle_end_the_round_with_an_error() {
    let desk = Desk::answering([]).await;
    let link = desk.link("users/delta?$skiptoken=1");
    desk.service.answers((0..2).map(|_| delta(&json!([]), ("@odata.nextLink", &link))));
    let error = desk.graph().user_changes().pages().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(matches!(error, DeltaError::Call(ConnectorError::Unreadable { .. })));
    assert_eq!(desk.calls().len(), 2);
}
