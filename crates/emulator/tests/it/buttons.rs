use pregon_model::Activity;
use serde_json::{Value, json};

use crate::setup::Setup;

fn card() -> Value {
    json!({"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": {
        "type": "AdaptiveCard", "version": "1.5", "actions": [
            {"type": "Action.Execute", "id": "ack", "title": "Confirm", "verb": "ack", "data": {"incident": "INC-77"}},
            {"type": "Action.Submit", "title": "Stop these", "data": {"verb": "opt_out"}}]}}]})
}

#[tokio::test]
async fn a_pressed_button_asks_the_bot_and_brings_back_its_answer() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    let card_id = crate::setup::id(setup.send(&chat, &card()).await).await;
    setup.say(&chat, "something later").await;
    let actor = setup.emulator.person(&person.id).unwrap();
    let inputs = json!({"comment": "seen"}).as_object().unwrap().clone();
    let answer = actor.press_on(None, Some(&card_id), "ack", inputs).await.unwrap();
    assert_eq!((answer.status, &answer.body["value"]), (200, &json!("seen")));
    let invoke = setup.bot.take().remove(0).activity;
    assert_eq!((&invoke["type"], &invoke["name"]), (&json!("invoke"), &json!("adaptiveCard/action")));
    assert_eq!(invoke["replyToId"], card_id);
    assert_eq!(invoke["value"]["trigger"], "manual");
    assert_eq!(invoke["value"]["action"]["verb"], "ack");
    assert_eq!(invoke["value"]["action"]["data"], json!({"incident": "INC-77", "comment": "seen"}));

    let answer = actor.press("Stop these").await.unwrap();
    assert_eq!(answer.status, 202);
    setup.emulator.delivered().await;
    let submit = setup.bot.take().remove(0).activity;
    assert_eq!((&submit["type"], submit.get("text")), (&json!("message"), None));
    assert_eq!(submit["value"], json!({"verb": "opt_out"}));
    assert!(actor.press("nothing").await.is_err());
}

fn hero(buttons: &Value) -> Value {
    json!({"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.hero", "content": {
        "title": "INC-77", "buttons": buttons}}]})
}

#[tokio::test]
async fn buttons_of_a_hero_card_are_messages() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    let card = hero(&json!([
        {"type": "messageBack", "title": "Ack", "text": "ack INC-77", "displayText": "Seen", "value": "{\"n\":77}"},
        {"type": "imBack", "title": "Help", "value": "help"},
        {"type": "openUrl", "title": "Docs", "value": "https://docs.example"}]));
    let card = crate::setup::id(setup.send(&chat, &card).await).await;
    let actor = setup.emulator.person(&person.id).unwrap();
    assert_eq!(actor.press("Ack").await.unwrap().status, 202);
    setup.emulator.delivered().await;
    let back = setup.bot.take_one();
    assert_eq!(
        (&back["type"], &back["text"], &back["value"]),
        (&json!("message"), &json!("ack INC-77"), &json!({"n": 77}))
    );
    assert_eq!(back["replyToId"], card.as_str());
    let parsed: Activity = serde_json::from_value(back.clone()).unwrap();
    assert_eq!(parsed.text.as_deref(), Some("ack INC-77"));
    let shown = setup.emulator.conversation(&chat);
    assert_eq!((&shown[1].activity["text"], back["id"].as_str()), (&json!("Seen"), Some(shown[1].id.as_str())));

    actor.press("Help").await.unwrap();
    actor.press("Docs").await.unwrap();
    setup.emulator.delivered().await;
    let said = setup.bot.take_one();
    assert_eq!((&said["text"], said.get("value")), (&json!("help"), None));
    assert_eq!(setup.emulator.conversation(&chat)[2].activity["text"], "help");
}

#[tokio::test]
async fn a_button_opens_a_dialog_that_is_sent_off() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    let card = json!({"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive",
        "content": {"type": "AdaptiveCard", "actions": [{"type": "Action.Submit", "title": "Assign",
            "data": {"msteams": {"type": "task/fetch"}, "incident": "INC-77"}}]}}]});
    let card = crate::setup::id(setup.send(&chat, &card).await).await;
    let actor = setup.emulator.person(&person.id).unwrap();
    assert_eq!(actor.press("Assign").await.unwrap().status, 200);
    let fetch = setup.bot.take_one();
    assert_eq!((&fetch["type"], &fetch["name"]), (&json!("invoke"), &json!("task/fetch")));
    assert_eq!(fetch["replyToId"], card.as_str());
    let data = json!({"type": "task/fetch", "msteams": {"type": "task/fetch"}, "incident": "INC-77"});
    assert_eq!(fetch["value"], json!({"data": data, "context": {"theme": "default"}}));

    let answer = actor.submit_dialog(None, json!({"owner": "boris"})).await.unwrap();
    assert_eq!((answer.status, &answer.body["value"]), (200, &json!("seen")));
    let submit = setup.bot.take_one();
    assert_eq!((&submit["name"], &submit["value"]["data"]), (&json!("task/submit"), &json!({"owner": "boris"})));
    assert_eq!(submit["conversation"]["id"], chat.as_str());
}

#[tokio::test]
async fn a_card_that_refreshes_itself_asks_when_somebody_looks_at_it() {
    let setup = Setup::installed().await;
    let person = setup.person(0);
    let chat = setup.chat(&person).await;
    let refresh = json!({"action": {"type": "Action.Execute", "title": "Update", "verb": "refresh", "data": {"n": 1}}});
    let card = json!({"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive",
        "content": {"type": "AdaptiveCard", "refresh": refresh}}]});
    let card = crate::setup::id(setup.send(&chat, &card).await).await;
    let plain = setup.say(&chat, "no card").await;
    let actor = setup.emulator.person(&person.id).unwrap();
    assert_eq!(actor.look_at(None, &card).await.unwrap().body["value"], "seen");
    let invoke = setup.bot.take_one();
    assert_eq!(invoke["value"], json!({"action": refresh["action"], "trigger": "automatic"}));
    assert!(actor.look_at(None, &plain).await.is_err());
}
