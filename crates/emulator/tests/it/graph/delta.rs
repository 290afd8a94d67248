use std::time::Duration;

use pregon_emulator::{EmulatorConfig, PersonSpec, dev};
use reqwest::Method;
use serde_json::{Value, json};

use super::all;
use crate::setup::{GRAPH_SCOPE, Setup, encoded, refusal};

async fn fixed() -> Setup {
    Setup::with(EmulatorConfig::new(dev::world(1, 10))).await
}

/// A whole round, page after page: the changes, the sizes of the pages, and the link for the next.
async fn round(setup: &Setup, url: &str, size: usize) -> (Vec<Value>, Vec<usize>, String) {
    let (mut changes, mut sizes, mut url) = (Vec::new(), Vec::new(), url.to_owned());
    loop {
        let call = setup.client.get(&url).bearer_auth(&setup.graph_token);
        let call = call.header("Prefer", format!("return=minimal, odata.maxpagesize={size}"));
        let page: Value = call.send().await.unwrap().json().await.unwrap();
        sizes.push(page["value"].as_array().unwrap_or_else(|| panic!("{page}")).len());
        changes.extend(page["value"].as_array().unwrap().clone());
        match (page["@odata.nextLink"].as_str(), page["@odata.deltaLink"].as_str()) {
            (Some(next), None) => next.clone_into(&mut url),
            (None, Some(link)) => return (changes, sizes, link.to_owned()),
            both => panic!("one of the two links, not {both:?}"),
        }
    }
}

fn first(setup: &Setup, query: &str) -> String {
    format!("{}/v1.0/{query}", setup.emulator.base_url())
}

#[tokio::test]
async fn people_who_come_change_and_go_are_told_once_each() {
    let setup = fixed().await;
    let start = first(&setup, "users/delta?$select=displayName,accountEnabled");
    let (everybody, sizes, link) = round(&setup, &start, 4).await;
    assert_eq!((everybody.len(), sizes), (10, vec![4, 4, 2]));
    assert_eq!(everybody[0], json!({"id": dev::ADA, "displayName": "Ada Torres", "accountEnabled": true}));
    let (nothing, _, link) = round(&setup, &link, 4).await;
    assert_eq!(nothing, Vec::<Value>::new());

    let gone = setup.person(4).id;
    setup.emulator.account(dev::ADA).unwrap().rename("Ada", "Torres Vega");
    setup.emulator.account(dev::BORIS).unwrap().disable();
    assert!(setup.emulator.account(&gone).unwrap().delete());
    let new = PersonSpec {
        id: "new".to_owned(),
        given_name: "Nia".to_owned(),
        surname: "New".to_owned(),
        email: "nia@harbor.example".to_owned(),
        user_principal_name: "nia@harbor.example".to_owned(),
        locale: "en-GB".to_owned(),
        time_zone: "Etc/UTC".to_owned(),
        guest: false,
        bots: Vec::new(),
    };
    setup.emulator.add_person(dev::TENANT_ID, new.clone()).unwrap();
    assert!(setup.emulator.add_person(dev::TENANT_ID, new).is_err(), "the address is taken");
    let (changes, _, link) = round(&setup, &link, 4).await;
    assert_eq!(
        changes,
        [
            json!({"id": dev::ADA, "displayName": "Ada Torres Vega", "accountEnabled": true}),
            json!({"id": dev::BORIS, "displayName": "Boris Lindqvist", "accountEnabled": false}),
            json!({"id": gone, "@removed": {"reason": "changed"}}),
            json!({"id": "new", "displayName": "Nia New", "accountEnabled": true}),
        ]
    );
    let lookup = setup.graph(Method::GET, &format!("users/{gone}")).send().await.unwrap();
    assert_eq!(lookup.status(), 404);
    assert!(setup.emulator.account(&gone).unwrap().delete_for_good());
    assert!(!setup.emulator.account(&gone).unwrap().restore());
    let (changes, _, _) = round(&setup, &link, 4).await;
    assert_eq!(changes, [json!({"id": gone, "@removed": {"reason": "deleted"}})]);
}

#[tokio::test]
async fn somebody_who_is_deleted_leaves_the_team_and_cannot_be_reached() {
    let setup = Setup::installed().await;
    let person = setup.person(2);
    let chat = setup.chat(&person).await;
    setup.emulator.account(&person.id).unwrap().delete();
    setup.emulator.delivered().await;
    let told = setup.bot.take_one();
    assert_eq!(told["channelData"]["eventType"], "teamMemberRemoved");
    assert_eq!(told["membersRemoved"][0]["aadObjectId"], person.id.as_str());
    let refused = setup.send(&chat, &crate::setup::message("x")).await;
    assert_eq!(refusal(refused).await, (404, "ConversationNotFound".to_owned()));
    let refused = setup.post("conversations", &setup.create_body(&person.bots[0].member_id)).await;
    assert_eq!(refusal(refused).await, (400, "BadArgument".to_owned()));
    assert!(setup.emulator.account(&person.id).unwrap().restore());
    setup.emulator.person(&person.id).unwrap().install();
    setup.say(&chat, "welcome back").await;
}

#[tokio::test]
async fn a_delta_can_begin_now_and_be_narrowed_to_some_people() {
    let setup = fixed().await;
    let (nothing, sizes, link) = round(&setup, &first(&setup, "users/delta?$deltatoken=latest&$select=mail"), 4).await;
    assert_eq!((nothing.len(), sizes.len()), (0, 1));
    setup.emulator.account(dev::ADA).unwrap().disable();
    let (changes, _, _) = round(&setup, &link, 4).await;
    assert_eq!(changes, [json!({"id": dev::ADA, "mail": "ada.torres@harbor-logistics.example"})]);

    let filter = encoded(&format!("id eq '{}' or id eq '{}'", dev::ADA, dev::BORIS));
    let (two, _, link) = round(&setup, &first(&setup, &format!("users/delta?$filter={filter}")), 4).await;
    assert_eq!(two.len(), 2);
    setup.emulator.account(&setup.person(5).id).unwrap().disable();
    assert_eq!(round(&setup, &link, 4).await.0.len(), 0);
    let many = encoded(&vec!["id eq 'x'"; 51].join(" or "));
    for wrong in [format!("users/delta?$filter={many}"), "users/delta?$filter=mail%20eq%20'x'".to_owned()] {
        let refused = setup.graph(Method::GET, &wrong).send().await.unwrap();
        assert_eq!(refusal(refused).await, (400, "BadRequest".to_owned()));
    }
}

#[tokio::test]
async fn a_link_is_good_for_seven_days() {
    let mut setup = fixed().await;
    let (_, _, link) = round(&setup, &first(&setup, "users/delta"), 100).await;
    setup.emulator.advance(Duration::from_hours(6 * 24));
    setup.graph_token = setup.token_for(&setup.tenant, GRAPH_SCOPE).await;
    let (_, _, renewed) = round(&setup, &link, 100).await;
    setup.emulator.advance(Duration::from_hours(2 * 24));
    setup.graph_token = setup.token_for(&setup.tenant, GRAPH_SCOPE).await;
    round(&setup, &renewed, 100).await;
    let expired = setup.client.get(&link).bearer_auth(&setup.graph_token).send().await.unwrap();
    assert_eq!(expired.headers()["location"], first(&setup, "users/delta"));
    assert_eq!(refusal(expired).await, (410, "syncStateNotFound".to_owned()));
    let nonsense = setup.graph(Method::GET, "users/delta?$deltatoken=abc").send().await.unwrap();
    assert_eq!(refusal(nonsense).await, (400, "BadRequest".to_owned()));
}

#[tokio::test]
async fn groups_tell_their_members_in_pieces_and_then_who_comes_and_goes() {
    let setup = fixed().await;
    let (pieces, _, link) = round(&setup, &first(&setup, "groups/delta?$select=displayName,members"), 4).await;
    let members = |group: &Value| group["members@delta"].as_array().map_or(0, Vec::len);
    let of_team: Vec<usize> = pieces.iter().filter(|piece| piece["id"] == dev::GROUP_ID).map(members).collect();
    assert_eq!(of_team, [4, 4, 2], "{pieces:?}");
    assert_eq!(pieces.last().unwrap()["displayName"], "Everybody");
    let everybody = pieces.iter().flat_map(|piece| piece["members@delta"].as_array().cloned().unwrap_or_default());
    assert_eq!(everybody.filter(|member| member["@odata.type"] == "#microsoft.graph.user").count(), 10);

    setup.emulator.person(dev::ADA).unwrap().leave(None).unwrap();
    setup.emulator.rename_team(dev::TEAM_ID, "Harbor Operations").unwrap();
    let (changes, _, link) = round(&setup, &link, 4).await;
    let left = json!([{"id": dev::ADA, "@odata.type": "#microsoft.graph.user", "@removed": {"reason": "deleted"}}]);
    assert_eq!(changes, [json!({"id": dev::GROUP_ID, "displayName": "Harbor Operations", "members@delta": left})]);
    setup.emulator.person(dev::ADA).unwrap().join(None).unwrap();
    let (changes, _, link) = round(&setup, &link, 4).await;
    assert_eq!(all(&json!({"value": changes[0]["members@delta"]}), "id"), [dev::ADA]);
    setup.emulator.team(dev::TEAM_ID).unwrap().delete();
    let (changes, _, _) = round(&setup, &link, 4).await;
    assert_eq!(changes, [json!({"id": dev::GROUP_ID, "@removed": {"reason": "changed"}})]);
}

#[tokio::test]
async fn accounts_change_over_http_as_they_do_in_rust() {
    let setup = fixed().await;
    let act = async |path: &str, body: Value| -> (u16, Value) {
        let answer = setup.control(Method::POST, path).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    };
    let (_, _, link) = round(&setup, &first(&setup, "users/delta"), 100).await;
    let new = json!({"given_name": "Nia", "surname": "New", "email": "nia@harbor.example"});
    let (status, created) = act("people", new.clone()).await;
    assert_eq!(status, 201);
    assert_eq!(act("people", new).await.1["error"]["code"], "taken_address");
    let account = format!("people/{}/account", created["id"].as_str().unwrap());
    let yes = (200, json!({"changed": true}));
    assert_eq!(act(&format!("{account}/rename"), json!({"given_name": "Nia", "surname": "Older"})).await.0, 204);
    for verb in ["disable", "enable", "delete", "restore"] {
        assert_eq!(act(&format!("{account}/{verb}"), json!({})).await, yes, "{verb}");
    }
    assert_eq!(act(&format!("{account}/delete"), json!({"for_good": true})).await, yes);
    assert_eq!(act(&format!("{account}/restore"), json!({})).await, (200, json!({"changed": false})));
    let (changes, _, _) = round(&setup, &link, 100).await;
    assert_eq!(changes[0]["@removed"]["reason"], "deleted");
}
