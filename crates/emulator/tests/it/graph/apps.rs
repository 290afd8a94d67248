use pregon_model::ErrorBody;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::setup::{Setup, encoded, message, refusal};

fn bind(setup: &Setup, catalog_id: &str) -> Value {
    json!({"teamsApp@odata.bind": format!("https://graph.microsoft.com/v1.0/appCatalogs/teamsApps/{catalog_id}"),
           "unused": setup.app.name})
}

#[tokio::test]
async fn the_catalogue_is_searched_by_manifest_id() {
    let setup = Setup::start().await;
    let search = async |id: &str| -> Value {
        let filter = format!("externalId eq '{id}'");
        let call = setup.graph(Method::GET, "appCatalogs/teamsApps").query(&[("$filter", filter)]);
        call.send().await.unwrap().json().await.unwrap()
    };
    let found = search(&setup.app.manifest_id).await;
    assert_eq!(found["value"][0]["id"], setup.app.catalog_id);
    assert_eq!(search("other").await["value"], json!([]));
    let odd = setup.graph(Method::GET, "appCatalogs/teamsApps").query(&[("$filter", "x ne 'y'")]).send().await.unwrap();
    assert!(odd.headers().contains_key("request-id"));
    assert_eq!(refusal(odd).await, (400, "BadRequest".to_owned()));
}

#[tokio::test]
async fn an_install_for_a_person_ends_in_a_chat_the_connector_takes() {
    let setup = Setup::start().await;
    let person = setup.person(0);
    let installs = format!("users/{}/teamwork/installedApps", encoded(&person.user_principal_name));
    let install = || setup.graph(Method::POST, &installs).json(&bind(&setup, &setup.app.catalog_id)).send();
    let answer = install().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert!(answer.headers().contains_key("location"));
    setup.emulator.delivered().await;
    assert_eq!(setup.bot.take().len(), 2);

    let again = install().await.unwrap();
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let body = again.bytes().await.unwrap();
    assert_eq!(ErrorBody::inner_code(&body).as_deref(), Some("AppEntitlementAlreadyExists"));

    let filter = format!("teamsApp/id eq '{}'", setup.app.catalog_id);
    let call = setup.graph(Method::GET, &installs).query(&[("$expand", "teamsApp"), ("$filter", &filter)]);
    let list: Value = call.send().await.unwrap().json().await.unwrap();
    let installation = encoded(list["value"][0]["id"].as_str().unwrap());
    let chat: Value = setup
        .graph(Method::GET, &format!("{installs}/{installation}/chat"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let id = chat["id"].as_str().unwrap();
    assert_eq!(id, format!("19:{}_{}@unq.gbl.spaces", person.id, setup.app.app_id));
    setup.emulator.delivered().await;
    assert_eq!(setup.bot.take().len(), 1, "asking for the chat makes Teams tell the bot once more");
    setup.say(&encoded(id), "found you").await;
    assert_eq!(setup.emulator.received_by(&person.id).unwrap().len(), 1);

    let gone = setup.graph(Method::DELETE, &format!("{installs}/{installation}")).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NO_CONTENT);
    assert_eq!(setup.send(&encoded(id), &message("too late")).await.status(), 403);
}

#[tokio::test]
async fn an_install_in_a_team_goes_by_group_id() {
    let setup = Setup::start().await;
    let installs = format!("teams/{}/installedApps", setup.team().group_id);
    let install = || setup.graph(Method::POST, &installs).json(&bind(&setup, &setup.app.catalog_id)).send();
    assert_eq!(install().await.unwrap().status(), 201);
    assert_eq!(install().await.unwrap().status(), 409);
    setup.emulator.delivered().await;
    assert_eq!(setup.bot.take().len(), 2);
    let wrong = format!("teams/{}/installedApps", setup.team().id);
    let call = setup.graph(Method::POST, &wrong).json(&bind(&setup, &setup.app.catalog_id));
    assert_eq!(call.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn an_install_that_names_nothing_known_is_refused() {
    let setup = Setup::start().await;
    let installs = format!("users/{}/teamwork/installedApps", setup.person(0).id);
    let post = |path: String, body: Value| setup.graph(Method::POST, &path).json(&body).send();
    assert_eq!(refusal(post(installs.clone(), json!({})).await.unwrap()).await, (400, "BadRequest".to_owned()));
    let unknown_app = post(installs, bind(&setup, "none")).await.unwrap();
    assert_eq!(refusal(unknown_app).await, (404, "NotFound".to_owned()));
    let nobody = "users/nobody@nowhere.example/teamwork/installedApps".to_owned();
    let nobody = post(nobody, bind(&setup, &setup.app.catalog_id)).await.unwrap();
    assert_eq!(refusal(nobody).await, (404, "Request_ResourceNotFound".to_owned()));
}

#[tokio::test]
async fn an_installation_is_listed_told_upgraded_and_removed_wherever_it_is() {
    let setup = Setup::start().await;
    let (ada, boris) = (setup.person(0), setup.person(1));
    let chat = setup.emulator.create_group_chat(None, &[&ada.id, &boris.id]).unwrap();
    for installs in [
        format!("users/{}/teamwork/installedApps", ada.id),
        format!("teams/{}/installedApps", setup.team().group_id),
        format!("chats/{}/installedApps", encoded(&chat)),
    ] {
        let call = |method: Method, more: &str| setup.graph(method, &format!("{installs}{more}"));
        let installed = call(Method::POST, "").json(&bind(&setup, &setup.app.catalog_id)).send().await.unwrap();
        assert_eq!(installed.status(), 201, "{installs}");
        let list =
            async |query: &str| -> Value { call(Method::GET, query).send().await.unwrap().json().await.unwrap() };
        let bare = list("").await["value"][0].clone();
        assert_eq!((bare.get("teamsApp"), bare["id"].is_string()), (None, true), "only who asks is told more");
        let filter = encoded(&format!("teamsApp/externalId eq '{}'", setup.app.manifest_id));
        let found = list(&format!("?$expand=teamsApp,teamsAppDefinition&$filter={filter}")).await["value"][0].clone();
        assert_eq!(found["teamsApp"]["id"], setup.app.catalog_id);
        assert_eq!(found["teamsAppDefinition"]["teamsAppId"], setup.app.catalog_id);
        let id = encoded(found["id"].as_str().unwrap());
        assert_eq!(call(Method::GET, &format!("/{id}")).send().await.unwrap().status(), 200);
        let upgrade = call(Method::POST, &format!("/{id}/upgrade")).json(&json!({})).send().await.unwrap();
        assert_eq!(upgrade.status(), 204);
        assert_eq!(call(Method::DELETE, &format!("/{id}")).send().await.unwrap().status(), 204);
        assert_eq!(list("").await["value"], json!([]));
        assert_eq!(call(Method::DELETE, &format!("/{id}")).send().await.unwrap().status(), 404);
    }
    let other = encoded(&format!("teamsApp/id eq '{}'", setup.app.catalog_id));
    let nowhere = setup.graph(Method::GET, &format!("chats/19:x@thread.v2/installedApps?$filter={other}"));
    assert_eq!(nowhere.send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn the_catalogue_tells_versions_to_who_asks() {
    let setup = Setup::start().await;
    let call = setup.graph(Method::GET, "appCatalogs/teamsApps?$expand=appDefinitions");
    let apps: Value = call.send().await.unwrap().json().await.unwrap();
    assert_eq!(apps["value"][0]["appDefinitions"][0]["publishingState"], "published");
}
