use serde_json::json;

use crate::setup::Setup;

#[tokio::test]
async fn a_reaction_is_told_and_kept() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    let id = setup.say(&chat, "hello").await;
    setup.emulator.person(&person.id).unwrap().react(None, &id, "heart").unwrap();
    setup.emulator.delivered().await;
    let reaction = setup.bot.take_one();
    assert_eq!(reaction["reactionsAdded"], json!([{"type": "heart"}]));
    assert_eq!(reaction["replyToId"], id);
    assert_eq!(setup.emulator.conversation(&chat)[0].reactions[&person.id], ["heart"]);

    setup.emulator.person(&person.id).unwrap().unreact(None, &id, "heart").unwrap();
    setup.emulator.delivered().await;
    let removed = setup.bot.take_one();
    assert_eq!((&removed["reactionsRemoved"], removed.get("reactionsAdded")), (&json!([{"type": "heart"}]), None));
    assert!(setup.emulator.conversation(&chat)[0].reactions.is_empty());
}

#[tokio::test]
async fn reading_and_typing_are_told() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    let actor = setup.emulator.person(&person.id).unwrap();
    assert!(actor.read(None).is_err(), "there is nothing to read");
    let first = setup.say(&chat, "one").await;
    let last = setup.say(&chat, "two").await;
    for (read, expected) in [(None, &last), (Some(first.as_str()), &first)] {
        actor.read(read).unwrap();
        setup.emulator.delivered().await;
        let receipt = setup.bot.take_one();
        assert_eq!(
            (&receipt["type"], &receipt["name"]),
            (&json!("event"), &json!("application/vnd.microsoft.readReceipt"))
        );
        assert_eq!(receipt["value"], json!({"lastReadMessageId": expected}));
        assert_eq!(receipt["conversation"]["id"], chat.as_str());
    }
    actor.types(None).unwrap();
    setup.emulator.delivered().await;
    let typing = setup.bot.take_one();
    assert_eq!((&typing["type"], &typing["from"]["name"]), (&json!("typing"), &json!(person.name)));
    assert_eq!(setup.emulator.conversation(&chat).len(), 2);
}

#[tokio::test]
async fn a_deleted_message_of_ones_own_comes_back() {
    let setup = Setup::installed().await;
    let actor = setup.emulator.person(&setup.person(0).id).unwrap();
    let id = actor.write("here I am").unwrap();
    assert!(actor.undelete(None, &id).is_err(), "it is not deleted");
    actor.delete(None, &id).unwrap();
    setup.emulator.delivered().await;
    setup.bot.take();
    actor.undelete(None, &id).unwrap();
    setup.emulator.delivered().await;
    let back = setup.bot.take_one();
    assert_eq!((&back["type"], &back["text"], &back["id"]), (&json!("messageUpdate"), &json!("here I am"), &json!(id)));
    assert_eq!(back["channelData"]["eventType"], "undeleteMessage");
    actor.edit(None, &id, "and stay").unwrap();
}
