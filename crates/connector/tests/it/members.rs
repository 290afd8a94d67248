use futures_util::TryStreamExt as _;
use pregon_connector::ConnectorError;
use pregon_model::{ActivityId, ConversationId, MemberId, ObjectId};
use serde_json::json;

use crate::service::{Reply, Service};

fn page(people: &[&str], next: &serde_json::Value) -> Reply {
    let members: Vec<_> = people.iter().map(|id| json!({"id": id})).collect();
    Reply::new(200, json!({"members": members, "continuationToken": next}).to_string())
}

#[tokio::test]
async fn a_roster_is_read_page_by_page_to_its_end() {
    let service = Service::start().await;
    let connector = service.connector();
    service.answers([
        page(&["29:a", "29:b"], &json!("next/1+=")),
        page(&["29:c"], &json!("next2")),
        page(&["29:d"], &json!("")),
    ]);
    let thread = ConversationId::new("19:x@thread.tacv2;messageid=1");
    let pages: Vec<_> = connector.member_pages(&service.url(), &thread, 500).try_collect().await.unwrap();
    let people: Vec<_> = pages.iter().flat_map(|page| &page.members).map(|member| member.id.as_str()).collect();
    assert_eq!(people, ["29:a", "29:b", "29:c", "29:d"]);
    let targets: Vec<_> = service.asked().iter().map(|asked| asked.target.clone()).collect();
    let base = "/emea/v3/conversations/19%3Ax%40thread.tacv2/pagedmembers?pageSize=500";
    let want = [
        base.to_owned(),
        format!("{base}&continuationToken=next%2F1%2B%3D"),
        format!("{base}&continuationToken=next2"),
    ];
    assert_eq!(targets, want);
}

#[tokio::test]
async fn a_roster_stream_ends_with_its_first_error() {
    let service = Service::start().await;
    let connector = service.connector();
    service.answers([page(&["29:a"], &json!("next")), Reply::error(403, "BotNotInConversationRoster")]);
    let mut pages = Box::pin(connector.member_pages(&service.url(), &ConversationId::new("19:x"), 50));
    assert_eq!(pages.try_next().await.unwrap().unwrap().members.len(), 1);
    assert!(matches!(pages.try_next().await, Err(ConnectorError::NotInstalled(_))));
    assert!(pages.try_next().await.unwrap().is_none());
    assert_eq!(service.asked().len(), 2);
}

#[tokio::test]
async fn pages_that_go_in_a_circle_are_an_error_and_no_loop() {
    for circle in [&["same", "same"][..], &["a", "b", "a"], &["a", "b", "c", "b"]] {
        let service = Service::start().await;
        let connector = service.connector();
        service.answers(circle.iter().map(|next| page(&["29:a"], &json!(next))));
        let pages = connector.member_pages(&service.url(), &ConversationId::new("19:x"), 50);
        let error = pages.try_collect::<Vec<_>>().await.unwrap_err();
        assert!(matches!(error, ConnectorError::Unreadable { .. }), "{error}");
        assert_eq!(service.asked().len(), circle.len(), "each page was read once");
    }
}

#[tokio::test]
async fn everybody_is_told_one_after_the_other_and_no_page_is_asked_for_early() {
    let service = Service::start().await;
    let connector = service.connector();
    service.answers([
        page(&["29:a", "29:b"], &json!("next")),
        page(&[], &json!("more")),
        page(&["29:c"], &json!(null)),
    ]);
    let mut people = Box::pin(connector.each_member(&service.url(), &ConversationId::new("19:x")));
    assert_eq!(service.asked().len(), 0);
    people.try_next().await.unwrap().unwrap();
    people.try_next().await.unwrap().unwrap();
    assert_eq!(service.asked().len(), 1);
    assert_eq!(people.try_next().await.unwrap().unwrap().id, MemberId::new("29:c"));
    assert_eq!(people.try_next().await.unwrap(), None);
    assert_eq!(service.asked().len(), 3);
}

#[tokio::test]
async fn the_legacy_rosters_are_plain_lists() {
    let service = Service::start().await;
    service.answers((0..2).map(|_| Reply::new(200, r#"[{"id":"29:a","name":"Ada"}]"#)));
    let (connector, url) = (service.connector(), service.url());
    let thread = ConversationId::new("19:x;messageid=1");
    assert_eq!(connector.members(&url, &thread).await.unwrap()[0].name.as_deref(), Some("Ada"));
    let seen_by = connector.activity_members(&url, &thread, &ActivityId::new("7")).await.unwrap();
    assert_eq!(seen_by[0].id, MemberId::new("29:a"));
    let targets: Vec<_> = service.asked().iter().map(|asked| asked.target.clone()).collect();
    let chats = "/emea/v3/conversations/19%3Ax";
    assert_eq!(targets, [format!("{chats}/members"), format!("{chats}%3Bmessageid%3D1/activities/7/members")]);
}

#[tokio::test]
async fn a_whole_roster_of_ten_thousand_people_fits() {
    let service = Service::start().await;
    let person = json!({"id": format!("29:{}", "x".repeat(90)), "name": "n".repeat(100), "email": "e".repeat(200)});
    service.answers([Reply::new(200, json!(vec![person; 10_000]).to_string())]);
    let people = service.connector().members(&service.url(), &ConversationId::new("19:x")).await.unwrap();
    assert_eq!(people.len(), 10_000);
}

#[tokio::test]
async fn one_page_takes_its_size_and_its_place() {
    let service = Service::start().await;
    service.answers([page(&["29:a"], &json!(null)), Reply::new(200, "{}")]);
    let (connector, url, chat) = (service.connector(), service.url(), ConversationId::new("19:x"));
    let first = connector.paged_members(&url, &chat).await.unwrap();
    assert_eq!((first.members.len(), first.continuation_token), (1, None));
    assert!(connector.paged_members(&url, &chat).page_size(100).continuation("t").await.unwrap().members.is_empty());
    let asked = service.asked();
    assert_eq!(asked[0].target, "/emea/v3/conversations/19%3Ax/pagedmembers");
    assert_eq!(asked[1].target, "/emea/v3/conversations/19%3Ax/pagedmembers?pageSize=100&continuationToken=t");
}

#[tokio::test]
async fn somebody_who_is_no_member_is_none_but_a_missing_chat_is_an_error() {
    let service = Service::start().await;
    let (connector, url, chat) = (service.connector(), service.url(), ConversationId::new("19:x"));
    let ada = json!({"id": "29:a", "objectId": "guid", "userRole": "guest"}).to_string();
    service.answers([
        Reply::new(200, ada),
        Reply::error(404, "MemberNotFoundInConversation"),
        Reply::error(404, "ConversationNotFound"),
    ]);
    let thread = ConversationId::new("19:x;messageid=1");
    let member = connector.member(&url, &thread, &ObjectId::new("guid")).await.unwrap().unwrap();
    assert!(member.is_guest());
    assert_eq!(connector.member(&url, &chat, &MemberId::new("29:b")).await.unwrap(), None);
    let error = connector.member(&url, &chat, &MemberId::new("29:b")).await.unwrap_err();
    assert!(matches!(error, ConnectorError::ConversationNotFound(_)));
    assert_eq!(service.asked()[0].target, "/emea/v3/conversations/19%3Ax/members/guid");
}
