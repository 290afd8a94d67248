use pregon_emulator::{EmulatorConfig, dev};
use serde_json::{Value, json};

use super::{all, eventual, get};
use crate::setup::{Setup, encoded, refusal};

async fn fixed() -> Setup {
    Setup::with(EmulatorConfig::new(dev::world(1, 10))).await
}

#[tokio::test]
async fn teams_are_groups_with_a_mark() {
    let setup = fixed().await;
    assert_eq!(all(&get(&setup, "groups").await, "displayName"), ["Harbor Ops", "Everybody"]);
    for any in ["Any(x:x eq 'Team')", "any(a:a eq 'Team')"] {
        let filter = encoded(&format!("resourceProvisioningOptions/{any}"));
        assert_eq!(all(&get(&setup, &format!("groups?$filter={filter}")).await, "id"), [dev::GROUP_ID], "{any}");
    }
    let group = get(&setup, &format!("groups/{}?$select=id,mail,groupTypes", dev::GROUP_ID)).await;
    assert_eq!((&group["groupTypes"], group.get("displayName")), (&json!(["Unified"]), None));
    setup.emulator.team(dev::GROUP_ID).unwrap().delete();
    assert_eq!(all(&get(&setup, "groups").await, "displayName"), ["Everybody"]);
}

#[tokio::test]
async fn members_of_a_group_within_a_group_are_found_by_looking_deeper() {
    let setup = fixed().await;
    let group = format!("groups/{}", dev::EVERYBODY_GROUP_ID);
    let direct = get(&setup, &format!("{group}/members")).await;
    assert_eq!(
        (all(&direct, "@odata.type"), all(&direct, "id")),
        (vec!["#microsoft.graph.group".to_owned()], vec![dev::GROUP_ID.to_owned()])
    );
    let deep = get(&setup, &format!("{group}/transitiveMembers?$select=id,displayName")).await;
    let kinds = all(&deep, "@odata.type");
    assert_eq!((kinds.len(), kinds.iter().filter(|kind| kind.ends_with("user")).count()), (11, 10));

    let people = format!("{group}/transitiveMembers/microsoft.graph.user");
    let page: Value = eventual(&setup, &format!("{people}?$count=true&$top=4")).await.json().await.unwrap();
    assert_eq!((&page["@odata.count"], all(&page, "id").len()), (&json!(10), 4));
    let next = page["@odata.nextLink"].as_str().unwrap();
    let next = setup.client.get(next).bearer_auth(&setup.graph_token).header("ConsistencyLevel", "eventual");
    assert_eq!(all(&next.send().await.unwrap().json().await.unwrap(), "id").len(), 4);
    assert_eq!(refusal(eventual(&setup, &people).await).await, (400, "Request_UnsupportedQuery".to_owned()));
    assert_eq!(get(&setup, &format!("{people}?$count=true")).await["error"]["code"], "Request_UnsupportedQuery");
    let counted = eventual(&setup, &format!("{people}/$count")).await.text().await.unwrap();
    assert_eq!(counted, "10");
    assert_eq!(eventual(&setup, &format!("{group}/members/$count")).await.text().await.unwrap(), "1");
    assert_eq!(get(&setup, "groups/none/members").await["error"]["code"], "Request_ResourceNotFound");
}
