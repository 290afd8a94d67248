use pregon_auth::TokenFor;
use pregon_connector::{ConnectorError, InstallationId, Installed, Method, UserKey};
use pregon_model::{CatalogAppId, ConversationId, GroupId, ObjectId, TenantId};
use serde_json::json;

use crate::service::{Reply, Service};

fn tenant() -> TenantId {
    TenantId::new("customer")
}

fn app() -> CatalogAppId {
    CatalogAppId::new("cat-1")
}

#[tokio::test]
async fn an_app_is_found_by_the_id_of_its_manifest() {
    let service = Service::start().await;
    let graph = service.graph();
    let found = json!({"value": [{"id": "cat-1", "externalId": "m'1", "displayName": "Pregón"}]});
    service.answers([Reply::new(200, found.to_string()), Reply::new(200, r#"{"value":[]}"#)]);
    assert_eq!(graph.tenant(&tenant()).catalog_app("m'1").await.unwrap().unwrap().id, app());
    assert_eq!(graph.tenant(&tenant()).catalog_app("other").await.unwrap(), None);
    let want = "/v1.0/appCatalogs/teamsApps?$filter=externalId%20eq%20%27m%27%271%27";
    assert_eq!(service.asked()[0].target, want);
    assert_eq!(service.tokens.targets.lock().unwrap()[0], TokenFor::Graph(tenant()));
}

#[tokio::test]
async fn installing_twice_is_success_twice() {
    let service = Service::start().await;
    let graph = service.graph();
    let conflict = r#"{"error":{"code":"Conflict","message":"x","innerError":{"code":"AppEntitlementAlreadyExists"}}}"#;
    service.answers([Reply::new(201, ""), Reply::new(409, conflict), Reply::new(200, "")]);
    let (graph, ada) = (graph.tenant(&tenant()), ObjectId::new("ada"));
    assert_eq!(graph.install_for_user(&ada, &app()).await.unwrap(), Installed::Now);
    assert_eq!(graph.install_for_user(UserKey::Upn("a#b@x.y"), &app()).await.unwrap(), Installed::Already);
    assert_eq!(graph.install_for_team(&GroupId::new("group"), &app()).await.unwrap(), Installed::Now);
    let asked = service.asked();
    let targets: Vec<_> = asked.iter().map(|asked| asked.target.as_str()).collect();
    let want = [
        "/v1.0/users/ada/teamwork/installedApps",
        "/v1.0/users/a%23b%40x.y/teamwork/installedApps",
        "/v1.0/teams/group/installedApps",
    ];
    assert_eq!(targets, want);
    let bind = format!("{}v1.0/appCatalogs/teamsApps/cat-1", service.base);
    assert_eq!(asked[0].json(), json!({"teamsApp@odata.bind": bind}));
}

#[tokio::test]
async fn a_refused_install_says_why() {
    let service = Service::start().await;
    let graph = service.graph();
    service.answers([
        Reply::error(403, "Authorization_RequestDenied").header("request-id", "r"),
        Reply::error(429, "TooManyRequests").header("retry-after", "9"),
        Reply::error(404, "NotFound"),
    ]);
    let graph = graph.tenant(&tenant());
    let ada = ObjectId::new("ada");
    let error = graph.install_for_user(&ada, &app()).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Refused(_)) && error.is("Authorization_RequestDenied"));
    assert_eq!(error.details().unwrap().correlation, [("request-id".to_owned(), "r".to_owned())]);
    let error = graph.install_for_user(&ada, &app()).await.unwrap_err();
    assert!(
        matches!(error, ConnectorError::Throttled(_) if error.retry_after() == Some(std::time::Duration::from_secs(9)))
    );
    let error = graph.install_for_user(&ada, &app()).await.unwrap_err();
    assert_eq!(error.status(), Some(404), "an unknown person is an error here");
}

#[tokio::test]
async fn an_installation_leads_to_its_chat() {
    let service = Service::start().await;
    let graph = service.graph();
    let installed = json!({"value": [{"id": "YWRh#x==", "teamsAppDefinition": {"version": "1.2.0"}}]});
    service.answers([
        Reply::new(200, installed.to_string()),
        Reply::new(200, r#"{"id":"19:ada_app@unq.gbl.spaces","chatType":"oneOnOne"}"#),
        Reply::error(404, "NotFound"),
        Reply::new(200, r#"{"value":[]}"#),
    ]);
    let (graph, ada) = (graph.tenant(&tenant()), ObjectId::new("ada"));
    let installation = graph.installation_for_user(&ada, &app()).await.unwrap().unwrap();
    assert_eq!(installation.id, InstallationId::new("YWRh#x=="));
    assert_eq!(installation.teams_app_definition.unwrap().version.as_deref(), Some("1.2.0"));
    let chat = graph.chat_of_installation(&ada, &installation.id).await.unwrap();
    assert_eq!(chat, Some(ConversationId::new("19:ada_app@unq.gbl.spaces")));
    assert_eq!(graph.chat_of_installation(&ada, &installation.id).await.unwrap(), None);
    assert_eq!(graph.installation_for_team(&GroupId::new("group"), &app()).await.unwrap(), None);
    let asked = service.asked();
    let lookup = "installedApps?$expand=teamsApp%2CteamsAppDefinition&$filter=teamsApp%2Fid%20eq%20%27cat%2D1%27";
    assert_eq!(asked[0].target, format!("/v1.0/users/ada/teamwork/{lookup}"));
    assert_eq!(asked[1].target, "/v1.0/users/ada/teamwork/installedApps/YWRh%23x%3D%3D/chat");
    assert_eq!(asked[3].target, format!("/v1.0/teams/group/{lookup}"));
}

#[tokio::test]
async fn a_person_is_found_or_none() {
    let service = Service::start().await;
    let graph = service.graph();
    let ada =
        json!({"id": "ada", "displayName": "Ada", "mail": null, "userPrincipalName": "ada@x.y", "userType": "Guest"});
    service.answers([Reply::new(200, ada.to_string()), Reply::error(404, "Request_ResourceNotFound")]);
    let graph = graph.tenant(&tenant());
    let profile = graph.user(UserKey::Upn("ada@x.y")).await.unwrap().unwrap();
    assert!(profile.is_guest());
    assert_eq!((profile.mail, profile.preferred_language), (None, None));
    assert_eq!(graph.user(&ObjectId::new("nobody")).await.unwrap(), None);
}

#[tokio::test]
async fn channels_and_any_other_call_are_read() {
    let service = Service::start().await;
    let graph = service.graph();
    let channels = json!({"value": [{"id": "19:c", "displayName": "General", "membershipType": "standard"}]});
    service.answers([
        Reply::new(200, channels.to_string()),
        Reply::new(200, "17"),
        Reply::new(401, ""),
        Reply::new(200, "18"),
    ]);
    let graph = graph.tenant(&tenant());
    let channels = graph.team_channels(&GroupId::new("group")).await.unwrap();
    assert_eq!(channels[0].membership_type.as_deref(), Some("standard"));
    let count: u32 = graph.raw(Method::GET, &["users", "$count"]).await.unwrap().json().unwrap();
    assert_eq!(count, 17);
    let count: u32 = graph.raw(Method::GET, &["users", "$count"]).await.unwrap().json().unwrap();
    assert_eq!(count, 18, "a refused token is replaced here too");
}
