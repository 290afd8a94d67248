use pregon_connector::graph::{Installed, Priority, Throttling};
use pregon_model::{CatalogAppId, ObjectId};
use serde_json::json;

use super::{Desk, ok, page};
use crate::service::Reply;

#[tokio::test]
async fn what_a_call_cost_is_told_on_request() {
    let desk = Desk::answering([
        ok(&json!({"id": "ada"})).header("x-ms-resource-unit", "1").header("x-ms-throttle-limit-percentage", "0.93"),
        page(&json!([])).header("x-ms-resource-unit", "2"),
        ok(&json!({"id": "ada"})).header("x-ms-resource-unit", "many"),
        Reply::error(409, "Conflict").header("x-ms-resource-unit", "4"),
    ])
    .await;
    let (graph, ada) = (desk.graph(), ObjectId::new("ada"));
    let metered = graph.user(&ada).metered().await.unwrap();
    assert_eq!(metered.value.unwrap().id, ada);
    assert_eq!((metered.throttling.resource_units, metered.throttling.limit_used), (Some(1), Some(0.93)));
    assert_eq!(graph.users().await.unwrap().throttling.resource_units, Some(2));
    assert_eq!(graph.user(&ada).metered().await.unwrap().throttling, Throttling::default());
    let again = graph.apps_of_user(&ada).add(&CatalogAppId::new("a")).metered().await.unwrap();
    assert_eq!((again.value, again.throttling.resource_units), (Installed::Already, Some(4)));
}

#[tokio::test]
async fn a_share_of_the_limit_that_is_no_share_is_not_told() {
    for text in ["NaN", "inf", "-0.9", "1e999", "most"] {
        let desk = Desk::answering([page(&json!([])).header("x-ms-throttle-limit-percentage", text)]).await;
        assert_eq!(desk.graph().users().await.unwrap().throttling.limit_used, None, "{text}");
    }
}

#[tokio::test]
async fn a_throttled_call_says_how_long_and_what_was_exceeded() {
    let desk = Desk::answering([Reply::error(429, "TooManyRequests")
        .header("retry-after", "17")
        .header("x-ms-throttle-scope", "Tenant_Application/ReadWrite/app/tenant")
        .header("x-ms-throttle-information", "ResourceUnitLimitExceeded")])
    .await;
    let error = desk.graph().user(&ObjectId::new("ada")).metered().await.unwrap_err();
    assert_eq!(error.retry_after().unwrap().as_secs(), 17);
    let throttling = Throttling::of(error.details().unwrap());
    assert_eq!(throttling.scope.as_deref(), Some("Tenant_Application/ReadWrite/app/tenant"));
    assert_eq!(throttling.information.as_deref(), Some("ResourceUnitLimitExceeded"));
}

#[tokio::test]
async fn a_priority_goes_with_every_call_and_every_page() {
    let desk = Desk::answering([]).await;
    let next = desk.link("users?$skiptoken=2");
    desk.service.answers([
        ok(&json!({"value": [], "@odata.nextLink": next})),
        page(&json!([])),
        Reply::new(404, ""),
        Reply::new(404, ""),
    ]);
    let low = desk.graph().priority(Priority::Low);
    let link = low.users().await.unwrap().next.unwrap();
    low.users().after(&link).await.unwrap();
    desk.graph().priority(Priority::High).user(&ObjectId::new("ada")).await.unwrap();
    desk.graph().user(&ObjectId::new("ada")).await.unwrap();
    let sent: Vec<_> =
        desk.service.asked().iter().map(|asked| asked.header("x-ms-throttle-priority").to_owned()).collect();
    assert_eq!(sent, ["low", "low", "high", ""]);
}
