use futures_util::TryStreamExt as _;
use pregon_auth::TokenFor;
use pregon_connector::graph::Filter;
use pregon_model::{CatalogAppId, TenantId};
use serde_json::json;

use super::{Desk, page};

#[tokio::test]
async fn an_app_is_found_by_the_id_of_its_manifest() {
    let found = json!([{"id": "cat-1", "externalId": "m'1", "displayName": "Pregón", "newField": [1]}]);
    let desk = Desk::answering([page(&found), page(&json!([]))]).await;
    let app = desk.graph().catalog_app("m'1").await.unwrap().unwrap();
    assert_eq!((app.id, &app.extra["newField"]), (CatalogAppId::new("cat-1"), &json!([1])));
    assert_eq!(desk.graph().catalog_app("other").await.unwrap(), None);
    let want = "/v1.0/appCatalogs/teamsApps?$filter=externalId%20eq%20%27m%27%271%27";
    assert_eq!(desk.service.asked()[0].target, want);
    assert_eq!(desk.service.tokens.targets.lock().unwrap()[0], TokenFor::Graph(TenantId::new("customer")));
}

#[tokio::test]
async fn the_catalogue_is_listed_with_its_versions() {
    let definition = json!({"id": "d", "teamsAppId": "a", "azureADAppId": "e", "version": "1.2.0",
                            "publishingState": "published", "displayName": null});
    let desk = Desk::answering([page(&json!([{"id": "a", "appDefinitions": [definition]},
                                             {"id": "b", "appDefinitions": null}]))])
    .await;
    let own = Filter::is("distributionMethod", "organization");
    let apps: Vec<_> = desk.graph().catalog_apps().with_definitions().filter(own).items().try_collect().await.unwrap();
    assert_eq!(apps[0].app_definitions[0].azure_ad_app_id.as_ref().unwrap().as_str(), "e");
    assert_eq!(apps[0].app_definitions[0].publishing_state.as_deref(), Some("published"));
    assert!(apps[1].app_definitions.is_empty());
    let want = "GET /appCatalogs/teamsApps?$expand=appDefinitions&$filter=distributionMethod eq 'organization'";
    assert_eq!(desk.calls(), [want]);
}
