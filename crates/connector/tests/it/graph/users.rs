use futures_util::TryStreamExt as _;
use pregon_connector::ConnectorError;
use pregon_connector::graph::{Filter, Search, UserKey};
use pregon_model::ObjectId;
use serde_json::json;

use super::{Desk, ok, page};
use crate::service::Reply;

const SELECT: &str = "id,displayName,mail,userPrincipalName,preferredLanguage,userType,accountEnabled";

#[tokio::test]
async fn a_person_is_found_or_none() {
    let ada = json!({"@odata.context": "…", "id": "ada", "displayName": "Ada", "mail": null, "proxyAddresses": null,
                     "userPrincipalName": "ada@x.y", "userType": "Guest", "accountEnabled": true});
    let desk = Desk::answering([ok(&ada), Reply::error(404, "Request_ResourceNotFound")]).await;
    let user = desk.graph().user(UserKey::Upn("ada#1@x.y")).await.unwrap().unwrap();
    assert!(user.is_guest());
    assert_eq!((user.mail, user.preferred_language, user.account_enabled), (None, None, Some(true)));
    assert_eq!(desk.graph().user(&ObjectId::new("nobody")).await.unwrap(), None);
    let want = [format!("GET /users/ada#1@x.y?$select={SELECT}"), format!("GET /users/nobody?$select={SELECT}")];
    assert_eq!(desk.calls(), want);
    assert!(desk.service.asked()[0].target.starts_with("/v1.0/users/ada%231%40x.y?$select="));
}

#[tokio::test]
async fn a_person_is_told_with_the_properties_that_were_selected() {
    let desk = Desk::answering([ok(&json!({"id": "ada", "department": "Docks"}))]).await;
    let ada = desk.graph().user_selecting(&ObjectId::new("ada"), &["id", "department"]).await.unwrap().unwrap();
    assert_eq!((ada.extra["department"].as_str(), ada.display_name), (Some("Docks"), None));
    assert_eq!(desk.calls(), ["GET /users/ada?$select=id,department"]);
}

#[tokio::test]
async fn a_basic_query_is_sent_without_the_header_of_advanced_ones() {
    let desk = Desk::answering([page(&json!([{"id": "ada"}]))]).await;
    let staff = Filter::is("accountEnabled", true).and(Filter::is("userType", "Member"));
    let list = desk.graph().users().select(&["id", "department"]).filter(staff).page_size(999);
    let people: Vec<_> = list.items().try_collect().await.unwrap();
    assert_eq!(people[0].id, ObjectId::new("ada"));
    let want = "GET /users?$filter=accountEnabled eq true and userType eq 'Member'&$select=id,department&$top=999";
    assert_eq!(desk.calls(), [want]);
    assert_eq!(desk.service.asked()[0].header("consistencylevel"), "");
}

#[tokio::test]
async fn whatever_makes_a_query_advanced_adds_header_and_count_by_itself() {
    let desk = Desk::answering((0..6).map(|_| page(&json!([])))).await;
    let users = || desk.graph().users().select(&["id"]);
    users().filter(!Filter::is("city", "Lima")).await.unwrap();
    users().filter(Filter::is("a", 1)).filter(Filter::ends_with("mail", "@x.y")).await.unwrap();
    users().search(Search::new("displayName", "Ada & \"L\"")).await.unwrap();
    users().order_by("displayName desc").await.unwrap();
    users().count().await.unwrap();
    users().filter(Filter::raw("x eq 1")).await.unwrap();
    let want = [
        "GET /users?$filter=not (city eq 'Lima')&$select=id&$count=true",
        "GET /users?$filter=a eq 1 and endsWith(mail,'@x.y')&$select=id&$count=true",
        r#"GET /users?$search="displayName:Ada & \"L\""&$select=id&$count=true"#,
        "GET /users?$select=id&$orderby=displayName desc&$count=true",
        "GET /users?$select=id&$count=true",
        "GET /users?$filter=(x eq 1)&$select=id&$count=true",
    ];
    assert_eq!(desk.calls(), want);
    assert!(desk.service.asked()[2].target.contains("Ada%20%26%20%5C%22L%5C%22"), "{:?}", desk.service.asked()[2]);
    assert!(desk.service.asked().iter().all(|asked| asked.header("consistencylevel") == "eventual"));
}

#[tokio::test]
async fn people_are_counted_without_being_read() {
    let desk = Desk::answering([
        Reply::new(200, "\u{feff}1234\r\n").header("content-type", "text/plain"),
        Reply::new(200, "<html>"),
    ])
    .await;
    let guests = || desk.graph().users().filter(Filter::is("userType", "Guest"));
    assert_eq!(guests().total().await.unwrap(), 1234);
    assert!(matches!(guests().total().await, Err(ConnectorError::Unreadable { .. })));
    let asked = &desk.service.asked()[0];
    assert_eq!(desk.calls()[0], "GET /users/$count?$filter=userType eq 'Guest'");
    assert_eq!((asked.header("consistencylevel"), asked.header("accept")), ("eventual", "text/plain"));
}

#[tokio::test]
async fn somebody_is_found_by_any_of_their_addresses() {
    let desk = Desk::answering([page(&json!([{"id": "ada"}]))]).await;
    let found: Vec<_> = desk.graph().users_by_email("o'hara@x.y").items().try_collect().await.unwrap();
    assert_eq!(found.len(), 1);
    let filter = "(mail eq 'o''hara@x.y' or userPrincipalName eq 'o''hara@x.y')";
    let other = "proxyAddresses/any(a:a eq 'smtp:o''hara@x.y')";
    assert_eq!(desk.calls(), [format!("GET /users?$filter=({filter} or {other})&$select={SELECT}&$count=true")]);
    assert_eq!(desk.service.asked()[0].header("consistencylevel"), "eventual");
}

#[tokio::test]
async fn up_to_a_thousand_people_are_read_in_one_call() {
    let desk = Desk::answering([page(&json!([{"@odata.type": "#microsoft.graph.user", "id": "ada"}]))]).await;
    let ids = [ObjectId::new("ada"), ObjectId::new("gone")];
    let found = desk.graph().users_by_id(&ids).await.unwrap();
    assert_eq!((found.len(), &found[0].id), (1, &ids[0]));
    assert_eq!(desk.calls(), ["POST /directoryObjects/getByIds"]);
    assert_eq!(desk.service.asked()[0].json(), json!({"ids": ["ada", "gone"], "types": ["user"]}));
    for count in [0, 1_001] {
        let error = desk.graph().users_by_id(&vec![ids[0].clone(); count]).await.unwrap_err();
        assert_eq!(error.to_string(), "ids must be 1 to 1000");
    }
    assert_eq!(desk.calls().len(), 1, "what is wrong is not sent");
}

#[tokio::test]
async fn a_mailbox_tells_its_time_zone() {
    let desk = Desk::answering([
        ok(&json!({"@odata.context": "…", "value": "Romance Standard Time"})),
        ok(&json!({"value": ""})),
        Reply::error(404, "MailboxNotEnabledForRESTAPI"),
        Reply::error(403, "ErrorAccessDenied"),
    ])
    .await;
    let zone = async || desk.graph().mailbox_time_zone(&ObjectId::new("ada")).await;
    assert_eq!(zone().await.unwrap().as_deref(), Some("Romance Standard Time"));
    assert_eq!(zone().await.unwrap(), None);
    assert_eq!(zone().await.unwrap(), None, "no mailbox");
    assert_eq!(zone().await.unwrap_err().status(), Some(403));
    assert_eq!(desk.calls()[0], "GET /users/ada/mailboxSettings/timeZone");
}
