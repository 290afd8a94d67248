use std::time::Duration;

use pregon_emulator::{EmulatorConfig, dev};
use reqwest::Method;
use serde_json::{Value, json};

use crate::setup::{GRAPH_SCOPE, Setup, encoded, refusal};

async fn fixed() -> Setup {
    Setup::with(EmulatorConfig::new(dev::world(1, 10))).await
}

fn notification() -> Value {
    json!({
        "topic": {"source": "text", "value": "Incident INC-77", "webUrl": "https://teams.microsoft.com/l/entity/7e2b9d40/x"},
        "activityType": "incidentRaised", "previewText": {"content": "Quay 4 without power"}, "chainId": 77,
        "templateParameters": [{"name": "incident", "value": "INC-77"}],
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut body = notification();
    body[name] = value;
    body
}

async fn post(setup: &Setup, path: &str, body: &Value) -> reqwest::Response {
    setup.graph(Method::POST, path).json(body).send().await.unwrap()
}

#[tokio::test]
async fn a_person_is_notified_and_it_can_be_looked_up() {
    let setup = fixed().await;
    let path = |user: &str| format!("users/{user}/teamwork/sendActivityNotification");
    assert_eq!(post(&setup, &path(dev::ADA), &notification()).await.status(), 204);
    let kept = setup.emulator.notifications();
    assert_eq!((kept.len(), kept[0].recipients.as_slice()), (1, &[dev::ADA.to_owned()][..]));
    assert_eq!((kept[0].activity_type.as_str(), &kept[0].body), ("incidentRaised", &notification()));
    let shown: Value = setup.control(Method::GET, "notifications").send().await.unwrap().json().await.unwrap();
    assert_eq!(shown["notifications"][0]["body"]["chainId"], 77);
    assert_eq!(refusal(post(&setup, &path(dev::BORIS), &notification()).await).await, (403, "Forbidden".to_owned()));
    assert_eq!(post(&setup, &path("nobody"), &notification()).await.status(), 404);
    for wrong in [
        with("activityType", Value::Null),
        with("previewText", json!({})),
        with("topic", json!({"source": "text", "value": "x"})),
        with("topic", json!({"source": "text", "value": "x", "webUrl": "https://elsewhere.example"})),
        with("topic", json!({"source": "entityUrl", "value": "x"})),
        with("topic", json!({"source": "rumour", "value": "x"})),
    ] {
        let refused = refusal(post(&setup, &path(dev::ADA), &wrong).await).await;
        assert_eq!(refused, (400, "BadRequest".to_owned()), "{wrong}");
    }
    assert_eq!(setup.emulator.notifications().len(), 1);
}

#[tokio::test]
async fn a_team_a_channel_a_chat_and_their_members_are_notified() {
    let setup = fixed().await;
    let team = format!("teams/{}/sendActivityNotification", dev::GROUP_ID);
    let chat = format!("chats/{}/sendActivityNotification", encoded(dev::GROUP_CHAT_ID));
    let kind = |kind: &str| format!("microsoft.graph.{kind}NotificationRecipient");
    for (path, recipient, reached) in [
        (&team, json!({"@odata.type": kind("teamMembers"), "teamId": dev::GROUP_ID}), 10),
        (
            &team,
            json!({"@odata.type": kind("channelMembers"), "teamId": dev::GROUP_ID, "channelId": dev::CHANNEL_ID}),
            10,
        ),
        (&team, json!({"@odata.type": kind("aadUser"), "userId": dev::BORIS}), 1),
        (&chat, json!({"@odata.type": format!("#{}", kind("chatMembers")), "chatId": dev::GROUP_CHAT_ID}), 3),
        (&chat, json!({"@odata.type": kind("aadUser"), "userId": dev::ADA}), 1),
    ] {
        assert_eq!(post(&setup, path, &with("recipient", recipient.clone())).await.status(), 204, "{recipient}");
        assert_eq!(setup.emulator.notifications().last().unwrap().recipients.len(), reached, "{recipient}");
    }
    let outside = json!({"@odata.type": kind("aadUser"), "userId": setup.person(8).id});
    assert_eq!(post(&setup, &chat, &with("recipient", outside)).await.status(), 400);
    assert_eq!(post(&setup, &team, &notification()).await.status(), 400, "it is for somebody");
    setup.emulator.uninstall_from_team(dev::APP_ID, dev::TEAM_ID).unwrap();
    let everybody = json!({"@odata.type": kind("teamMembers"), "teamId": dev::GROUP_ID});
    assert_eq!(post(&setup, &team, &with("recipient", everybody)).await.status(), 403);
}

#[tokio::test]
async fn many_are_notified_at_once_with_a_token_that_lives_long_enough() {
    let mut setup = fixed().await;
    let path = "teamwork/sendActivityNotificationToRecipients";
    let to = |ids: &[&str]| {
        let kind = "microsoft.graph.aadUserNotificationRecipient";
        with("recipients", ids.iter().map(|id| json!({"@odata.type": kind, "userId": id})).collect())
    };
    assert_eq!(post(&setup, path, &to(&[dev::ADA, dev::BORIS, "nobody"])).await.status(), 202);
    assert_eq!(setup.emulator.notifications()[0].recipients, [dev::ADA], "who has not the app is left out in silence");
    for wrong in [to(&[]), to(&["x"; 101]), notification()] {
        assert_eq!(post(&setup, path, &wrong).await.status(), 400);
    }
    setup.emulator.advance(Duration::from_mins(16));
    assert_eq!(post(&setup, path, &to(&[dev::ADA])).await.status(), 412);
    setup.graph_token = setup.token_for(&setup.tenant, GRAPH_SCOPE).await;
    assert_eq!(post(&setup, path, &to(&[dev::ADA])).await.status(), 202);
}
