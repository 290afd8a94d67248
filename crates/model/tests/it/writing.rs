//! Writing activities, and answering them.

use pregon_model::*;
use serde_json::{Value, json};

use crate::documents::activities;

fn json_of(activity: &Activity) -> Value {
    serde_json::to_value(activity).unwrap()
}

fn ada() -> ChannelAccount {
    ChannelAccount::new(MemberId::new("29:ada")).with_name("Ada")
}

#[test]
fn a_message_is_written_step_by_step() {
    let message = Activity::markdown("**Build 412** is green")
        .with_summary("Build 412")
        .with_importance(Importance::High)
        .with_alert()
        .with_locale("es-ES")
        .in_reply_to(ActivityId::new("1790000000123"));
    let expected = json!({
        "type": "message", "text": "**Build 412** is green", "textFormat": "markdown", "summary": "Build 412",
        "importance": "high", "channelData": {"notification": {"alert": true}}, "locale": "es-ES",
        "replyToId": "1790000000123"
    });
    assert_eq!(json_of(&message), expected);
    assert_eq!(json_of(&Activity::typing()), json!({"type": "typing"}));
}

#[test]
fn a_mention_is_a_mark_and_an_entity() {
    let entity = json!({"type": "mention", "mentioned": {"id": "29:ada", "name": "Ada"}, "text": "<at>Ada</at>"});
    let expected = json!({"type": "message", "text": "Hi <at>Ada</at>!", "textFormat": "plain", "entities": [entity]});
    assert_eq!(json_of(&Activity::plain(Text::new("Hi ").mention(&ada()).and("!"))), expected);
    assert_eq!(json_of(&Activity::plain("Hi ").with_mention(&ada()).with_more_text("!")), expected);
    let read: Activity = serde_json::from_value(expected).unwrap();
    assert_eq!(read.mentions().next().unwrap().mentioned, ada());
}

#[test]
fn what_only_some_messages_have_goes_where_teams_looks_for_it() {
    let message = Activity::plain("x")
        .with_feedback()
        .with_on_behalf_of(OnBehalfOf::person(MemberId::new("29:ada"), "Ada"))
        .with_ai_label(AiLabel::generated())
        .with_delivery_mode(DeliveryMode::Notification)
        .with_suggested_actions(SuggestedActions::texts(["yes"]));
    let written = json_of(&message);
    let behalf = json!([{"itemid": 0, "mentionType": "person", "mri": "29:ada", "displayName": "Ada"}]);
    assert_eq!(written["channelData"], json!({"onBehalfOf": behalf, "feedbackLoopEnabled": true}));
    let label = json!({
        "type": "https://schema.org/Message", "@type": "Message", "@context": "https://schema.org",
        "additionalType": ["AIGeneratedContent"]
    });
    assert_eq!(written["entities"], json!([label]));
    assert_eq!(written["deliveryMode"], "notification");
    let button = json!({"type": "imBack", "title": "yes", "value": "yes"});
    assert_eq!(written["suggestedActions"], json!({"actions": [button]}));
}

#[test]
fn each_kind_of_attachment_has_its_content_type() {
    let hero = HeroCard {
        title: Some("T".into()),
        images: vec![CardImage::new("https://x.example/a.png", "A")],
        buttons: vec![
            CardAction::open_url("Open", "https://x.example/"),
            CardAction::message_back("Ack", "ack").with_value(json!({"n": 1})).with_display_text("Seen"),
            CardAction::invoke("Ask", json!({"type": "task/fetch"})),
            CardAction::sign_in("Sign in", "https://x.example/login"),
        ],
        ..HeroCard::default()
    };
    let content = json!({
        "title": "T", "images": [{"url": "https://x.example/a.png", "alt": "A"}],
        "buttons": [
            {"type": "openUrl", "title": "Open", "value": "https://x.example/"},
            {"type": "messageBack", "title": "Ack", "text": "ack", "displayText": "Seen", "value": {"n": 1}},
            {"type": "invoke", "title": "Ask", "value": {"type": "task/fetch"}},
            {"type": "signin", "title": "Sign in", "value": "https://x.example/login"}
        ]
    });
    let attachment = Attachment::hero(&hero);
    assert_eq!(attachment.content, Some(content));
    assert_eq!(attachment.content_as::<HeroCard>().unwrap(), hero);
    for (attachment, content_type) in [
        (Attachment::adaptive_card(json!({})), "application/vnd.microsoft.card.adaptive"),
        (attachment, "application/vnd.microsoft.card.hero"),
        (Attachment::thumbnail(&hero), "application/vnd.microsoft.card.thumbnail"),
        (Attachment::receipt(&ReceiptCard::default()), "application/vnd.microsoft.card.receipt"),
        (Attachment::signin(&SigninCard::default()), "application/vnd.microsoft.card.signin"),
        (Attachment::oauth(&OAuthCard::default()), "application/vnd.microsoft.card.oauth"),
        (Attachment::list(&ListCard::default()), "application/vnd.microsoft.teams.card.list"),
        (
            Attachment::o365_connector(&O365ConnectorCard::default()),
            "application/vnd.microsoft.teams.card.o365connector",
        ),
        (
            Attachment::file_consent("a.txt", &FileConsentCard::default()),
            "application/vnd.microsoft.teams.file.consent",
        ),
        (
            Attachment::file_info("a.txt", "https://x.example/a.txt", &FileInfo::default()),
            "application/vnd.microsoft.teams.file.info",
        ),
        (Attachment::image("image/png", "https://x.example/a.png"), "image/png"),
        (Attachment::html("<p>x</p>"), "text/html"),
    ] {
        assert!(attachment.is(content_type), "{content_type}");
        let activity = Activity::attachment(attachment).with_layout(AttachmentLayout::Carousel);
        let read: Activity = serde_json::from_value(json_of(&activity)).unwrap();
        assert_eq!(read, activity);
    }
}

#[test]
fn a_file_somebody_sent_tells_where_it_is() {
    let content = json!({"downloadUrl": "https://x.example/a", "uniqueId": "u", "fileType": "txt"});
    let sent = json!({"contentType": "application/vnd.microsoft.teams.file.download.info", "content": content});
    let attachment: Attachment = serde_json::from_value(sent).unwrap();
    assert_eq!(attachment.download().unwrap().download_url.as_deref(), Some("https://x.example/a"));
    assert!(Attachment::html("x").download().is_none());
    let error = Attachment::html("x").content_as::<HeroCard>().unwrap_err().to_string();
    assert!(error.contains("HeroCard"), "{error}");
}

#[test]
fn an_answer_goes_back_where_the_message_came_from() {
    for activity in activities() {
        let answer = activity.reply(Activity::plain("x"));
        assert_eq!((&answer.from, &answer.recipient), (&activity.recipient, &activity.from));
        assert_eq!((&answer.conversation, &answer.service_url), (&activity.conversation, &activity.service_url));
        let belongs = activity.id.filter(|_| activity.kind == ActivityKind::Message);
        assert_eq!(answer.reply_to_id, belongs);
        assert_eq!(answer.locale, activity.locale);
    }
    let asked = activities().find(|activity| activity.kind == ActivityKind::Message).unwrap();
    let own = Activity::plain("x").in_reply_to(ActivityId::new("7")).with_locale("en");
    let answer = asked.reply(own);
    assert_eq!((answer.reply_to_id.unwrap().as_str(), answer.locale.as_deref()), ("7", Some("en")));
}

#[test]
fn a_stored_reference_is_continued_in_its_channel_or_a_thread_of_it() {
    let asked = activities().find(|activity| activity.conversation_id().unwrap().thread_root().is_some()).unwrap();
    let reference = asked.reference().unwrap();
    assert_eq!(reference.tenant_id(), asked.tenant_id());
    let text = serde_json::to_string(&reference).unwrap();
    assert_eq!(serde_json::from_str::<ConversationReference>(&text).unwrap(), reference);
    let message = reference.address(Activity::plain("x"));
    assert_eq!((&message.from, &message.recipient), (&asked.recipient, &asked.from));
    assert_eq!((&message.conversation, &message.service_url), (&asked.conversation, &asked.service_url));
    let channel = reference.channel();
    assert_eq!(channel.conversation.id.thread_root(), None);
    let root = ActivityId::new("1");
    assert_eq!(channel.thread(&root).conversation.id, reference.conversation.id.thread(&root));
    assert_eq!(channel.activity_id, None);
}

#[test]
fn a_reference_needs_an_address() {
    for lacking in [
        json!({"type": "message"}),
        json!({"type": "message", "serviceUrl": "https://a/", "conversation": {}}),
        json!({"type": "message", "serviceUrl": "", "conversation": {"id": "a:1"}}),
    ] {
        let activity: Activity = serde_json::from_value(lacking).unwrap();
        assert!(activity.reference().is_none());
    }
}

#[test]
fn the_bots_own_mention_is_not_part_of_a_command() {
    let activity: Activity = serde_json::from_value(json!({
        "type": "message", "text": "<at>Harbor</at> help <at>Ada</at>\n", "recipient": {"id": "28:bot"},
        "entities": [{"type": "mention", "mentioned": {"id": "28:BOT"}, "text": "<at>Harbor</at>"},
                     {"type": "mention", "mentioned": {"id": "29:ada"}, "text": "<at>Ada</at>"},
                     {"type": "mention", "mentioned": {"id": "28:bot"}, "text": ""}]
    }))
    .unwrap();
    assert_eq!(activity.text_without_bot_mention(), "help <at>Ada</at>");
    assert!(activity.mentions_bot());
}

#[test]
fn a_conversation_is_made_in_the_two_shapes_teams_takes() {
    let tenant = TenantId::new("5a9e4c17");
    let chat = ConversationParameters::personal(MemberId::new("29:ada"), tenant.clone());
    let data = json!({"tenant": {"id": "5a9e4c17"}});
    let expected =
        json!({"isGroup": false, "members": [{"id": "29:ada"}], "tenantId": "5a9e4c17", "channelData": data});
    assert_eq!(serde_json::to_value(chat).unwrap(), expected);
    let thread = ConversationParameters::thread(TeamChannelId::new("19:x"), tenant, Activity::plain("v4.2"));
    let expected = json!({
        "isGroup": true, "tenantId": "5a9e4c17",
        "channelData": {"tenant": {"id": "5a9e4c17"}, "channel": {"id": "19:x"}},
        "activity": {"type": "message", "text": "v4.2", "textFormat": "plain"}
    });
    assert_eq!(serde_json::to_value(thread).unwrap(), expected);
}

#[test]
fn a_payload_is_read_as_a_type_of_the_bots_own() {
    #[derive(Debug, serde::Deserialize)]
    struct Ack {
        incident: String,
    }
    let submitted = activities().find(|activity| matches!(activity.event(), Event::Submitted(_))).unwrap();
    assert_eq!(submitted.value_as::<Ack>().unwrap().incident, "INC-77");
    assert!(Activity::typing().value_as::<Ack>().is_err());
}
