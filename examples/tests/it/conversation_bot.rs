use pregon_emulator::{LoggedMessage, dev};
use serde_json::{Value, json};

use crate::stage::{Listening, Stage};

async fn start(stage: &Stage) -> Listening {
    stage.listen(env!("CARGO_BIN_EXE_conversation_bot")).await
}

/// What the bot answers Ada in their chat.
async fn answer(stage: &Stage, said: &str) -> LoggedMessage {
    let before = stage.texts_to(dev::ADA).len();
    stage.actor(dev::ADA).write(said).unwrap();
    stage.texts(dev::ADA, before + 1).await;
    stage.actor(dev::ADA).received().pop().unwrap()
}

/// What the bot last wrote in General.
async fn in_general(stage: &Stage) -> Value {
    stage.emulator.delivered().await;
    stage.emulator.conversation(dev::TEAM_ID).pop().expect("nothing in General").activity
}

fn hero(activity: &Value) -> &Value {
    assert_eq!(activity["attachments"][0]["contentType"], "application/vnd.microsoft.card.hero", "{activity}");
    &activity["attachments"][0]["content"]
}

#[tokio::test]
async fn whatever_else_is_said_gets_the_card_with_its_buttons() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let card = answer(&stage, "good morning").await.activity;
    let buttons = json!([
        {"type": "messageBack", "title": "Message all members", "text": "message all"},
        {"type": "messageBack", "title": "Who am I?", "text": "who am i"},
        {"type": "messageBack", "title": "Find me in a card", "text": "mention me"},
        {"type": "messageBack", "title": "Delete card", "text": "delete"},
        {"type": "messageBack", "title": "Update card", "text": "update", "value": {"count": 0}},
    ]);
    assert_eq!(*hero(&card), json!({"title": "Welcome!", "buttons": buttons}));
}

#[tokio::test]
async fn a_person_is_mentioned_in_text_and_in_a_card() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let ada = stage.person(0);
    let text = answer(&stage, "please mention").await.activity;
    assert_eq!(text["text"], "Hello <at>Ada Torres</at>.");
    let mentioned = json!({"id": ada.bots[0].member_id, "name": "Ada Torres"});
    assert_eq!(text["entities"], json!([{"type": "mention", "text": "<at>Ada Torres</at>", "mentioned": mentioned}]));

    let card = answer(&stage, "mention me").await.activity["attachments"][0]["content"].clone();
    let mentions = &card["msteams"]["entities"];
    assert_eq!(mentions[0]["mentioned"]["id"], json!(ada.user_principal_name));
    assert_eq!(mentions[1]["mentioned"]["id"], dev::ADA);
    for mention in mentions.as_array().unwrap() {
        let mark = mention["text"].as_str().unwrap();
        assert!(card["body"][0]["text"].as_str().unwrap().contains(mark), "{card}");
    }
}

#[tokio::test]
async fn it_knows_who_asks_from_the_roster() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let answer = answer(&stage, "Who am I?").await;
    assert_eq!(answer.activity["text"], "You are: Ada Torres.");
    let lookup = format!("GET conversations/{}/members/{}", answer.conversation_id, stage.person(0).bots[0].member_id);
    assert!(stage.lines().contains(&lookup), "{:?}", stage.lines());
}

#[tokio::test]
async fn what_needs_a_button_says_so_when_it_is_typed() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    for said in ["update", "delete"] {
        let answer = answer(&stage, said).await.activity;
        assert!(answer["text"].as_str().unwrap().starts_with("Press that button on a card"), "{answer}");
    }
}

#[tokio::test]
async fn every_member_of_the_team_is_messaged_and_the_thread_is_told_at_the_end() {
    let stage = Stage::start(60).await;
    let _bot = start(&stage).await;
    stage.actor(&stage.person(3).id).block();
    let question = stage.actor(dev::ADA).write_in_channel(dev::CHANNEL_ID, None, "message all, please").unwrap();
    stage.emulator.until(|emulator| emulator.conversation(dev::CHANNEL_ID).len() == 2).await;
    let done = stage.emulator.conversation(dev::CHANNEL_ID)[1].clone();
    assert_eq!(
        (done.activity["text"].as_str(), done.thread_root),
        (Some("All messages have been sent."), Some(question))
    );
    for person in stage.emulator.people() {
        let text = format!("Hello {}. I am a Teams conversation bot.", person.name);
        let reached = !person.guest && !person.bots[0].blocked;
        assert_eq!(stage.texts_to(&person.id), if reached { vec![text] } else { vec![] });
    }
}

#[tokio::test]
async fn an_installation_is_welcomed_once() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    stage.actor(dev::BORIS).install();
    stage.emulator.delivered().await;
    assert_eq!(stage.texts_to(dev::BORIS), ["Welcome! I show what a bot in Teams can do."]);
}

#[tokio::test]
async fn members_coming_and_going_are_told_in_the_team() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let boris = stage.actor(dev::BORIS);
    boris.leave(None).unwrap();
    assert_eq!(hero(&in_general(&stage).await)["text"], "Somebody was removed from the team");
    boris.join(None).unwrap();
    assert_eq!(in_general(&stage).await["text"], "Welcome to the team, Boris Lindqvist.");
}

#[tokio::test]
async fn channels_and_the_team_changing_are_told_in_the_team() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    stage.emulator.create_channel(dev::TEAM_ID, "Ballast").unwrap();
    assert_eq!(hero(&in_general(&stage).await)["text"], "Ballast is the channel created");
    stage.emulator.rename_team(dev::TEAM_ID, "Port Ops").unwrap();
    assert_eq!(hero(&in_general(&stage).await)["text"], "Port Ops is the new team name");
}

#[tokio::test]
async fn a_reaction_is_answered() {
    let stage = Stage::start(5).await;
    let _bot = start(&stage).await;
    let card = answer(&stage, "good morning").await;
    stage.actor(dev::ADA).react(None, &card.id, "heart").unwrap();
    assert_eq!(stage.texts(dev::ADA, 2).await[1], "You reacted with heart.");
}
