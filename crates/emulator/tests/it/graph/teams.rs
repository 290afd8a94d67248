use pregon_emulator::{EmulatorConfig, dev};
use reqwest::Method;
use serde_json::{Value, json};

use super::{all, get};
use crate::setup::{Setup, encoded, refusal};

async fn fixed() -> Setup {
    Setup::with(EmulatorConfig::new(dev::world(1, 10))).await
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

#[tokio::test]
async fn a_team_says_what_the_connector_calls_it() {
    let setup = fixed().await;
    assert_eq!(all(&get(&setup, "teams").await, "id"), [dev::GROUP_ID]);
    let team = get(&setup, &format!("teams/{}", dev::GROUP_ID)).await;
    assert_eq!((&team["internalId"], &team["isArchived"]), (&json!(dev::TEAM_ID), &json!(false)));
    let primary = get(&setup, &format!("teams/{}/primaryChannel", dev::GROUP_ID)).await;
    assert_eq!((&primary["id"], &primary["displayName"]), (&json!(dev::TEAM_ID), &json!("General")));
    let channel = get(&setup, &format!("teams/{}/channels/{}", dev::GROUP_ID, encoded(dev::CHANNEL_ID))).await;
    assert_eq!((&channel["displayName"], &channel["membershipType"]), (&json!("Releases"), &json!("standard")));
    setup.emulator.team(dev::TEAM_ID).unwrap().archive();
    assert_eq!(get(&setup, &format!("teams/{}", dev::GROUP_ID)).await["isArchived"], true);
    let unknown = setup.graph(Method::GET, "teams/none/primaryChannel").send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn members_of_a_team_have_addresses_and_roles() {
    let setup = fixed().await;
    let members = get(&setup, &format!("teams/{}/members?$top=4", dev::GROUP_ID)).await;
    assert_eq!((members["value"].as_array().unwrap().len(), members["@odata.nextLink"].is_string()), (4, true));
    let ada = &members["value"][0];
    assert_eq!((&ada["userId"], &ada["roles"]), (&json!(dev::ADA), &json!(["owner"])));
    assert_eq!(ada["@odata.type"], "#microsoft.graph.aadUserConversationMember");
    assert_eq!(ada["email"], "ada.torres@harbor-logistics.example");
    let joined = format!("users/{}/joinedTeams", dev::ADA);
    assert_eq!(all(&get(&setup, &joined).await, "displayName"), ["Harbor Ops"]);
    let paged = setup.graph(Method::GET, &format!("{joined}?$top=5")).send().await.unwrap();
    assert_eq!(refusal(paged).await.0, 400, "it takes no parameters");
    setup.emulator.person(dev::ADA).unwrap().leave(None).unwrap();
    assert_eq!(get(&setup, &joined).await["value"], json!([]));
}

#[tokio::test]
async fn chats_of_a_person_are_found_by_the_app_in_them() {
    let setup = fixed().await;
    let filter = |app: &str| encoded(&format!("installedApps/any(a:a/teamsApp/id eq '{app}')"));
    let chats = async |app: &str| get(&setup, &format!("users/{}/chats?$filter={}", dev::ADA, filter(app))).await;
    let found = chats(dev::CATALOG_ID).await;
    let personal = format!("19:{}_{}@unq.gbl.spaces", dev::ADA, dev::APP_ID);
    assert_eq!(all(&found, "id"), [personal.as_str(), dev::GROUP_CHAT_ID]);
    assert_eq!(all(&found, "chatType"), ["oneOnOne", "group"]);
    assert_eq!(found["value"][0].get("installedApps"), None);
    assert_eq!(chats("other").await["value"], json!([]));
    setup.say(&encoded(&personal), "reached through Graph").await;

    let chat = get(&setup, &format!("chats/{}", encoded(dev::GROUP_CHAT_ID))).await;
    assert_eq!((&chat["topic"], &chat["tenantId"]), (&json!("Shift handover"), &json!(dev::TENANT_ID)));
    let members = get(&setup, &format!("chats/{}/members", encoded(dev::GROUP_CHAT_ID))).await;
    assert_eq!(all(&members, "userId").len(), 3);
    let unknown: Value = get(&setup, "chats/19:none@thread.v2").await;
    assert_eq!(unknown["error"]["code"], "Request_ResourceNotFound");
}
