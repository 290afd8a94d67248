use pregon_connector::{ConnectorError, Method};
use pregon_model::{
    Activity, ActivityId, ConversationId, MemberId, ObjectId, ReactionType, TeamChannelId, TeamId, TenantId, TextFormat,
};
use serde_json::json;

use crate::service::{Reply, Service};

const THREAD: &str = "19:Synth@thread.tacv2;messageid=1790000001000";
const THREAD_PATH: &str = "/emea/v3/conversations/19%3ASynth%40thread.tacv2%3Bmessageid%3D1790000001000/activities";

fn hello() -> Activity {
    Activity::text("hola", TextFormat::Plain)
}

fn tenant() -> TenantId {
    TenantId::new("tenant-1")
}

#[tokio::test]
async fn a_personal_chat_is_asked_for_with_one_member_and_the_tenant_twice() {
    let service = Service::start().await;
    let connector = service.connector();
    service.answers((0..2).map(|_| Reply::new(201, r#"{"id":"a:1Synth"}"#)));
    let by_member = MemberId::new("29:1Ada");
    let chat = connector.create_personal(&service.url(), &by_member, &tenant()).await.unwrap();
    assert_eq!(chat.id, ConversationId::new("a:1Synth"));
    connector.create_personal(&service.url(), &ObjectId::new("guid"), &tenant()).await.unwrap();

    let asked = service.asked();
    assert_eq!((asked[0].method.as_str(), asked[0].target.as_str()), ("POST", "/emea/v3/conversations"));
    assert_eq!(asked[0].header("content-type"), "application/json; charset=utf-8");
    assert_eq!(asked[0].header("accept"), "application/json");
    assert!(asked[0].header("user-agent").starts_with("pregon/"));
    let want = json!({
        "isGroup": false, "members": [{"id": "29:1Ada"}], "tenantId": "tenant-1",
        "channelData": {"tenant": {"id": "tenant-1"}},
    });
    assert_eq!(asked[0].json(), want);
    assert_eq!(asked[1].json()["members"], json!([{"id": "guid"}]));
}

#[tokio::test]
async fn a_thread_begins_with_a_message_in_a_channel() {
    let service = Service::start().await;
    let reply = json!({"id": THREAD, "activityId": "1790000001000"}).to_string();
    service.answers([Reply::new(201, reply), Reply::new(201, json!({"id": THREAD}).to_string())]);
    let channel = TeamChannelId::new("19:Synth@thread.tacv2");
    for _ in 0..2 {
        let started =
            service.connector().create_thread_activity(&service.url(), &channel, &tenant(), &hello()).await.unwrap();
        assert_eq!(started.conversation, ConversationId::new(THREAD));
        assert_eq!(started.activity, Some(ActivityId::new("1790000001000")), "also read from the thread's id");
    }
    let want = json!({
        "isGroup": true, "tenantId": "tenant-1",
        "channelData": {"channel": {"id": "19:Synth@thread.tacv2"}, "tenant": {"id": "tenant-1"}},
        "activity": {"type": "message", "text": "hola", "textFormat": "plain"},
    });
    assert_eq!(service.asked()[0].json(), want);
}

#[tokio::test]
async fn messages_are_sent_answered_replaced_and_deleted_at_encoded_addresses() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    let (thread, id) = (ConversationId::new(THREAD), ActivityId::new("f:1/2"));
    service.answers((0..6).map(|_| Reply::new(201, r#"{"id":"2"}"#)));
    service.answers([Reply::new(200, "")]);
    let two = Some(ActivityId::new("2"));
    assert_eq!(connector.send(&url, &thread).text("hola").await.unwrap(), two);
    assert_eq!(connector.send_activity(&url, &thread, &hello()).await.unwrap(), two);
    assert_eq!(connector.reply(&url, &thread, &id).text("hola").await.unwrap(), two);
    assert_eq!(connector.reply_activity(&url, &thread, &id, &hello()).await.unwrap(), two);
    connector.update(&url, &thread, &id).text("hola").await.unwrap();
    connector.update_activity(&url, &thread, &id, &hello()).await.unwrap();
    connector.delete(&url, &thread, &id).await.unwrap();

    let asked: Vec<_> = service.asked().iter().map(|asked| format!("{} {}", asked.method, asked.target)).collect();
    let one = format!("{THREAD_PATH}/f%3A1%2F2");
    let (send, reply, update) = (format!("POST {THREAD_PATH}"), format!("POST {one}"), format!("PUT {one}"));
    assert_eq!(asked, [&send, &send, &reply, &reply, &update, &update, &format!("DELETE {one}")].map(String::clone));
    for asked in &service.asked()[..6] {
        assert_eq!(asked.json(), json!({"type": "message", "text": "hola", "textFormat": "plain"}));
    }
}

#[tokio::test]
async fn a_reaction_is_put_and_taken_back_at_the_message() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    let (thread, id) = (ConversationId::new(THREAD), ActivityId::new("7"));
    service.answers((0..2).map(|_| Reply::new(200, "")));
    connector.add_reaction(&url, &thread, &id, &ReactionType::Like).await.unwrap();
    let wave = ReactionType::from("1f44b/wave".to_owned());
    connector.remove_reaction(&url, &thread, &id, &wave).await.unwrap();
    let asked: Vec<_> = service.asked().iter().map(|asked| format!("{} {}", asked.method, asked.target)).collect();
    let one = format!("{THREAD_PATH}/7/reactions");
    assert_eq!(asked, [format!("PUT {one}/like"), format!("DELETE {one}/1f44b%2Fwave")]);
}

#[tokio::test]
async fn an_id_that_would_name_another_path_is_never_sent() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    for id in ["", ".", ".."] {
        let error = connector.send(&url, &ConversationId::new(id)).text("hola").await.unwrap_err();
        assert!(matches!(error, ConnectorError::BadId) && !error.may_have_been_delivered());
    }
    assert_eq!(service.asked().len(), 0);
}

#[tokio::test]
async fn a_team_and_its_channels_are_read() {
    let service = Service::start().await;
    let (connector, url, team) = (service.connector(), service.url(), TeamId::new("19:team@thread.tacv2"));
    let details = json!({"id": "19:team@thread.tacv2", "name": "Releases", "aadGroupId": "group", "memberCount": 3});
    let channels =
        json!({"conversations": [{"id": "19:team@thread.tacv2", "name": null}, {"id": "19:b", "name": "B"}]});
    service.answers([Reply::new(200, details.to_string()), Reply::new(200, channels.to_string())]);
    assert_eq!(connector.team(&url, &team).await.unwrap().name.as_deref(), Some("Releases"));
    let channels = connector.channels(&url, &team).await.unwrap();
    assert_eq!((channels[0].name.as_deref(), channels[1].name.as_deref()), (None, Some("B")));
    assert_eq!(service.asked()[1].target, "/emea/v3/teams/19%3Ateam%40thread.tacv2/conversations");
}

#[tokio::test]
async fn any_other_call_has_our_token_and_our_errors() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    service.answers([Reply::new(201, r#"{"operationId":"op"}"#).header("ms-cv", "cv"), Reply::error(404, "NotFound")]);
    let request = connector.raw(Method::POST, &url, &["v3", "batch", "conversation", "users"]);
    let answer = request.query("a b", "c&d=é").json(&json!({"members": []})).await.unwrap();
    assert_eq!((answer.status(), answer.header("ms-cv")), (201, Some("cv")));
    assert_eq!(answer.json::<serde_json::Value>().unwrap()["operationId"], "op");
    let asked = &service.asked()[0];
    assert_eq!(asked.target, "/emea/v3/batch/conversation/users?a%20b=c%26d%3D%C3%A9");
    assert_eq!(asked.header("authorization"), "Bearer token-1");
    let error = connector.raw(Method::GET, &url, &["v3", "batch", "conversation", "op"]).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Refused(_)) && error.is("notfound"));
}

#[tokio::test]
async fn an_answer_is_given_untouched_to_whoever_asks_for_it() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    service.answers([Reply::error(401, "AuthorizationError").header("ms-cv", "cv")]);
    let answer = connector.raw(Method::GET, &url, &["v3", "new"]).response().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["ms-cv"]), (401, &"cv".parse().unwrap()));
    assert!(answer.text().await.unwrap().contains("AuthorizationError"));
    assert_eq!(service.asked().len(), 1, "sent once, with the token");
    assert_eq!(service.asked()[0].header("authorization"), "Bearer token-1");
}

#[tokio::test]
async fn a_request_shown_for_debugging_holds_no_message() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    let request = connector.send(&url, &ConversationId::new("a:1")).text("hola");
    let shown = format!("{request:?}");
    assert!(shown.contains("a%3A1") && !shown.contains("hola"), "{shown}");
    request.await.unwrap_err();
}
