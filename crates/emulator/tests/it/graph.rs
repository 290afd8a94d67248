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
async fn thirty_installs_fit_in_a_second() {
    let setup = Setup::start().await;
    let people = setup.emulator.people();
    // Tries until all calls of a try fell into one second; a try that was slow proves nothing.
    for _ in 0..10 {
        let begin = std::time::Instant::now();
        let calls = people.iter().take(40).map(|person| {
            let call = setup.graph(Method::POST, &format!("users/{}/teamwork/installedApps", person.id));
            tokio::spawn(call.json(&bind(&setup, &setup.app.catalog_id)).send())
        });
        let mut refused = Vec::new();
        for call in calls.collect::<Vec<_>>() {
            let answer = call.await.unwrap().unwrap();
            if answer.status() == 429 {
                assert_eq!(answer.headers()["retry-after"], "1");
                refused.push(refusal(answer).await);
            }
        }
        if begin.elapsed().as_secs() == 0 {
            assert!(refused.len() >= 10, "{}", refused.len());
            assert_eq!(refused[0], (429, "TooManyRequests".to_owned()));
            return;
        }
    }
    panic!("the machine never sent forty requests in a second");
}

#[tokio::test]
async fn users_and_members_come_in_pages_with_links_to_follow() {
    let setup = Setup::start().await;
    for path in ["users".to_owned(), format!("groups/{}/members", setup.team().group_id)] {
        let mut next =
            Some(format!("{}/v1.0/{path}?$top=25&$select=id,userType,displayName", setup.emulator.base_url()));
        let (mut people, mut pages) = (Vec::new(), 0);
        while let Some(url) = next.take() {
            let answer = setup.client.get(url).bearer_auth(&setup.graph_token).send().await.unwrap();
            let page: Value = answer.json().await.unwrap();
            people.extend(page["value"].as_array().unwrap().clone());
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
            pages += 1;
        }
        assert_eq!((people.len(), pages), (60, 3));
        assert_eq!(people.iter().filter(|person| person["userType"] == "Guest").count(), 1);
        assert!(people[0].get("mail").is_none());
    }
}

#[tokio::test]
async fn a_user_and_the_channels_of_a_team_are_told() {
    let setup = Setup::start().await;
    let person = setup.person(5);
    for key in [&person.id, &person.user_principal_name] {
        let call = setup.graph(Method::GET, &format!("users/{}", encoded(key)));
        let user: Value = call.send().await.unwrap().json().await.unwrap();
        assert_eq!(user["displayName"], person.name.as_str());
    }
    let call = setup.graph(Method::GET, &format!("teams/{}/channels", setup.team().group_id));
    let channels: Value = call.send().await.unwrap().json().await.unwrap();
    assert_eq!(channels["value"][0]["displayName"], "General");
    assert_eq!(channels["value"].as_array().unwrap().len(), 4);
}
