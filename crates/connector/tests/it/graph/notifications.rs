use pregon_connector::ConnectorError;
use pregon_connector::graph::{ActivityNotification, ChatRecipient, TeamRecipient, Topic, UserKey};
use pregon_model::{CatalogAppId, ConversationId, GroupId, ObjectId, TeamChannelId};
use serde_json::json;

use super::Desk;
use crate::service::Reply;

const LINK: &str = "https://teams.microsoft.com/l/entity/7e2b9d40/incidents";

fn incident() -> ActivityNotification {
    ActivityNotification::new("incidentRaised", Topic::text("Incident INC-77", LINK), "No power at dock 4")
}

fn ada() -> ObjectId {
    ObjectId::new("ada")
}

#[tokio::test]
async fn a_person_is_notified_with_everything_a_notification_may_say() {
    let desk = Desk::answering([Reply::new(204, ""), Reply::new(204, "")]).await;
    let full = incident().parameter("incident", "INC-77").chain(77).app(&CatalogAppId::new("cat-1")).icon("alarm");
    desk.graph().notify_user(&ada(), &full).await.unwrap();
    desk.graph().notify_user(UserKey::Upn("a#b@x.y"), &incident()).await.unwrap();
    let path = "teamwork/sendActivityNotification";
    assert_eq!(desk.calls(), [format!("POST /users/ada/{path}"), format!("POST /users/a#b@x.y/{path}")]);
    let want = json!({
        "topic": {"source": "text", "value": "Incident INC-77", "webUrl": LINK},
        "activityType": "incidentRaised",
        "previewText": {"content": "No power at dock 4"},
        "templateParameters": [{"name": "incident", "value": "INC-77"}],
        "chainId": 77, "teamsAppId": "cat-1", "iconId": "alarm",
    });
    assert_eq!(desk.service.asked()[0].json(), want);
    let least = desk.service.asked()[1].json();
    assert_eq!(least.as_object().unwrap().len(), 4, "what was not set is not sent: {least}");
}

#[tokio::test]
async fn a_notification_needs_no_type_of_the_manifest_when_it_brings_its_text() {
    let desk = Desk::answering([Reply::new(204, "")]).await;
    let topic = Topic::entity(["appCatalogs", "teamsApps", "cat/1"]).leading_to(LINK);
    let any = ActivityNotification::system_default("Ada needs you", topic, "Now");
    desk.graph().notify_user(&ada(), &any).await.unwrap();
    let body = desk.service.asked()[0].json();
    let address = desk.link("appCatalogs/teamsApps/cat%2F1");
    assert_eq!(body["topic"], json!({"source": "entityUrl", "value": address, "webUrl": LINK}));
    assert_eq!(body["activityType"], "systemDefault");
    assert_eq!(body["templateParameters"], json!([{"name": "systemDefaultText", "value": "Ada needs you"}]));
}

#[tokio::test]
async fn members_of_chats_and_teams_are_notified_one_some_or_all() {
    let desk = Desk::answering((0..5).map(|_| Reply::new(204, ""))).await;
    let (graph, note) = (desk.graph(), incident());
    let (chat, team, channel) =
        (ConversationId::new("19:x@thread.v2"), GroupId::new("g"), TeamChannelId::new("19:c@thread.tacv2"));
    graph.notify_in_chat(&chat, &ada(), &note).await.unwrap();
    graph.notify_in_chat(&chat, ChatRecipient::Everybody, &note).await.unwrap();
    graph.notify_in_team(&team, TeamRecipient::User(UserKey::Upn("a@x.y")), &note).await.unwrap();
    graph.notify_in_team(&team, TeamRecipient::Channel(&channel), &note).await.unwrap();
    graph.notify_in_team(&team, TeamRecipient::Everybody, &note).await.unwrap();
    let (in_chat, in_team) =
        ("POST /chats/19:x@thread.v2/sendActivityNotification", "POST /teams/g/sendActivityNotification");
    assert_eq!(desk.calls(), [in_chat, in_chat, in_team, in_team, in_team]);
    let recipients: Vec<_> = desk.service.asked().iter().map(|asked| asked.json()["recipient"].clone()).collect();
    let kind = |who| format!("microsoft.graph.{who}NotificationRecipient");
    let want = [
        json!({"@odata.type": kind("aadUser"), "userId": "ada"}),
        json!({"@odata.type": kind("chatMembers"), "chatId": "19:x@thread.v2"}),
        json!({"@odata.type": kind("aadUser"), "userId": "a@x.y"}),
        json!({"@odata.type": kind("channelMembers"), "teamId": "g", "channelId": "19:c@thread.tacv2"}),
        json!({"@odata.type": kind("teamMembers"), "teamId": "g"}),
    ];
    assert_eq!(recipients, want);
}

#[tokio::test]
async fn many_people_are_notified_in_one_call() {
    let desk = Desk::answering([Reply::new(202, "")]).await;
    let people: Vec<_> = (0..100).map(|number| ObjectId::new(format!("p{number}"))).collect();
    desk.graph().notify_users(&people, &incident()).await.unwrap();
    assert_eq!(desk.calls(), ["POST /teamwork/sendActivityNotificationToRecipients"]);
    let body = desk.service.asked()[0].json();
    let recipients = body["recipients"].as_array().unwrap();
    assert_eq!((recipients.len(), &recipients[99]["userId"]), (100, &json!("p99")));
    assert!(body.get("recipient").is_none());
    for wrong in [vec![], vec![ada(); 101]] {
        let error = desk.graph().notify_users(&wrong, &incident()).await.unwrap_err();
        assert_eq!(error.to_string(), "users must be 1 to 100");
    }
    assert_eq!(desk.calls().len(), 1);
}

#[tokio::test]
async fn a_token_that_lives_too_short_for_many_is_replaced_once() {
    let short = || Reply::error(412, "PreconditionFailed");
    let desk = Desk::answering([short(), Reply::new(202, ""), short(), short(), short()]).await;
    desk.graph().notify_users(&[ada()], &incident()).await.unwrap();
    let tokens: Vec<_> = desk.service.asked().iter().map(|asked| asked.header("authorization").to_owned()).collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-2"]);
    let error = desk.graph().notify_users(&[ada()], &incident()).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Transient(_)), "{error}");
    assert_eq!(desk.calls().len(), 4);
    let error = desk.graph().notify_user(&ada(), &incident()).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Transient(_)));
    assert_eq!(desk.calls().len(), 5, "another call's 412 is about something else");
}

#[tokio::test]
async fn a_refused_notification_says_why() {
    let desk = Desk::answering([Reply::error(403, "Forbidden"), Reply::error(409, "Conflict")]).await;
    for status in [403, 409] {
        let error = desk.graph().notify_user(&ada(), &incident()).await.unwrap_err();
        assert_eq!((error.status(), error.may_have_been_delivered()), (Some(status), false));
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_notification_is_told_before_anything_is_sent() {
    let desk = Desk::answering([]).await;
    let topic = || Topic::text("Incident", LINK);
    let system = || ActivityNotification::new("systemDefault", topic(), "x");
    let wrong = [
        (ActivityNotification::new(" ", topic(), "x"), "activity_type must not be empty"),
        (ActivityNotification::new("a", topic(), ""), "preview must not be empty"),
        (ActivityNotification::new("a", Topic::text("", LINK), "x"), "topic must have a text"),
        (
            ActivityNotification::new("a", Topic::text("x", "https://contoso.com/"), "x"),
            "topic must lead to a deep link of Teams, such as https://teams.microsoft.com/l/…",
        ),
        (incident().parameter("", "x"), "parameter must have a name, and each name one value"),
        (incident().parameter("a", "x").parameter("a", "y"), "parameter must have a name, and each name one value"),
        (system(), "parameter systemDefaultText must come with systemDefault"),
    ];
    for (notification, why) in wrong {
        let error = desk.graph().notify_user(&ada(), &notification).await.unwrap_err();
        assert!(matches!(error, ConnectorError::BadArgument(_)));
        assert_eq!(error.to_string(), why);
    }
    let dots = ActivityNotification::new("a", Topic::entity(["teams", ".."]), "x");
    assert!(matches!(desk.graph().notify_user(&ada(), &dots).await, Err(ConnectorError::BadId)));
    assert!(desk.calls().is_empty());
}

#[test]
fn what_was_written_is_not_shown_in_logs() {
    let shown = format!("{:?} {:?}", incident().parameter("who", "Ada"), Topic::text("Incident INC-77", LINK));
    assert!(!shown.contains("dock") && !shown.contains("INC-77") && !shown.contains("Ada"), "{shown}");
}
