//! Writing a message: what its builder sends, and what it refuses before anything leaves.

use std::time::Duration;

use pregon_connector::{BadMessage, ConnectorError};
use pregon_model::card::AdaptiveCard;
use pregon_model::{
    Activity, ActivityId, Attachment, ChannelAccount, ConversationId, Importance, MemberId, Mention, ObjectId,
    TeamChannelId, TenantId, Text, TextFormat,
};
use serde_json::{Value, json};

use crate::service::{Reply, Service};

fn chat() -> ConversationId {
    ConversationId::new("a:1")
}

fn card() -> Value {
    json!({"type": "AdaptiveCard", "version": "1.5"})
}

#[tokio::test]
async fn every_setter_is_found_in_the_body() {
    let service = Service::start().await;
    service.answers([Reply::new(201, r#"{"id":"1"}"#), Reply::new(201, r#"{"id":"2"}"#)]);
    let (connector, url) = (service.connector(), service.url());
    let (ada, boris) = (MemberId::new("29:1Ada"), ObjectId::new("boris"));
    let text = Text::default().mention(Mention::member(&ada, "Ada")).and(", *done*: ");
    let request = connector.send(&url, &chat()).markdown(text).mention(Mention::object(&boris, "Boris"));
    let request = request.summary("Done").importance(Importance::High).alert().with(Activity::with_feedback);
    request.reply_to(&ActivityId::new("7")).timeout(Duration::from_secs(5)).await.unwrap();
    let want = json!({
        "type": "message", "text": "<at>Ada</at>, *done*: <at>Boris</at>", "textFormat": "markdown",
        "summary": "Done", "importance": "high", "replyToId": "7",
        "channelData": {"notification": {"alert": true}, "feedbackLoopEnabled": true},
        "entities": [
            {"type": "mention", "mentioned": {"id": "29:1Ada", "name": "Ada"}, "text": "<at>Ada</at>"},
            {"type": "mention", "mentioned": {"id": "boris", "name": "Boris"}, "text": "<at>Boris</at>"},
        ],
    });
    assert_eq!(service.asked()[0].json(), want);

    connector.send(&url, &chat()).card(card(), "A card").await.unwrap();
    let attachment = json!({"contentType": "application/vnd.microsoft.card.adaptive", "content": card()});
    assert_eq!(service.asked()[1].json(), json!({"type": "message", "summary": "A card", "attachments": [attachment]}));
}

#[tokio::test]
async fn a_card_is_built_or_written_as_json() {
    let service = Service::start().await;
    service.answers((0..2).map(|_| Reply::new(201, r#"{"id":"1"}"#)));
    let (connector, url) = (service.connector(), service.url());
    let built = AdaptiveCard::new().text("hola");
    connector.send(&url, &chat()).card(built.clone(), "A card").await.unwrap();
    connector.send(&url, &chat()).attachment(built.clone()).await.unwrap();
    let want = json!({"contentType": "application/vnd.microsoft.card.adaptive", "content": built});
    for asked in service.asked() {
        assert_eq!(asked.json()["attachments"], json!([want]));
    }
}

#[tokio::test]
async fn a_message_starts_from_an_activity_and_goes_on_from_there() {
    let service = Service::start().await;
    service.answers([Reply::new(201, ""), Reply::new(201, "")]);
    let (connector, url) = (service.connector(), service.url());
    let ada = Mention::member(&MemberId::new("29:1Ada"), "Ada");
    let base = Activity::plain(Text::new("hola ").mention(ada)).with_importance(Importance::High);
    connector.send(&url, &chat()).summary("lost").activity(base).text("adiós").await.unwrap();
    connector.send(&url, &chat()).activity(Activity::typing()).await.unwrap();
    let want = json!({"type": "message", "text": "adiós", "textFormat": "plain", "importance": "high"});
    assert_eq!(service.asked()[0].json(), want);
    assert_eq!(service.asked()[1].json(), json!({"type": "typing"}));
}

#[tokio::test]
async fn a_message_that_would_fail_or_be_split_is_refused_before_anything_leaves() {
    let service = Service::start().await;
    let (connector, url) = (service.connector(), service.url());
    let ada = Mention::member(&MemberId::new("29:1Ada"), "Ada");
    let unmarked = Activity { text: Some("hola Ada".into()), ..Activity::plain(Text::default().mention(ada)) };
    let send = || connector.send(&url, &chat());
    for (request, want) in [
        (send(), BadMessage::Empty),
        (send().text("hola").card(card(), "A card"), BadMessage::TextBesideAttachment),
        (send().card(json!({"body": []}), "No card"), BadMessage::NotACard),
        (send().activity(unmarked), BadMessage::MentionNotInText("<at>Ada</at>".into())),
    ] {
        let error = request.await.unwrap_err();
        assert!(!error.may_have_been_delivered());
        assert!(matches!(&error, ConnectorError::BadMessage(bad) if *bad == want), "{error:?}");
    }
    let error = connector.update(&url, &chat(), &ActivityId::new("1")).await.unwrap_err();
    assert!(matches!(error, ConnectorError::BadMessage(BadMessage::Empty)), "{error:?}");
    assert_eq!(service.asked().len(), 0);
}

#[tokio::test]
async fn text_beside_an_attachment_is_sent_when_the_split_is_meant() {
    let service = Service::start().await;
    service.answers([Reply::new(201, "{}")]);
    let image = Attachment { content_type: "image/png".into(), ..Attachment::default() };
    let request = service.connector().send(&service.url(), &chat()).text("see").attachment(image).allow_split().await;
    assert_eq!(request.unwrap(), None, "delivered, and no id");
    assert_eq!(service.asked()[0].json()["attachments"], json!([{"contentType": "image/png"}]));
}

#[tokio::test]
async fn a_targeted_message_names_its_recipient_once_and_only_when_it_is_new() {
    let service = Service::start().await;
    service.answers((0..3).map(|_| Reply::new(200, r#"{"id":"1"}"#)));
    let (connector, url, id) = (service.connector(), service.url(), ActivityId::new("1"));
    let ada = ChannelAccount::new(MemberId::new("29:1Ada"));
    let addressed = Activity { recipient: Some(ada.clone()), ..Activity::text("hola", TextFormat::Plain) };
    connector.send(&url, &chat()).targeted(ada).text("psst").await.unwrap();
    connector.update(&url, &chat(), &id).targeted().activity(addressed).await.unwrap();
    connector.delete(&url, &chat(), &id).targeted().timeout(Duration::from_secs(5)).await.unwrap();

    let asked = service.asked();
    let targets: Vec<_> = asked.iter().map(|asked| asked.target.as_str()).collect();
    let activities = "/emea/v3/conversations/a%3A1/activities";
    let want = [activities.to_owned(), format!("{activities}/1"), format!("{activities}/1")];
    assert_eq!(targets, want.map(|path| path + "?isTargetedActivity=true"));
    assert_eq!(asked[0].json()["recipient"], json!({"id": "29:1Ada"}));
    assert_eq!(asked[1].json().get("recipient"), None);
}

#[tokio::test]
async fn a_thread_is_begun_by_a_written_message() {
    let service = Service::start().await;
    let thread = "19:x@thread.tacv2;messageid=5";
    service.answers([Reply::new(201, json!({"id": thread}).to_string())]);
    let (channel, tenant) = (TeamChannelId::new("19:x@thread.tacv2"), TenantId::new("t"));
    let started = service.connector().create_thread(&service.url(), &channel, &tenant).text("hola").await.unwrap();
    assert_eq!((started.conversation.as_str(), started.activity), (thread, Some(ActivityId::new("5"))));
    let want = json!({
        "isGroup": true, "tenantId": "t", "channelData": {"channel": {"id": "19:x@thread.tacv2"}, "tenant": {"id": "t"}},
        "activity": {"type": "message", "text": "hola", "textFormat": "plain"},
    });
    assert_eq!(service.asked()[0].json(), want);
}
