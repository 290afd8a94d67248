use pregon_emulator::{EmulatorConfig, dev};
use pregon_model::{Activity, ConversationType, PagedMembers};
use serde_json::{Value, json};

use crate::setup::{Setup, encoded, message, refusal};

/// A chat of the first three people, without a bot.
fn chat(setup: &Setup) -> String {
    let people: Vec<String> = (0..3).map(|nth| setup.person(nth).id).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    setup.emulator.create_group_chat(Some("Night shift"), &people).unwrap()
}

#[tokio::test]
async fn a_bot_is_installed_in_a_group_chat_and_can_write_there() {
    let setup = Setup::start().await;
    let id = chat(&setup);
    assert!(id.starts_with("19:") && id.ends_with("@thread.v2"));
    let refused = refusal(setup.send(&encoded(&id), &message("x")).await).await;
    assert_eq!(refused, (403, "BotNotInConversationRoster".to_owned()));
    let handle = setup.emulator.group_chat(&id).unwrap();
    assert!(handle.install(&setup.app.app_id).unwrap() && !handle.install(&setup.app.app_id).unwrap());
    setup.emulator.delivered().await;
    let received = setup.bot.take();
    assert_eq!(received.len(), 2);
    let (update, install) = (&received[0].activity, &received[1].activity);
    assert_eq!(install["action"], "add");
    assert_eq!(update["membersAdded"], json!([{"id": format!("28:{}", setup.app.app_id)}]));
    assert_eq!(update["channelData"], json!({"tenant": {"id": setup.tenant}}));
    let parsed: Activity = serde_json::from_value(update.clone()).unwrap();
    assert_eq!(parsed.conversation.unwrap().kind(), ConversationType::GroupChat);
    assert_eq!(update["conversation"]["isGroup"], true);

    let sent = setup.say(&id, "hello all").await;
    let messages = setup.emulator.conversation(&id);
    assert_eq!((messages[0].id.as_str(), messages[0].thread_root.as_deref()), (sent.as_str(), None));
    let threaded = setup.send(&format!("{id};messageid={sent}"), &message("x")).await;
    assert_eq!(refusal(threaded).await, (404, "ConversationNotFound".to_owned()), "chats have no threads");
    assert!(handle.uninstall(&setup.app.app_id).unwrap());
    setup.emulator.delivered().await;
    assert_eq!(setup.bot.take().len(), 2);
    assert_eq!(setup.send(&id, &message("x")).await.status(), 403);
}

#[tokio::test]
async fn a_group_chat_tells_its_roster_and_who_comes_and_goes() {
    let setup = Setup::start().await;
    let id = chat(&setup);
    let handle = setup.emulator.group_chat(&id).unwrap();
    handle.install(&setup.app.app_id).unwrap();
    setup.emulator.delivered().await;
    setup.bot.take();
    let path = format!("conversations/{}/pagedmembers?pageSize=50", encoded(&id));
    let page: PagedMembers = setup.get(&path).await.json().await.unwrap();
    assert_eq!((page.members.len(), page.continuation_token), (3, None));
    let person = setup.person(5);
    let lookup = format!("conversations/{id}/members/{}", person.id);
    assert_eq!(refusal(setup.get(&lookup).await).await, (404, "MemberNotFoundInConversation".to_owned()));
    for (list, joins) in [("membersAdded", true), ("membersRemoved", false)] {
        let changed = if joins { handle.add(&person.email) } else { handle.remove(&person.email) };
        assert!(changed.unwrap(), "{list}");
        setup.emulator.delivered().await;
        let event = setup.bot.take_one();
        assert_eq!(event[list][0]["aadObjectId"], person.id.as_str());
        assert_eq!((event["channelData"].get("eventType"), &event["conversation"]["id"]), (None, &json!(id)));
        assert_eq!(setup.get(&lookup).await.status() == 200, joins);
    }
}

#[tokio::test]
async fn people_of_a_group_chat_mention_the_bot_and_are_reached_in_person() {
    let setup = Setup::with(EmulatorConfig::new(dev::world(1, 10))).await;
    setup.emulator.uninstall_from_team(dev::APP_ID, dev::TEAM_ID).unwrap();
    setup.emulator.delivered().await;
    setup.bot.take();
    let boris = setup.emulator.person(dev::BORIS).unwrap();
    let id = boris.write_in_group(dev::GROUP_CHAT_ID, "status").unwrap();
    setup.emulator.delivered().await;
    let said = setup.bot.take_one();
    let activity: Activity = serde_json::from_value(said.clone()).unwrap();
    assert_eq!(activity.text_without_bot_mention(), "status");
    assert_eq!((&said["id"], &said["conversation"]["id"]), (&json!(id), &json!(dev::GROUP_CHAT_ID)));
    boris.react(Some(dev::GROUP_CHAT_ID), &id, "like").unwrap();
    let stranger = setup.emulator.person(&setup.person(7).id).unwrap();
    assert!(stranger.write_in_group(dev::GROUP_CHAT_ID, "let me in").is_err());

    let chat = setup.chat(&boris.view()).await;
    setup.say(&chat, "from the group chat to you").await;
    let body = setup.create_body(&stranger.view().bots[0].member_id);
    assert_eq!(refusal(setup.post("conversations", &body).await).await.1, "BotNotInConversationRoster");
    let conversations: Vec<_> = setup.emulator.conversations().into_iter().map(|view| (view.kind, view.name)).collect();
    assert!(conversations.contains(&("groupChat", "Shift handover".to_owned())), "{conversations:?}");
}

#[tokio::test]
async fn bots_cannot_create_group_chats() {
    let setup = Setup::installed().await;
    let members: Vec<Value> = (0..3).map(|nth| json!({"id": setup.person(nth).bots[0].member_id})).collect();
    for body in [
        json!({"isGroup": true, "members": members, "tenantId": setup.tenant}),
        json!({"members": members, "tenantId": setup.tenant, "topicName": "x"}),
    ] {
        assert_eq!(refusal(setup.post("conversations", &body).await).await, (400, "BadSyntax".to_owned()));
    }
}
