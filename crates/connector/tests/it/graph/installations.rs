use futures_util::TryStreamExt as _;
use pregon_connector::ConnectorError;
use pregon_connector::graph::{InstallationId, Installed, ResourcePermission, UserKey};
use pregon_model::{CatalogAppId, ConversationId, GroupId, ObjectId};
use serde_json::json;

use super::{Desk, page};
use crate::service::Reply;

fn app() -> CatalogAppId {
    CatalogAppId::new("cat-1")
}

fn ada() -> ObjectId {
    ObjectId::new("ada")
}

#[tokio::test]
async fn installing_twice_is_success_twice_for_people_teams_and_chats() {
    let conflict = r#"{"error":{"code":"Conflict","message":"x","innerError":{"code":"AppEntitlementAlreadyExists"}}}"#;
    let desk =
        Desk::answering([Reply::new(201, ""), Reply::new(409, conflict), Reply::new(200, ""), Reply::new(201, "")])
            .await;
    let graph = desk.graph();
    assert_eq!(graph.apps_of_user(&ada()).add(&app()).await.unwrap(), Installed::Now);
    assert_eq!(graph.apps_of_user(UserKey::Upn("a#b@x.y")).add(&app()).await.unwrap(), Installed::Already);
    assert_eq!(graph.apps_of_team(&GroupId::new("group")).add(&app()).await.unwrap(), Installed::Now);
    let chat = ConversationId::new("19:x@thread.v2");
    assert_eq!(graph.apps_of_chat(&chat).add(&app()).await.unwrap(), Installed::Now);
    let asked = desk.service.asked();
    let targets: Vec<_> = asked.iter().map(|asked| (asked.method.as_str(), asked.target.as_str())).collect();
    let want = [
        ("POST", "/v1.0/users/ada/teamwork/installedApps"),
        ("POST", "/v1.0/users/a%23b%40x.y/teamwork/installedApps"),
        ("POST", "/v1.0/teams/group/installedApps"),
        ("POST", "/v1.0/chats/19%3Ax%40thread.v2/installedApps"),
    ];
    assert_eq!(targets, want);
    let bind = desk.link("appCatalogs/teamsApps/cat-1");
    for asked in asked {
        assert_eq!(asked.json(), json!({"teamsApp@odata.bind": bind}));
        assert_eq!(asked.header("content-type"), "application/json; charset=utf-8");
    }
}

#[tokio::test]
async fn a_refused_install_says_why() {
    let desk = Desk::answering([
        Reply::error(403, "Authorization_RequestDenied").header("request-id", "r"),
        Reply::error(429, "TooManyRequests").header("retry-after", "9"),
        Reply::error(404, "NotFound"),
        Reply::error(400, "BadRequest"),
    ])
    .await;
    let graph = desk.graph();
    let (ada, app) = (ada(), app());
    let install = || graph.apps_of_user(&ada).add(&app);
    let error = install().await.unwrap_err();
    assert!(matches!(error, ConnectorError::Refused(_)) && error.is("Authorization_RequestDenied"));
    assert_eq!(error.details().unwrap().correlation, [("request-id".to_owned(), "r".to_owned())]);
    let error = install().await.unwrap_err();
    assert!(matches!(error, ConnectorError::Throttled(_)), "{error}");
    assert_eq!(error.retry_after().unwrap().as_secs(), 9);
    assert_eq!(install().await.unwrap_err().status(), Some(404), "an unknown person is an error here");
    assert_eq!(install().await.unwrap_err().status(), Some(400));
}

#[tokio::test]
async fn resource_specific_permissions_are_consented_to_with_an_install_and_an_upgrade() {
    let desk = Desk::answering([Reply::new(201, ""), Reply::new(204, ""), Reply::new(204, "")]).await;
    let apps = desk.graph().apps_of_chat(&ConversationId::new("19:x"));
    let consent = [
        ResourcePermission::application("TeamsActivity.Send.Chat"),
        ResourcePermission::delegated("ChatMember.Read.Chat"),
    ];
    apps.add_with_consent(&app(), &consent).await.unwrap();
    apps.upgrade_with_consent(&InstallationId::new("i=="), &consent).await.unwrap();
    apps.upgrade(&InstallationId::new("i==")).await.unwrap();
    let permissions = json!({"resourceSpecificPermissions": [
        {"permissionValue": "TeamsActivity.Send.Chat", "permissionType": "application"},
        {"permissionValue": "ChatMember.Read.Chat", "permissionType": "delegated"},
    ]});
    let asked = desk.service.asked();
    assert_eq!(asked[0].json()["consentedPermissionSet"], permissions);
    assert_eq!(asked[1].json(), json!({"consentedPermissionSet": permissions}));
    assert_eq!(asked[1].target, "/v1.0/chats/19%3Ax/installedApps/i%3D%3D/upgrade");
    assert_eq!(asked[2].json(), json!({}));
}

#[tokio::test]
async fn an_installation_leads_to_its_chat_and_can_be_removed() {
    let installed = json!([{"id": "YWRh#x==", "consentedPermissionSet": null, "teamsApp": {"id": "cat-1"},
                            "teamsAppDefinition": {"version": "1.2.0"}}]);
    let desk = Desk::answering([
        page(&installed),
        Reply::new(200, r#"{"id":"19:ada_app@unq.gbl.spaces","chatType":"oneOnOne"}"#),
        Reply::error(404, "NotFound"),
        Reply::new(204, ""),
        Reply::error(404, "NotFound"),
        page(&json!([])),
    ])
    .await;
    let graph = desk.graph();
    let apps = graph.apps_of_user(&ada());
    let installation = apps.find(&app()).await.unwrap().unwrap();
    assert_eq!(installation.id, InstallationId::new("YWRh#x=="));
    assert_eq!(installation.teams_app.unwrap().id, app());
    assert_eq!(installation.teams_app_definition.unwrap().version.as_deref(), Some("1.2.0"));
    let chat = apps.chat(&installation.id).await.unwrap();
    assert_eq!(chat, Some(ConversationId::new("19:ada_app@unq.gbl.spaces")));
    assert_eq!(apps.chat(&installation.id).await.unwrap(), None);
    apps.remove(&installation.id).await.unwrap();
    assert_eq!(apps.remove(&installation.id).await.unwrap_err().status(), Some(404));
    assert_eq!(graph.apps_of_team(&GroupId::new("group")).find(&app()).await.unwrap(), None);
    let lookup = "installedApps?$expand=teamsApp,teamsAppDefinition&$filter=teamsApp/id eq 'cat-1'";
    let one = "/users/ada/teamwork/installedApps/YWRh#x==";
    let want = [
        format!("GET /users/ada/teamwork/{lookup}"),
        format!("GET {one}/chat"),
        format!("GET {one}/chat"),
        format!("DELETE {one}"),
        format!("DELETE {one}"),
        format!("GET /teams/group/{lookup}"),
    ];
    assert_eq!(desk.calls(), want);
}

#[tokio::test]
async fn installations_are_listed_by_the_id_of_a_manifest() {
    let desk = Desk::answering([page(&json!([{"id": "i"}])), page(&json!([{"id": "j"}]))]).await;
    let apps = desk.graph().apps_of_team(&GroupId::new("g"));
    let all: Vec<_> = apps.list().items().try_collect().await.unwrap();
    assert_eq!((all[0].id.as_str(), &all[0].teams_app), ("i", &None));
    let one: Vec<_> = apps.list().with_definitions().of_manifest("m'1").items().try_collect().await.unwrap();
    assert_eq!(one.len(), 1);
    let filtered = "$expand=teamsApp,teamsAppDefinition&$filter=teamsApp/externalId eq 'm''1'";
    assert_eq!(desk.calls(), ["GET /teams/g/installedApps", &format!("GET /teams/g/installedApps?{filtered}")]);
}

#[tokio::test]
async fn an_id_that_would_name_another_resource_is_never_sent() {
    let desk = Desk::answering([]).await;
    let graph = desk.graph();
    for bad in ["", ".", ".."] {
        let apps = graph.apps_of_user(&ObjectId::new(bad));
        assert!(matches!(apps.add(&app()).await, Err(ConnectorError::BadId)));
        assert!(matches!(apps.list().await, Err(ConnectorError::BadId)));
        let apps = graph.apps_of_user(&ada());
        assert!(matches!(apps.add(&CatalogAppId::new(bad)).await, Err(ConnectorError::BadId)));
        assert!(matches!(apps.remove(&InstallationId::new(bad)).await, Err(ConnectorError::BadId)));
    }
    assert!(desk.calls().is_empty());
}
