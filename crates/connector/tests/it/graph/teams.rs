use futures_util::TryStreamExt as _;
use pregon_connector::Method;
use pregon_connector::graph::Filter;
use pregon_model::{CatalogAppId, GroupId, ObjectId, TeamId};
use serde_json::json;

use super::{Desk, ok, page};
use crate::service::Reply;

fn team() -> GroupId {
    GroupId::new("group")
}

#[tokio::test]
async fn a_team_is_told_with_the_id_the_connector_knows_it_by() {
    let body = json!({"id": "group", "displayName": "Releases", "internalId": "19:t@thread.tacv2",
                      "isArchived": false, "memberSettings": {"allowCreateUpdateChannels": true}});
    let desk = Desk::answering([ok(&body), Reply::error(404, "NotFound"), page(&json!([body]))]).await;
    let found = desk.graph().team(&team()).await.unwrap().unwrap();
    assert_eq!(found.internal_id, Some(TeamId::new("19:t@thread.tacv2")));
    assert_eq!(serde_json::to_value(&found).unwrap(), body, "what has no field is kept");
    assert_eq!(desk.graph().team(&team()).await.unwrap(), None);
    desk.graph().teams().filter(Filter::is_not("displayName", "A")).page_size(20).await.unwrap();
    let list = "GET /teams?$filter=displayName ne 'A'&$top=20";
    assert_eq!(desk.calls(), ["GET /teams/group", "GET /teams/group", list]);
    assert_eq!(desk.service.asked()[2].header("consistencylevel"), "", "teams know no advanced queries");
}

#[tokio::test]
async fn channels_are_read_the_teams_own_and_those_shared_with_it() {
    let general = json!({"id": "19:c", "displayName": "General", "membershipType": "standard", "email": null});
    let shared = json!({"id": "19:s", "membershipType": "shared", "tenantId": "other"});
    let desk = Desk::answering([page(&json!([general])), page(&json!([general, shared])), ok(&general)]).await;
    let graph = desk.graph();
    let channels: Vec<_> = graph.channels(&team()).items().try_collect().await.unwrap();
    assert_eq!(channels[0].membership_type.as_deref(), Some("standard"));
    let all: Vec<_> = graph.all_channels(&team()).items().try_collect().await.unwrap();
    assert_eq!(all[1].tenant_id.as_ref().unwrap().as_str(), "other");
    assert_eq!(graph.primary_channel(&team()).await.unwrap().unwrap().id.as_str(), "19:c");
    let want = ["GET /teams/group/channels", "GET /teams/group/allChannels", "GET /teams/group/primaryChannel"];
    assert_eq!(desk.calls(), want);
}

#[tokio::test]
async fn the_members_of_a_team_have_roles() {
    let members = json!([
        {"@odata.type": "#microsoft.graph.aadUserConversationMember", "id": "m1", "userId": "ada", "email": "a@x.y",
         "roles": ["owner"]},
        {"id": "m2", "userId": "bob", "roles": ["guest"], "tenantId": "other"},
        {"id": "m3", "userId": null, "roles": null},
    ]);
    let desk = Desk::answering([page(&members)]).await;
    let found: Vec<_> = desk.graph().team_members(&team()).items().try_collect().await.unwrap();
    assert!(found[0].is_owner() && !found[0].is_guest() && found[1].is_guest());
    assert_eq!((found[0].user_id.as_ref().unwrap().as_str(), found[0].id.as_str()), ("ada", "m1"));
    assert_eq!((&found[2].user_id, found[2].is_owner()), (&None, false));
    assert_eq!(desk.calls(), ["GET /teams/group/members"]);
}

#[tokio::test]
async fn a_persons_teams_and_chats_are_listed() {
    let chats = json!([{"id": "19:c@unq.gbl.spaces", "chatType": "oneOnOne", "topic": null}]);
    let desk = Desk::answering([page(&json!([{"id": "group"}])), page(&chats), page(&chats)]).await;
    let (graph, ada) = (desk.graph(), ObjectId::new("ada"));
    let teams: Vec<_> = graph.joined_teams(&ada).items().try_collect().await.unwrap();
    assert_eq!(teams[0].id, team());
    let found: Vec<_> = graph.chats(&ada).items().try_collect().await.unwrap();
    assert_eq!(found[0].chat_type.as_deref(), Some("oneOnOne"));
    graph.chats_with_app(&ada, &CatalogAppId::new("cat'1")).await.unwrap();
    let with_app = "GET /users/ada/chats?$filter=installedApps/any(a:a/teamsApp/id eq 'cat''1')";
    assert_eq!(desk.calls(), ["GET /users/ada/joinedTeams", "GET /users/ada/chats", with_app]);
}

#[tokio::test]
async fn any_other_call_has_our_token_and_our_errors() {
    let desk = Desk::answering([Reply::new(200, "17"), Reply::new(401, ""), Reply::new(200, "18")]).await;
    let count = async || desk.graph().raw(Method::GET, &["users", "$count"]).await.unwrap().json::<u32>().unwrap();
    assert_eq!(count().await, 17);
    assert_eq!(count().await, 18, "a refused token is replaced here too");
}
