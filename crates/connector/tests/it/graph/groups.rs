use futures_util::TryStreamExt as _;
use pregon_connector::graph::{DirectoryObject, Filter};
use pregon_model::GroupId;
use serde_json::{Value, json};

use super::{Desk, ok, page};
use crate::service::Reply;

const PEOPLE: &str =
    "$select=id,displayName,mail,userPrincipalName,preferredLanguage,userType,accountEnabled&$count=true";

fn group() -> GroupId {
    GroupId::new("g")
}

#[tokio::test]
async fn groups_are_read_and_the_teams_among_them() {
    let team =
        json!({"id": "g", "displayName": "Releases", "resourceProvisioningOptions": ["Team"], "groupTypes": null});
    let desk = Desk::answering([
        ok(&team),
        Reply::error(404, "Request_ResourceNotFound"),
        page(&json!([team])),
        page(&json!([])),
    ])
    .await;
    let graph = desk.graph();
    assert!(graph.group(&group()).await.unwrap().unwrap().is_team());
    assert_eq!(graph.group(&group()).await.unwrap(), None);
    let teams: Vec<_> = graph.groups_with_team().items().try_collect().await.unwrap();
    assert_eq!(teams[0].id, group());
    graph.groups().filter(Filter::starts_with("displayName", "A'")).await.unwrap();
    let select = "id,displayName,description,mail,groupTypes,securityEnabled,visibility,resourceProvisioningOptions";
    let want = [
        format!("GET /groups/g?$select={select}"),
        format!("GET /groups/g?$select={select}"),
        format!("GET /groups?$filter=resourceProvisioningOptions/any(a:a eq 'Team')&$select={select}"),
        format!("GET /groups?$filter=startsWith(displayName,'A''')&$select={select}"),
    ];
    assert_eq!(desk.calls(), want);
}

#[tokio::test]
async fn the_people_of_a_group_are_asked_for_with_a_cast() {
    let desk = Desk::answering([page(&json!([{"id": "ada"}])), page(&json!([])), Reply::new(200, "7")]).await;
    let graph = desk.graph();
    let people: Vec<_> = graph.transitive_member_users(&group()).items().try_collect().await.unwrap();
    assert_eq!(people[0].id.as_str(), "ada");
    graph.member_users(&group()).await.unwrap();
    assert_eq!(graph.transitive_member_users(&group()).total().await.unwrap(), 7);
    let want = [
        format!("GET /groups/g/transitiveMembers/microsoft.graph.user?{PEOPLE}"),
        format!("GET /groups/g/members/microsoft.graph.user?{PEOPLE}"),
        "GET /groups/g/transitiveMembers/microsoft.graph.user/$count".to_owned(),
    ];
    assert_eq!(desk.calls(), want);
    assert!(desk.service.asked().iter().all(|asked| asked.header("consistencylevel") == "eventual"));
}

#[tokio::test]
async fn members_of_any_kind_are_kept_as_they_are() {
    let members = json!([
        {"@odata.type": "#microsoft.graph.user", "id": "ada", "displayName": "Ada", "jobTitle": "Analyst"},
        {"@odata.type": "#microsoft.graph.group", "id": "inner", "groupTypes": ["Unified"]},
        {"@odata.type": "#microsoft.graph.device", "id": "phone", "displayName": "Phone", "trustType": "AzureAd"},
        {"@odata.type": "#microsoft.graph.user", "id": "hidden", "displayName": null, "mail": null},
        {"id": "unnamed"},
    ]);
    let desk = Desk::answering([page(&members), page(&members)]).await;
    let found: Vec<_> = desk.graph().members(&group()).items().try_collect().await.unwrap();
    let ids: Vec<_> = found.iter().map(DirectoryObject::id).collect();
    assert_eq!(ids, ["ada", "inner", "phone", "hidden", "unnamed"]);
    assert_eq!(found[0].user().unwrap().extra["jobTitle"], "Analyst");
    assert!(matches!(&found[1], DirectoryObject::Group(group) if group.group_types == ["Unified"]));
    assert!(
        matches!(&found[2], DirectoryObject::Other(other) if other.kind.as_deref() == Some("#microsoft.graph.device"))
    );
    assert!(found[3].user().is_some() && found[4].user().is_none());
    assert_eq!(without_nulls(&members), serde_json::to_value(&found).unwrap());

    desk.graph().transitive_members(&group()).page_size(500).await.unwrap();
    assert_eq!(desk.calls(), ["GET /groups/g/members", "GET /groups/g/transitiveMembers?$top=500"]);
    assert_eq!(desk.service.asked()[0].header("consistencylevel"), "");
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        Value::Object(members) => {
            members.iter().filter(|(_, member)| !member.is_null()).map(|(k, v)| (k.clone(), v.clone())).collect()
        }
        other => other.clone(),
    }
}
